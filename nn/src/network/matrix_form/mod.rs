//! Backpropagation by matrices, as the chapter derives it in section 3.5: the reference for the tape.
//!
//! No tape is used: the derivatives of the transfer functions ([`pull`](crate::TransferFunction::pull)) and the
//! gradients of the costs are written out.
//!
//! The forward pass computes the weighted inputs zˡ = Wˡ·aˡ⁻¹ + bˡ and the activations aˡ = fˡ(zˡ), with a⁰ = x. The
//! backward pass computes the error δˡ of each layer, which is the gradient ∂C/∂zˡ:
//!
//! | the chapter | here, layer l at index l − 1 |
//! |---|---|
//! | zˡ, aˡ | [`Activations::z`], [`Activations::a`] (a⁰ at index 0) |
//! | δᴸ = (fᴸ)′ ∘ ∇ₐC, at the output | the last of [`Gradients::delta`] |
//! | δˡ⁻¹ = (fˡ⁻¹)′ ∘ (Wˡ)ᵀ·δˡ, from right to left, a vector times a matrix at each step | [`Gradients::delta`] |
//! | ∇Wˡ = δˡ·(aˡ⁻¹)ᵀ and ∇bˡ = δˡ | [`Gradients::nabla`]: `layers[l − 1].weight` and `layers[l − 1].bias` |
//! | ∇ₓC = (W¹)ᵀ·δ¹ | [`Gradients::nabla_x`] |
//!
//! These are columns, for one sample. In a batch, samples are rows, so δˡ is \[n, units\], products are transposed, and
//! the products for ∇W sum over the batch. (Rumelhart, Hinton and Williams 1986; in matrices, Nielsen 2015, chapter 2.)
//!
//! [`naive`] computes the same by products from the left, and [`multiplications`] counts the cost of both. [`compare`]
//! compares the matrix form with the tape, for any network.

mod compare;
mod naive;
mod recursion;

pub use compare::{Comparison, Difference, compare};
pub use naive::{Multiplications, multiplications, naive};
pub use recursion::{Activations, Gradients, backward, cross_entropy_gradient, forward, squared_error_gradient};
