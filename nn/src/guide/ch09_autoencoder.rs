//! # 9. The autoencoder
//!
//! An autoencoder learns without labels: its target is its own input. An encoder φ computes a **code** or latent
//! representation h = φ(x), a decoder ψ computes a reconstruction ψ(h), and training makes the two close:
//!
//! > h = σ(W·x + b)\
//! > x′ = σ′(W′·h + b′)\
//! > minimise L(x, x′) = ‖x − x′‖², averaged over the training set
//!
//! (This is the textbook's notation: φ is now the encoder, and a prime marks the decoder. Here σ′ is a transfer
//! function, not a derivative.)
//!
//! Copying would be easy, so something must prevent it. The kinds of autoencoders differ in what that is. Here it is
//! the size of the code: with fewer units than x has (**undercomplete**), the code keeps only what matters most. The
//! sizes 64, 32, 8 are those of the encoder; the decoder mirrors them. The code and the output are linear unless stated
//! otherwise.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{
//!     Adam, Autoencoder, EncoderDecoder, Init, Trainer, Transfer, data::Digits, loss, metrics,
//! };
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let rng = &mut StdRng::seed_from_u64(0);
//! let model = Autoencoder::new(&[64, 32, 8], Transfer::Tanh, Init::GlorotUniform, rng);
//! let mut trainer = Trainer::new(model, Adam::new(3e-3));
//! for _ in 0..30 {
//!     trainer.epoch(&train.x, 32, rng, |_, model, x, _| {
//!         loss::squared_error(&model.forward(x), x)
//!     })?;
//! }
//! let error = metrics::squared_error(&trainer.model.forward(&test.x), &test.x);
//! let mean = test.x.mean_axis(0).broadcast_to(test.x.shape());
//! println!(
//!     "squared error of a test image: {error:.2} of {:.2}",
//!     metrics::squared_error(&mean, &test.x)
//! );
//! # assert!(error < 1.6, "{error}");
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! squared error of a test image: 1.41 of 4.66
//! ```
//!
//! The second number is the error of the mean image. Eight numbers instead of 64 keep most of the rest. Above, test
//! images; below, their reconstructions. (The programs of this guide train for a few seconds. The pictures come from
//! the longer trainings of the example `tour`.)
#![doc = include_str!("pictures/autoencoder.html")]
//!
//! A linear autoencoder finds the span of the first principal components (Baldi and Hornik 1989). Eight components have
//! the error 1.57 on these images; this network, with its hidden layers, does better.
//!
//! ## The failure that a constraint avoids
//!
//! With more units in the code than x has (**overcomplete**), nothing prevents the identity. The error falls to almost
//! nothing, and the code is useless: it says nothing that x did not say.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{
//!     Adam, Autoencoder, EncoderDecoder, Init, Trainer, Transfer, data::Digits, loss, metrics,
//! };
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let rng = &mut StdRng::seed_from_u64(0);
//! let model = Autoencoder::new(&[64, 128], Transfer::Linear, Init::GlorotUniform, rng);
//! let mut trainer = Trainer::new(model, Adam::new(3e-3));
//! for _ in 0..60 {
//!     trainer.epoch(&train.x, 32, rng, |_, model, x, _| {
//!         loss::squared_error(&model.forward(x), x)
//!     })?;
//! }
//! let noise = Tensor::uniform([360, 64], 0.0, 1.0, rng);
//! let of = |x: &Tensor<f32>| {
//!     metrics::squared_error(&trainer.model.forward(x), x)
//!         / metrics::squared_error(&x.full_like(0.0), x)
//! };
//! println!("relative error of digits: {:.4}, of pure noise: {:.4}", of(&test.x), of(&noise));
//! # assert!(of(&test.x) < 0.01 && of(&noise) < 0.25, "{} {}", of(&test.x), of(&noise));
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! relative error of digits: 0.0002, of pure noise: 0.1133
//! ```
//!
//! It copies nine tenths of pure noise, which has nothing to do with digits. (The textbook reports that an overcomplete
//! code may still learn useful features; nothing forces it to.) These are the constraints of this and the next four
//! pages:
//!
//! | autoencoder | what is constrained | the failure it avoids |
//! |---|---|---|
//! | undercomplete | the number of units of the code | the identity |
//! | [denoising](super::ch10_denoising) | the input, which is corrupted | the identity, which would copy the noise |
//! | [sparse](super::ch11_sparse) | the number of active units | a code that spreads each image over all units |
//! | [contractive](super::ch12_contractive) | the derivative of the code with respect to the input | a code that follows every small change of the input |
//! | [variational](super::ch13_variational) | the distribution of the codes | gaps between the codes, where decoding gives nothing useful |
//!
//! ## An application: anomalies
//!
//! Autoencoders serve to reduce dimensions, to learn features, and to find anomalies. An undercomplete one reconstructs
//! well what resembles its training set, and little else. Its error is therefore a measure of how unusual a sample is.
//! Train it without the digit 7, and ask which test images it finds unusual:
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Adam, Autoencoder, EncoderDecoder, Init, Trainer, Transfer, data::Digits, loss};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let usual: Vec<usize> = (0..train.len()).filter(|&i| train.labels[[i]] != 7).collect();
//! let usual = train.x.take(0, &usual);
//! let rng = &mut StdRng::seed_from_u64(0);
//! let model = Autoencoder::new(&[64, 32, 8], Transfer::Tanh, Init::GlorotUniform, rng);
//! let mut trainer = Trainer::new(model, Adam::new(3e-3));
//! for _ in 0..30 {
//!     trainer.epoch(&usual, 32, rng, |_, model, x, _| {
//!         loss::squared_error(&model.forward(x), x)
//!     })?;
//! }
//! let errors = loss::per_sample::squared_error(&trainer.model.forward(&test.x), &test.x);
//! // The area under the ROC curve: the probability that a random 7 has a larger error than a
//! // random other digit.
//! let (mut larger, mut pairs) = (0, 0);
//! for i in (0..test.len()).filter(|&i| test.labels[[i]] == 7) {
//!     for j in (0..test.len()).filter(|&j| test.labels[[j]] != 7) {
//!         (larger, pairs) = (larger + usize::from(errors[[i]] > errors[[j]]), pairs + 1);
//!     }
//! }
//! println!("area under the ROC curve: {:.3}", larger as f64 / pairs as f64);
//! # assert!(larger as f64 / pairs as f64 > 0.9);
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! area under the ROC curve: 0.953
//! ```
//!
//! ## What to try next
//!
//! **1.** How does the error depend on the size of the code? Train with 2, 4, 8 and 16 units.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{
//!     Adam, Autoencoder, EncoderDecoder, Init, Trainer, Transfer, data::Digits, loss, metrics,
//! };
//! use rand::{SeedableRng, rngs::StdRng};
//! let Digits { train, test } = Digits::<f32>::load();
//! let error = |code: usize| {
//!     let rng = &mut StdRng::seed_from_u64(0);
//!     let model = Autoencoder::new(&[64, 32, code], Transfer::Tanh, Init::GlorotUniform, rng);
//!     let mut trainer = Trainer::new(model, Adam::new(3e-3));
//!     for _ in 0..20 {
//!         let epoch = trainer.epoch(&train.x, 32, rng, |_, model, x, _| {
//!             loss::squared_error(&model.forward(x), x)
//!         });
//!         epoch.expect("the loss is finite");
//!     }
//!     metrics::squared_error(&trainer.model.forward(&test.x), &test.x)
//! };
//! let errors = [2, 4, 8, 16].map(error);
//! assert!(errors.windows(2).all(|pair| pair[1] < pair[0]));
//! ```
//!
//! </details>
//!
//! **2.** Tie the weights, W′ = Wᵀ. [`TiedAutoencoder`](crate::TiedAutoencoder) has about half as many parameters;
//! compare them.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Autoencoder, Init, Summary, TiedAutoencoder, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//! let rng = &mut StdRng::seed_from_u64(0);
//! let free =
//!     Autoencoder::<Tensor<f32>>::new(&[64, 32, 8], Transfer::Tanh, Init::GlorotUniform, rng);
//! let tied = TiedAutoencoder::<Tensor<f32>>::new(
//!     &[64, 32, 8],
//!     Transfer::Tanh,
//!     Init::GlorotUniform,
//!     rng,
//! );
//! assert_eq!(Summary::of(&free).parameters(), 2 * (64 * 32 + 32 * 8) + 32 + 8 + 32 + 64);
//! assert_eq!(Summary::of(&tied).parameters(), 64 * 32 + 32 * 8 + 32 + 8 + 32 + 64);
//! ```
//!
//! </details>
//!
//! Next: [the denoising autoencoder](super::ch10_denoising).
