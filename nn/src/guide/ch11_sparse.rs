//! # 11. The sparse autoencoder
//!
//! **What is constrained:** how many units of the code are active. The code may have many units, but each image may use
//! only a few of them, so each unit stands for something particular. The penalty Ω(h) is added to the loss:
//!
//! > minimise L(x, x′) + Ω(h)
//!
//! ## By the Kullback–Leibler divergence
//!
//! Let ρ̂ⱼ = (1/m)·Σᵢ hⱼ(xᵢ) be the mean activity of unit j, over the m samples of the batch (the textbook: of the
//! training set). Let ρ be a small target such as 0.05, and β the weight of the penalty. KL is the divergence between
//! two Bernoulli variables, with the means ρ and ρ̂ⱼ:
//!
//! > Ω = β·Σⱼ KL(ρ‖ρ̂ⱼ) = β·Σⱼ [ρ·ln(ρ/ρ̂ⱼ) + (1 − ρ)·ln((1 − ρ)/(1 − ρ̂ⱼ))]
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::sparse;
//! use nn::{Adam, Autoencoder, EncoderDecoder, Init, Trainer, Transfer, data::Digits, loss};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let active = |beta: f64| {
//!     let rng = &mut StdRng::seed_from_u64(0);
//!     let model = Autoencoder::new(&[64, 128], Transfer::Sigmoid, Init::GlorotUniform, rng)
//!         .with_code(Transfer::Sigmoid);
//!     let mut trainer = Trainer::new(model, Adam::new(1e-2));
//!     for _ in 0..20 {
//!         let epoch = trainer.epoch(&train.x, 100, rng, |_, model, x, _| {
//!             let z = model.code_logits(x); // from logits, so that the penalty stays finite
//!             let penalty = sparse::kl_divergence(&z, 0.05, Transfer::Sigmoid) * beta;
//!             loss::squared_error(&model.decode(&z.sigmoid()), x) + penalty
//!         });
//!         epoch.expect("the loss is finite");
//!     }
//!     sparse::active_share(&trainer.model.encode(&test.x), 0.1)
//! };
//! let (without, with) = (active(0.0), active(3.0));
//! println!("share of active units: {without:.2} without the penalty, {with:.2} with it");
//! # assert!(without > 0.6 && with < 0.2, "{without} {with}");
//! ```
//!
//! ```text
//! share of active units: 1.00 without the penalty, 0.07 with it
//! ```
//!
//! A unit counts as active above 0.1. Each picture below shows the weights of one unit, orange for excitatory and blue
//! for inhibitory. Most weights inhibit, and a few pixels excite: such a unit answers to particular images only.
#![doc = include_str!("pictures/sparse.html")]
//!
//! ## By the k largest
//!
//! The k-sparse autoencoder (Makhzani and Frey 2014) imposes sparsity directly: of the linear code z = W·x + b, the k
//! largest elements stay, the others become 0, and the reconstruction is Wᵀ·h + c, with tied weights. The k largest are
//! found by sorting, or by thresholds that are adjusted until k elements exceed them:
//! [`Selection`](crate::autoencoder::k_sparse::Selection).
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::k_sparse::{KSparse, Selection};
//! use nn::{Adam, Init, Trainer, data::Digits, loss, metrics};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let rng = &mut StdRng::seed_from_u64(0);
//! let mut trainer =
//!     Trainer::new(KSparse::new(64, 128, Init::GlorotUniform, rng), Adam::new(3e-3));
//! for _ in 0..20 {
//!     trainer.epoch(&train.x, 32, rng, |_, model, x, _| {
//!         loss::squared_error(&model.forward(x, 16, Selection::Sorting), x)
//!     })?;
//! }
//! let error = |k| {
//!     metrics::squared_error(&trainer.model.forward(&test.x, k, Selection::Sorting), &test.x)
//! };
//! println!("squared error with k = 16: {:.2}, with k = 4: {:.2}", error(16), error(4));
//! # assert!(error(16) < 0.9 && error(4) > error(16), "{} {}", error(16), error(4));
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! squared error with k = 16: 0.47, with k = 4: 3.65
//! ```
//!
//! ## What to try next
//!
//! **1.** L1 and L2 are penalties as well: λ·Σⱼ|hⱼ| and λ·Σⱼhⱼ². Which of them drives activities to exactly 0, and
//! which only shrinks them?
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::sparse;
//! // The derivative of |h| is the same for small h and for large ones; that of h² fades with h.
//! let h = Tensor::from([[0.001, 1.0]]);
//! assert_eq!(grad(&h, |h| sparse::l1(&h)).to_vec(), [1.0, 1.0]);
//! assert_eq!(grad(&h, |h| sparse::l2(&h)).to_vec(), [0.002, 2.0]);
//! ```
//!
//! L1 pushes a small activity to 0 as hard as a large one. L2 hardly pushes small activities at all.
//!
//! </details>
//!
//! **2.** Why is the mean over the batch taken *before* the divergence, and not after?
//!
//! <details><summary>Solution</summary>
//!
//! A unit that is fully active for one image in twenty has ρ̂ = 0.05, which is exactly the target, so its penalty is 0.
//! It may be a perfect detector of something rare. If each image were penalised by itself, full activity would always
//! be expensive, and every unit would settle at a constant 0.05, which says nothing.
//!
//! </details>
//!
//! Next: [the contractive autoencoder](super::ch12_contractive).
