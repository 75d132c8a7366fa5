//! # 12. The contractive autoencoder
//!
//! **What is constrained:** how fast the code changes with the input. The penalty is the squared Frobenius norm of the
//! Jacobian J of the code h with respect to the input, averaged over the training images (Rifai et al. 2011):
//!
//! > minimise L(x, x′) + λ·Σⱼ ‖∇ₓhⱼ‖² = L(x, x′) + λ·‖J(x)‖²
//!
//! A small change of the image then changes the code little, except in the directions that the reconstruction needs:
//! from one likely image to another. This loss **contains a derivative**, and training differentiates it again. A
//! library of first order stops here. On the tape, the Jacobian is a value like any other. `tape.constant` puts the
//! images on the tape, so that `batch_jacobian` can name them; the trainer asks for derivatives with respect to the
//! weights alone.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::contractive;
//! use nn::{
//!     Adam, EncoderDecoder, Init, TiedAutoencoder, Trainer, Transfer, data::Digits, loss,
//! };
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let contraction = |lambda: f64| {
//!     let rng = &mut StdRng::seed_from_u64(0);
//!     let model =
//!         TiedAutoencoder::new(&[64, 32], Transfer::Sigmoid, Init::GlorotUniform, rng)
//!             .with_code(Transfer::Sigmoid);
//!     let mut trainer = Trainer::new(model, Adam::new(1e-2));
//!     for _ in 0..10 {
//!         let epoch = trainer.epoch(&train.x, 32, rng, |tape, model, x, _| {
//!             let x = tape.constant(x.clone());
//!             let h = model.encode(&x);
//!             let jacobians = h.batch_jacobian(x); // ∂hᵢ/∂xᵢ of every image, recorded
//!             let penalty = jacobians.square().sum() / x.shape()[0] as f64;
//!             loss::binary_cross_entropy(&model.decode(&h), &x) + penalty * lambda
//!         });
//!         epoch.expect("the loss is finite");
//!     }
//!     contractive::layered(&trainer.model.encoder, &test.x).item()
//! };
//! let (without, with) = (contraction(0.0), contraction(0.1));
//! println!("‖J‖² of a test image: {without:.1} without the penalty, {with:.1} with it");
//! # assert!(with < 0.75 * without, "{without} {with}");
//! ```
//!
//! ```text
//! ‖J‖² of a test image: 18.5 without the penalty, 12.2 with it
//! ```
//!
//! ## When is it worth its cost?
//!
//! It is worth it if the code must not change with small disturbances of x whose kind you do not know, and if it is
//! cheap. For one layer, the penalty has a closed form, Σⱼ f′(zⱼ)²·‖Wⱼ‖² with the rows Wⱼ of W, which costs no more
//! than the layer: use it freely. For several layers of an [`Mlp`](crate::Mlp),
//! [`layered`](crate::autoencoder::contractive::layered) multiplies Jacobians, with a row for each unit of the code.
//! For **any** other encoder, the nested derivative above works unchanged, and costs a backward pass for each unit of
//! the code: use it for small codes. For large ones, estimate it (exercise 2), or train with a little noise instead: it
//! costs almost nothing, and makes the whole reconstruction insensitive to small changes, as the next section shows.
//!
//! What it buys, on the digits with a code of 128 units and λ = 0.1 (the tour): ‖J‖² falls from 86 to 12 and the
//! cross-entropy rises from 14.5 to 15.5, while a linear classifier reads the codes as well as before. A step on two
//! cores takes 0.12 ms by the closed form and 16 ms nested for one layer 784-128; for 784-256-32, it takes 2.4 ms by
//! layers and 8 ms nested.
//!
//! All exact methods give the same number, and the same gradient:
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::contractive::{Method, penalty};
//! use nn::{Init, Mlp, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let encoder = Mlp::new(&[6, 5, 3], Transfer::Tanh, Init::GlorotUniform, rng);
//! let x = Tensor::<f64>::normal([4, 6], 0.0, 1.0, rng);
//! let nested = value_and_grad(&encoder, |tape, encoder| {
//!     penalty(&encoder, tape.constant(x.clone()), Method::Nested)
//! });
//! let layered = value_and_grad(&encoder, |tape, encoder| {
//!     penalty(&encoder, tape.constant(x.clone()), Method::Layered)
//! });
//! assert!(nested.0.approx(&layered.0, 1e-13).is_ok());
//! assert!(nested.1.layers[0].weight.approx(&layered.1.layers[0].weight, 1e-12).is_ok());
//! ```
//!
//! ## The limit of small noise
//!
//! Denoising and contraction are relatives. Train with Gaussian noise of a small deviation σ: to order σ², the noise
//! adds a contractive penalty on the whole reconstruction r = ψ∘φ (Alain and Bengio 2014). It also adds a term with the
//! Laplacian Δr, the curvature of r, which vanishes as the reconstruction becomes exact:
//!
//! > E‖r(x + ε) − x‖² = ‖r(x) − x‖² + σ²·[‖J_r(x)‖² + (r(x) − x)ᵀ·Δr(x)] + O(σ⁴)
//!
//! So a denoising autoencoder makes the reconstruction resist small but finite noise, and a contractive one makes the
//! code h resist infinitesimal changes. [`small_noise::measure`](crate::autoencoder::small_noise::measure) compares
//! both sides, divided by σ²:
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::small_noise::measure;
//! use nn::{Init, Mlp, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let r = Mlp::new(&[8, 16, 8], Transfer::Tanh, Init::GlorotUniform, rng);
//! let x = Tensor::<f64>::uniform([20, 8], 0.0, 1.0, rng);
//! let found = measure(&x, 1e-3, 500, rng, |x| {
//!     let r = x.tape().constants(&r); // the network, on the tape of x
//!     r.forward(&x)
//! });
//! println!(
//!     "the noise adds {:.2}; predicted: {:.2} {:+.2}",
//!     found.excess, found.contraction, found.curvature
//! );
//! # assert!((found.excess / (found.contraction + found.curvature) - 1.0).abs() < 0.05);
//! ```
//!
//! ```text
//! the noise adds 3.19; predicted: 6.42 -3.31
//! ```
//!
//! ## What to try next
//!
//! **1.** A popular shortcut differentiates the *sum* of the code with respect to x, with one backward pass. Show that
//! it is another quantity.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! let tape = Tape::new();
//! let x = tape.variable(Tensor::from([[1.0, 2.0]]));
//! let w = tape.constant(Tensor::from([[3.0, 0.0], [-3.0, 0.0]]));
//! let h = x.matmul_t(&w); // two units that respond in opposite ways
//! let exact = h.batch_jacobian(x).square().sum();
//! let [shortcut] = h.sum().grad([x]);
//! assert_eq!((exact.value().item(), shortcut.square().sum().value().item()), (18.0, 0.0));
//! ```
//!
//! Derivatives of different signs cancel in the sum.
//!
//! </details>
//!
//! **2.** Estimate the penalty of a large code from random directions v: E‖vᵀ·J‖² = ‖J‖² for random signs (Hutchinson
//! 1990). How many directions bring the error below 10 %?
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::contractive::{Method, penalty};
//! use nn::{Init, Mlp, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//! let rng = &mut StdRng::seed_from_u64(0);
//! let encoder = Mlp::new(&[64, 128], Transfer::Sigmoid, Init::GlorotUniform, rng);
//! let x = Tensor::<f64>::uniform([50, 64], 0.0, 1.0, rng);
//! let tape = Tape::new();
//! let (encoder, x) = (tape.constants(&encoder), tape.constant(x));
//! let exact = penalty(&encoder, x, Method::Exact).value().item();
//! let estimate = penalty(&encoder, x, Method::Hutchinson { probes: 4, rng }).value().item();
//! assert!((estimate / exact - 1.0).abs() < 0.1); // four: the mean over 50 images helps
//! ```
//!
//! </details>
//!
//! Next: [the variational autoencoder](super::ch13_variational).
