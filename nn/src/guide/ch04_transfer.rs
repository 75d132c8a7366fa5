//! # 4. Transfer functions
//!
//! The transfer function φ, also called the activation function, maps the weighted sum u of a unit to its output. It is chosen
//! for its range, for its derivative, and above all for not being linear. (The transfer function of a linear system is
//! something else.)
//!
//! | function | φ(u) | φ′(u) |
//! |---|---|---|
//! | step | 1 if u ≥ θ, else 0 | 0, and none at θ |
//! | linear | u | 1 |
//! | sigmoid | σ(u) = 1/(1 + e⁻ᵘ) | σ(u)·(1 − σ(u)) |
//! | tanh | tanh u | 1 − tanh² u |
//! | rectifier (ReLU) | max(0, u) | 1 if u > 0, 0 if u < 0 |
//!
//! The step serves as the last layer of a classifier with two classes. A linear unit with a bias is an affine map of its
//! inputs. The derivative of the sigmoid follows from its value at almost no cost. At 0, where the rectifier has a kink, its
//! derivative [counts as 0](autodiff::kinks). [`Transfer`](crate::Transfer) lists all functions of this crate.
#![doc = include_str!("pictures/transfer.html")]
//!
//! The derivative of the sigmoid is at most ¼, and it is close to 0 as soon as |u| exceeds 5. The rectifier has the derivative
//! 1 for every positive u. [Page 8](super::ch08_vanishing) shows what this means for deep networks. Hahnloser et al. (2000)
//! brought the rectifier into networks, on biological grounds; Glorot, Bordes and Bengio (2011) showed that deep networks
//! train better with it.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Transfer, TransferFunction};
//!
//! let u = Tensor::from([-5.0, 0.0, 5.0]);
//! println!(
//!     "σ  {:.4}  σ′ {:.4}",
//!     Transfer::Sigmoid.apply(&u),
//!     Transfer::Sigmoid.derivative(&u)
//! );
//! println!(
//!     "relu {:.4}  relu′ {:.4}",
//!     Transfer::Relu.apply(&u),
//!     Transfer::Relu.derivative(&u)
//! );
//! # assert_eq!(format!("{:.4}", Transfer::Sigmoid.apply(&u)), "[0.0067, 0.5000, 0.9933]");
//! # assert_eq!(format!("{:.4}", Transfer::Sigmoid.derivative(&u)), "[0.0066, 0.2500, 0.0066]");
//!
//! // The formulas agree with what the tape finds from the function alone.
//! let slopes = grad(&u, |u| u.sigmoid().sum());
//! assert!(slopes.approx(&Transfer::Sigmoid.derivative(&u), 1e-15).is_ok());
//! ```
//!
//! ```text
//! σ  [0.0067, 0.5000, 0.9933]  σ′ [0.0066, 0.2500, 0.0066]
//! relu [0.0000, 0.0000, 5.0000]  relu′ [0.0000, 0.0000, 1.0000]
//! ```
//!
//! ## Why linear layers collapse
//!
//! A composition of linear maps is linear: W²·(W¹·x + b¹) + b² = (W²W¹)·x + (W²b¹ + b²). A network with linear transfer
//! functions is therefore one layer, however deep it is. (Here and on the next pages, an upper index of W, b, z, a, f and δ is
//! the number of a layer, as in the textbook. It is no power.)
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let deep = Mlp::new(&[4, 8, 8, 3], Transfer::Linear, Init::GlorotUniform, rng);
//! let flat = deep.as_one_layer();
//! let x = Tensor::<f64>::normal([5, 4], 0.0, 1.0, rng);
//! assert!(flat.forward(&x).approx(&deep.forward(&x), 1e-13).is_ok());
//! ```
//!
//! ## What to try next
//!
//! **1.** The softmax, exp(uᵢ)/Σⱼ exp(uⱼ) for unit i, turns the sums of several units into probabilities. Show that adding a
//! constant to all of them changes nothing, and say why it helps to subtract the largest one first.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! let u = Tensor::from([1.0, 2.0, 4.0]);
//! assert!(u.softmax(-1).approx(&(u.clone() + 1.5).softmax(-1), 1e-15).is_ok());
//! assert_eq!((u + 1000.0).softmax(-1).sum().item(), 1.0); // e¹⁰⁰⁴ overflows, but eᵘ⁻ᵐᵃˣ does not
//! ```
//!
//! The factor eᶜ is in the numerator and in every term of the denominator, so it cancels. After subtracting the largest
//! element, every exponent is at most 0.
//!
//! </details>
//!
//! **2.** Write a transfer function of your own, x·σ(x), and compare its derivative with [`Transfer::Silu`](crate::Transfer).
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Transfer, TransferFunction};
//!
//! #[derive(Clone, Debug)]
//! struct Swish;
//! impl TransferFunction for Swish {
//!     fn apply<V: Value>(&self, u: &V) -> V {
//!         u.sigmoid() * u
//!     }
//! }
//!
//! let u = Tensor::<f64>::linspace(-4.0, 4.0, 9);
//! assert!(Swish.derivative(&u).approx(&Transfer::Silu.derivative(&u), 1e-15).is_ok());
//! ```
//!
//! `derivative` comes for free, from [dual numbers](autodiff::Dual), which carry a derivative along with their value.
//!
//! </details>
//!
//! Next: [gradient descent](super::ch05_descent).
