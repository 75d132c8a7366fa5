//! # 10. The denoising autoencoder
//!
//! **What is constrained:** the input. The network sees a corrupted x̃, drawn anew each time, and must reconstruct the clean x:
//!
//! > x̃ ~ q_D(x̃|x)\
//! > minimise L(x, z) with z = ψ(φ(x̃)), for example ‖x − z‖²
//!
//! To repair x̃, the network must learn what x usually looks like (Vincent et al. 2008), and a good code should hardly depend
//! on the corruption. The identity is a bad solution now, because it would copy the noise. So the code may have more units
//! than x has. [`Corruption`](crate::autoencoder::denoising::Corruption) offers the textbook's three kinds: Gaussian noise,
//! masking, and salt-and-pepper noise. `with_code` gives the code a transfer function.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::denoising::Corruption;
//! use nn::{
//!     Adam, Autoencoder, EncoderDecoder, Init, Trainer, Transfer, data::Digits, loss, metrics,
//! };
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let rng = &mut StdRng::seed_from_u64(0);
//! let noise = Corruption::Gaussian(0.3);
//! let model = Autoencoder::new(&[64, 128], Transfer::Sigmoid, Init::GlorotUniform, rng)
//!     .with_code(Transfer::Sigmoid);
//! let mut trainer = Trainer::new(model, Adam::new(1e-2));
//! for _ in 0..30 {
//!     trainer.epoch(&train.x, 32, rng, |_, model, x, rng| {
//!         let corrupted = noise.apply(x, rng).x;
//!         loss::binary_cross_entropy(&model.forward(&corrupted), x) // the target is clean
//!     })?;
//! }
//! let noisy = noise.apply(&test.x, rng).x;
//! let repaired = trainer.model.forward(&noisy).sigmoid();
//! let (before, after) =
//!     (metrics::squared_error(&noisy, &test.x), metrics::squared_error(&repaired, &test.x));
//! println!("squared error before: {before:.2}, after: {after:.2}");
//! # assert!(before > 5.0 && after < 1.4, "{before} {after}");
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! squared error before: 5.78, after: 1.18
//! ```
//!
//! From top to bottom: clean test images, the same with noise, and repaired:
#![doc = include_str!("pictures/denoising.html")]
//!
//! The loss is the cross-entropy, because pixels lie between 0 and 1; the output holds logits, so the image is their sigmoid.
//! Corruption happens in training only. Nothing is corrupted afterwards, unless you want something repaired, as here.
//!
//! ## What to try next
//!
//! **1.** Masking sets a share of the pixels to 0. Train with `Corruption::Masking(0.25)`, and count the error on the masked
//! pixels only: [`Emphasis`](crate::autoencoder::denoising::Emphasis) weighs them.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::denoising::{Corruption, Emphasis};
//! use nn::{Adam, Autoencoder, EncoderDecoder, Init, Trainer, Transfer, data::Digits};
//! use rand::{SeedableRng, rngs::StdRng};
//! let Digits { train, .. } = Digits::<f32>::load();
//! let rng = &mut StdRng::seed_from_u64(0);
//! let model = Autoencoder::new(&[64, 128], Transfer::Sigmoid, Init::GlorotUniform, rng)
//!     .with_code(Transfer::Sigmoid);
//! let mut trainer = Trainer::new(model, Adam::new(1e-2));
//! let mut losses = Vec::new();
//! for _ in 0..10 {
//!     let epoch = trainer.epoch(&train.x, 32, rng, |_, model, x, rng| {
//!         let corrupted = Corruption::Masking(0.25).apply(x, rng);
//!         let emphasis = Emphasis { corrupted: 1.0, clean: 0.0 };
//!         emphasis.binary_cross_entropy(&model.forward(&corrupted.x), x, &corrupted.chosen)
//!     })?;
//!     losses.push(epoch.total);
//! }
//! assert!(losses[9] < 0.9 * losses[0]);
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! </details>
//!
//! **2.** The best *linear* filter for this noise has the error 1.48 on the test images. Why can a network beat it?
//!
//! <details><summary>Solution</summary>
//!
//! A linear filter treats all images alike: it shrinks each principal component by a fixed factor. The network can first
//! find out which digit it probably sees, and then use what it knows about that digit: its response depends on the image. That
//! is the [non-linear function](super::ch04_transfer) at work.
//!
//! </details>
//!
//! Next: [the sparse autoencoder](super::ch11_sparse).
