//! Variational autoencoders: codes that are distributions.
//!
//! (Kingma and Welling 2014; Rezende, Mohamed and Wierstra 2014.) The encoder gives the mean μ and the logarithm of the
//! variance of a normal q(z|x), and the decoder a distribution p(x|z). The prior p(z) is the standard normal. Training
//! raises a lower bound of the likelihood,
//!
//! ln p(x) ≥ ELBO = E_q ln p(x|z) − KL(q(z|x) ‖ p(z)),
//!
//! through samples z = μ + e^{½·ln σ²}·ε. The standard normal ε is drawn outside and passed in, so z is a
//! differentiable function of μ and σ. All figures are in nats, for each sample.

mod bound;
mod explore;
mod likelihood;
mod model;

pub use bound::{Elbo, kl_by_unit, kl_weight};
pub use explore::latent_plane;
pub use likelihood::Likelihood;
pub use model::{Posterior, Variational};
