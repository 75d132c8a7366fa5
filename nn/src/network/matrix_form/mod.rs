//! Backpropagation by matrices, as the textbook derives it: the reference for the tape.
//!
//! No tape is used: the derivatives of the transfer functions ([`Transfer::pull`](crate::Transfer::pull)) and the
//! gradients of the costs are written out.
//!
//! With weighted inputs zˡ = Wˡ·aˡ⁻¹ + bˡ, activations aˡ = fˡ(zˡ) and a⁰ = x:
//!
//! - δᴸ = (fᴸ)′ ∘ ∇ₐC, the error at the output,
//! - δˡ⁻¹ = (fˡ⁻¹)′ ∘ (Wˡ)ᵀ·δˡ, from right to left, a vector times a matrix at each step,
//! - ∇C by Wˡ = δˡ·(aˡ⁻¹)ᵀ, and by bˡ it is δˡ.
//!
//! These are columns, for one sample. Here samples are rows, so δˡ is \[n, units\], products are transposed, and the
//! products for ∇W sum over the batch. (Rumelhart, Hinton and Williams 1986; in matrices, Nielsen 2015, chapter 2.)
//!
//! [`naive`] computes the same by products from the left, and [`multiplications`] counts the cost of both. [`compare`]
//! compares the matrix form with the tape, for any network.

mod compare;
mod naive;
mod recursion;

pub use compare::{Comparison, Difference, compare};
pub use naive::{Multiplications, multiplications, naive};
pub use recursion::{Activations, backward, cross_entropy_gradient, forward, squared_error_gradient};
