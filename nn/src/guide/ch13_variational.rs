//! # 13. The variational autoencoder
//!
//! **What is constrained:** the distribution of the codes. The encoder gives, for each x, a normal distribution q(z|x)
//! with mean μ and variance σ², and the decoder a distribution p(x|z). The prior p(z) is the standard normal. So the
//! model of the data is a mixture over all codes:
//!
//! > p(x) = ∫ p(x, z) dz = ∫ p(x|z)·p(z) dz
//!
//! (The textbook writes p_θ, with the parameters θ of the network.) The integral cannot be computed, so training
//! maximises a lower bound of ln p(x), the evidence lower bound or ELBO (Kingma and Welling 2014):
//!
//! > ln p(x) ≥ E_q ln p(x|z) − KL(q(z|x) ‖ p(z))
//!
//! The first term is the reconstruction. The second keeps the codes near the prior, and has a closed form:
//!
//! > KL = ½·Σⱼ (μⱼ² + σⱼ² − ln σⱼ² − 1)
//!
//! Expectations are estimated by samples z = μ + σ·ε with a standard normal ε. Since ε is drawn outside, z is a
//! differentiable function of μ and σ: the reparametrisation trick.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::variational::{Likelihood, Variational};
//! use nn::{Adam, Init, Trainer, Transfer, data::Digits};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let Digits { train, test } = Digits::<f32>::load();
//! let rng = &mut StdRng::seed_from_u64(0);
//! let model = Variational::new(
//!     &[64, 64, 8],
//!     Likelihood::Bernoulli,
//!     Transfer::Tanh,
//!     Init::GlorotUniform,
//!     rng,
//! );
//! let mut trainer = Trainer::new(model, Adam::new(3e-3));
//! for _ in 0..30 {
//!     trainer.epoch(&train.x, 32, rng, |_, model, x, rng| {
//!         let noise = Tensor::normal([x.shape()[0], 8], 0.0, 1.0, rng);
//!         model.elbo(x, &noise).loss(1.0, 0.0) // −ELBO: KL with weight 1, no free bits
//!     })?;
//! }
//! let noise = Tensor::normal([360, 8], 0.0, 1.0, rng);
//! let elbo = trainer.model.elbo(&test.x, &noise);
//! let (reconstruction, kl) =
//!     (elbo.reconstruction.mean().item(), elbo.kl.sum_axis(-1).mean().item());
//! println!(
//!     "−ELBO of a test image: {:.2} nats = {reconstruction:.2} + {kl:.2}",
//!     reconstruction + kl
//! );
//! # assert!(reconstruction + kl < 27.0, "{reconstruction} {kl}");
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! ```text
//! −ELBO of a test image: 24.95 nats = 21.88 + 3.07
//! ```
//!
//! Because the codes follow a known distribution, the decoder generates: draw z from the prior and decode it.
//! `model.generate(24, rng)` gave these digits, which nobody wrote:
#![doc = include_str!("pictures/variational.html")]
//!
//! A plain autoencoder cannot do this. Its codes lie wherever training put them, and between them the decoder has
//! learned nothing. The textbook calls autoencoders generative models; that holds for the variational kind.
//!
//! ## What to try next
//!
//! **1.** Check the closed form of the KL term: compare it with the mean of ln q(z) − ln p(z) over samples.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use rand::{SeedableRng, rngs::StdRng};
//! let (mu, log_var) = (0.7, -1.2f64);
//! let closed = 0.5 * (mu * mu + log_var.exp() - log_var - 1.0);
//! let epsilon = Tensor::<f64>::normal([200_000], 0.0, 1.0, &mut StdRng::seed_from_u64(0));
//! let z = &epsilon * (0.5 * log_var).exp() + mu;
//! // ln q = −½(ε² + ln σ²), ln p = −½z²; the constants −½·ln 2π cancel.
//! let sampled = ((z.square() - epsilon.square() - log_var) * 0.5).mean().item();
//! assert!((closed - sampled).abs() < 0.01);
//! ```
//!
//! </details>
//!
//! **2.** The ELBO is a bound. With k samples, the importance-weighted bound is tighter (Burda, Grosse and
//! Salakhutdinov 2016). Compare them on an untrained model.
//!
//! <details><summary>Solution</summary>
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::autoencoder::variational::{Likelihood, Variational};
//! use nn::{Init, Transfer, data::Digits};
//! use rand::{SeedableRng, rngs::StdRng};
//! let x = Digits::<f64>::load().test.x;
//! let rng = &mut StdRng::seed_from_u64(0);
//! let model = Variational::new(
//!     &[64, 32, 4],
//!     Likelihood::Bernoulli,
//!     Transfer::Tanh,
//!     Init::GlorotUniform,
//!     rng,
//! );
//! let noise = Tensor::normal([50, 360, 4], 0.0, 1.0, rng);
//! let elbo = model.elbo(&x, &noise.index_axis(0, 0)).negative().mean().item();
//! let tighter = -model.importance_weighted_bound(&x, &noise).mean().item();
//! assert!(tighter < elbo);
//! ```
//!
//! </details>
//!
//! Next: [automatic differentiation from scratch](super::ch14_from_scratch).
