//! # 8. Vanishing gradients
//!
//! The recursion of δ multiplies by (fˡ)′ at every layer. The derivative of a sigmoid is at most ¼. So, unless the
//! weights are large, δ shrinks by a factor at each layer on its way back, and the first layers of a deep network
//! hardly learn. This is the vanishing gradient (Hochreiter 1991; Bengio, Simard and Frasconi 1994). The rectifier has
//! the derivative 1 where it is active, which does not shrink anything.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{
//!     Init, Mlp, Transfer,
//!     data::{Digits, Samples},
//!     loss, matrix_form,
//! };
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Samples { x, labels } = Digits::<f64>::load().test;
//! for (transfer, init) in
//!     [(Transfer::Sigmoid, Init::GlorotNormal), (Transfer::Relu, Init::HeNormal)]
//! {
//!     let rng = &mut StdRng::seed_from_u64(0);
//!     let mlp = Mlp::new(&[64, 32, 32, 32, 32, 32, 32, 10], transfer, init, rng);
//!     let kept = matrix_form::forward(&mlp, &x);
//!     let cost = grad(kept.output(), |logits| loss::cross_entropy(&logits, &labels));
//!     let norms: Vec<f64> = matrix_form::backward(&mlp, &kept, &cost)
//!         .delta
//!         .iter()
//!         .map(|d| d.norm().item())
//!         .collect();
//!     println!(
//!         "{transfer:?}: ‖δ¹‖ = {:.1e}, ‖δ⁴‖ = {:.1e}, ‖δ⁷‖ = {:.1e}",
//!         norms[0], norms[3], norms[6]
//!     );
//! #   let ratio = norms[0] / norms[6];
//! #   assert!(if transfer == Transfer::Relu { ratio > 0.2 } else { ratio < 1e-3 }, "{ratio}");
//! }
//! ```
//!
//! ```text
//! Sigmoid: ‖δ¹‖ = 8.3e-6, ‖δ⁴‖ = 7.1e-4, ‖δ⁷‖ = 5.0e-2
//! Relu: ‖δ¹‖ = 5.5e-2, ‖δ⁴‖ = 4.7e-2, ‖δ⁷‖ = 5.1e-2
//! ```
//!
//! ## A deep network trained with both
//!
//! The same network, six hidden layers deep, with the same optimiser and the same number of steps:
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Sgd, Trainer, Transfer, data::Digits, loss, metrics};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let accuracy = |transfer, init| {
//!     let rng = &mut StdRng::seed_from_u64(0);
//!     let mlp = Mlp::new(&[64, 32, 32, 32, 32, 32, 32, 10], transfer, init, rng);
//!     let mut trainer = Trainer::new(mlp, Sgd::new(0.1));
//!     for _ in 0..15 {
//!         let epoch = trainer.epoch(&train, 32, rng, |_, mlp, batch, _| {
//!             loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
//!         });
//!         epoch.expect("the loss is finite");
//!     }
//!     metrics::accuracy(&trainer.model.forward(&test.x), &test.labels)
//! };
//! let sigmoid = accuracy(Transfer::Sigmoid, Init::GlorotNormal);
//! let relu = accuracy(Transfer::Relu, Init::HeNormal);
//! println!("sigmoid: {sigmoid:.3}\nReLU:    {relu:.3}");
//! # assert!(sigmoid < 0.2 && relu > 0.93);
//! ```
//!
//! ```text
//! sigmoid: 0.078
//! ReLU:    0.956
//! ```
//!
//! A tenth is what guessing gets right. The curves show the training cost of each of 25 epochs, on a logarithmic scale.
//! The sigmoid network stays where it began. The cost of the other falls by three powers of ten, with setbacks where a
//! step was [too large](super::ch05_descent#the-step-size), the largest at epoch 18.
#![doc = include_str!("pictures/vanishing.html")]
//!
//! ## What to try next
//!
//! **1.** Is it the sigmoid's slope of at most ¼, or its mean output of ½? Compare σ(u) − ½, which has the same slope,
//! with tanh, which has neither.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{
//!     Init, Mixed, Mlp, Transfer, TransferFunction,
//!     data::{Digits, Samples},
//!     loss, matrix_form,
//! };
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! #[derive(Clone, Debug)]
//! struct Centred;
//! impl TransferFunction for Centred {
//!     fn apply<V: Value>(&self, u: &V) -> V {
//!         u.sigmoid() - 0.5
//!     }
//! }
//!
//! let Samples { x, labels } = Digits::<f64>::load().test;
//! let first_to_last = |transfer: Mixed<Centred>| {
//!     let mlp = Mlp::new(
//!         &[64, 32, 32, 32, 32, 32, 32, 10],
//!         transfer,
//!         Init::GlorotNormal,
//!         &mut StdRng::seed_from_u64(0),
//!     );
//!     let kept = matrix_form::forward(&mlp, &x);
//!     let cost = grad(kept.output(), |logits| loss::cross_entropy(&logits, &labels));
//!     let delta = matrix_form::backward(&mlp, &kept, &cost).delta;
//!     delta[0].norm().item() / delta[6].norm().item()
//! };
//! assert!(first_to_last(Mixed::Own(Centred)) < 1e-3);
//! assert!(first_to_last(Transfer::Tanh.into()) > 0.1);
//! ```
//!
//! It is the slope. The slope of tanh at 0 is 1, and Glorot and Bengio (2010) chose the size of the initial weights for
//! exactly this case.
//!
//! </details>
//!
//! **2.** Stack sigmoid layers one by one: train the first as an autoencoder, then the second on its code, and so on (Bengio
//! et al. 2007).
//!
//! <details><summary>Solution</summary>
//!
//! [`stacked::pretrain`](crate::autoencoder::stacked::pretrain) does it; its documentation has the program. Each stage is a
//! network of two layers, so its gradients do not vanish.
//!
//! </details>
//!
//! Next: [autoencoders](super::ch09_autoencoder).
