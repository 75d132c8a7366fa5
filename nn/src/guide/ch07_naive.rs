//! # 7. The naive product and its cost
//!
//! Written out, δˡ, the derivative of the cost with respect to zˡ, is a product of matrices. (The product ∘ with (fˡ)′
//! is one with a diagonal matrix.) Multiplication is associative, so the order in which the product is evaluated does
//! not change the result:
//!
//! > δˡ = (fˡ)′ ∘ (Wˡ⁺¹)ᵀ · (fˡ⁺¹)′ ∘ … ∘ (Wᴸ)ᵀ · (fᴸ)′ ∘ ∇ₐC
//!
//! The order decides the cost. From the right, each step multiplies a matrix by a **vector**, and δˡ⁻¹ reuses δˡ. That
//! is backpropagation. From the left, each step multiplies a matrix by a **matrix**: it computes how each unit of layer
//! l changes each unit above, which is not needed. And it starts again for each layer.
//! [`naive`](crate::matrix_form::naive) does the latter, for contrast.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer, matrix_form};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let network = Mlp::new(&[64, 32, 32, 10], Transfer::Tanh, Init::GlorotUniform, rng);
//! let x = Tensor::<f64>::normal([64], 0.0, 1.0, rng);
//! let kept = matrix_form::forward(&network, &x);
//! let cost = matrix_form::squared_error_gradient(kept.output(), &Tensor::zeros([10]));
//!
//! let back = matrix_form::backward(&network, &kept, &cost);
//! let naive = matrix_form::naive(&network, &kept, &cost);
//! assert!(back.delta[0].approx(&naive.delta[0], 1e-13).is_ok()); // the same numbers
//! println!("{}", matrix_form::multiplications(&network));
//! # assert_eq!(matrix_form::multiplications(&network), matrix_form::Multiplications { backward: 4800, naive: 60452 });
//! ```
//!
//! ```text
//! multiplications for a sample: 4800 in the backward pass, 60452 by forward products (12.6 times)
//! ```
//!
//! With n units in each of L layers, backpropagation takes about 2Ln² multiplications, twice those of the forward pass.
//! The naive product takes about ½L²n³.
//!
//! ## The same choice in general: reverse and forward mode
//!
//! Automatic differentiation has the same two orders for programs of every kind. **Reverse mode** multiplies from the
//! output back, and one pass gives the derivatives of one output by all inputs. **Forward mode** multiplies from the
//! input on, and one pass gives the derivatives of all outputs along one direction. A loss has one output and many
//! inputs, so it asks for reverse mode. A curve has one input and many outputs, so it asks for forward mode. Here both
//! run on the same record.
//!
//! ```
//! use autodiff::prelude::*;
//!
//! let x = Tensor::from([0.5, -1.0, 2.0]);
//! let f = function_of(&x, |x| x.exp() * x.sin().sum()); // three inputs, three outputs
//! let by_rows = jacobian_by(Mode::Reverse, &x, f); // a backward pass for each output
//! let by_columns = jacobian_by(Mode::Forward, &x, f); // a forward pass for each input
//! assert!(by_rows.approx(&by_columns, 1e-14).is_ok());
//! ```
//!
//! ## What to try next
//!
//! **1.** How does the ratio of the two counts grow with the depth? Count for 2, 4, 8 and 16 layers of 32 units.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::Tensor;
//! use nn::{Init, Mlp, Transfer, matrix_form};
//! use rand::{SeedableRng, rngs::StdRng};
//! let ratio = |layers: usize| {
//!     let sizes = vec![32; layers + 1];
//!     let mlp = Mlp::<Tensor<f64>>::new(
//!         &sizes,
//!         Transfer::Tanh,
//!         Init::GlorotUniform,
//!         &mut StdRng::seed_from_u64(0),
//!     );
//!     let counted = matrix_form::multiplications(&mlp);
//!     counted.naive as f64 / counted.backward as f64
//! };
//! let ratios = [2, 4, 8, 16].map(ratio);
//! assert!(ratios.windows(2).all(|pair| pair[1] > 1.4 * pair[0])); // it grows with L·n/4
//! ```
//!
//! </details>
//!
//! **2.** [`compare`](crate::matrix_form::compare()) puts the matrix form beside the tape. Run it with a loss of your
//! own.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer, matrix_form};
//! use rand::{SeedableRng, rngs::StdRng};
//! let rng = &mut StdRng::seed_from_u64(0);
//! let mlp = Mlp::new(&[4, 8, 3], Transfer::Sigmoid, Init::GlorotUniform, rng);
//! let x = Tensor::<f64>::normal([5, 4], 0.0, 1.0, rng);
//! let comparison = matrix_form::compare(&mlp, &x, |y| (y.powi(4).sum() + 1.0).ln());
//! println!("{comparison}"); // weights, biases, δ and ∇ₓC of every layer
//! assert!(comparison.worst() < 1e-12);
//! ```
//!
//! </details>
//!
//! Next: [vanishing gradients](super::ch08_vanishing).
