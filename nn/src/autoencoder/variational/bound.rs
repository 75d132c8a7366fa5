//! Bounds of the likelihood: the ELBO with its two parts, and the importance-weighted bound.

use super::model::{Posterior, Variational};
use crate::loss::over_batch;
use crate::measure::check_figures;
use crate::network::{Input, TransferFunction};
use crate::optim::check_not_negative;
use autodiff::prelude::*;
use rand::Rng;

/// The number of draws that [`Variational::nll`] decodes at once; it bounds the memory.
const CHUNK: usize = 50;

/// KL(q ‖ p) of each latent unit to the standard normal, ½·(μ² + σ² − 1 − ln σ²): of the shape of μ, \[n, latent\].
///
/// Computed as ½·(μ² + expm1(ln σ²) − ln σ²), which loses no digits if σ is near 1 (Kingma and Welling 2014, appendix
/// B).
///
/// # Panics
/// Panics if the shapes of μ and ln σ² differ.
#[track_caller]
pub fn kl_by_unit<V: Value>(q: &Posterior<V>) -> V {
    q.check("kl_by_unit");
    (q.mean.square() + q.log_var.expm1() - &q.log_var) * 0.5
}

/// The two parts of the evidence lower bound, in nats: ELBO = −reconstruction − Σ kl.
#[derive(Clone, Debug, PartialEq)]
pub struct Elbo<V> {
    /// −ln p(x|z) of each sample at its sampled z, \[n\].
    pub reconstruction: V,
    /// KL(q(z|x) ‖ p(z)) of each sample and latent unit, exact, \[n, latent\].
    pub kl: V,
}

impl<V: Value> Elbo<V> {
    /// −ELBO, the mean over the batch; a scalar.
    ///
    /// # Panics
    /// Panics if the batch is empty, or if the parts do not have the shapes \[n\] and \[n, latent\].
    #[track_caller]
    pub fn negative(&self) -> V {
        self.loss_as("Elbo::negative", 1.0, 0.0)
    }

    /// The loss of training, a scalar: mean reconstruction + β·Σⱼ max(λ, mean KLⱼ), with means over the batch.
    ///
    /// β = 1 with λ = 0 gives −ELBO. A larger β encourages independent units (Higgins et al. 2017). A smaller β that
    /// rises ([`kl_weight`]) keeps units from being switched off before they are useful. λ, the free bits, is the
    /// number of nats that each unit may carry at no cost (Kingma et al. 2016, appendix C.8); 0 for none. With β = 0
    /// the KL part counts as absent, even if it is infinite.
    ///
    /// # Panics
    /// Panics if β or λ is below 0 or NaN, if the batch is empty, or if the parts do not have the shapes \[n\] and
    /// \[n, latent\].
    #[track_caller]
    pub fn loss(&self, beta: f64, free_nats: f64) -> V {
        self.loss_as("Elbo::loss", beta, free_nats)
    }

    #[track_caller]
    fn loss_as(&self, function: &str, beta: f64, free_nats: f64) -> V {
        check_not_negative(function, "beta", beta);
        check_not_negative(function, "free_nats", free_nats);
        let shapes = [self.reconstruction.shape(), self.kl.shape()];
        let fits = matches!((&*shapes[0], &*shapes[1]), ([n], [m, _]) if n == m);
        let [reconstruction, kl] = &shapes;
        assert!(fits, "{function}: the parts have shapes {reconstruction} and {kl}: [n] and [n, latent] are needed");
        let reconstruction = over_batch(function, &self.reconstruction.sum(), reconstruction);
        if beta == 0.0 {
            return reconstruction; // 0·∞ would be NaN
        }
        let kl = self.kl.mean_axis(0);
        let kl = if free_nats > 0.0 { kl.clamp_min(free_nats) } else { kl };
        reconstruction + kl.sum() * beta
    }
}

/// A weight of the KL part that rises linearly from 0 to `beta` while the progress through training rises to `warm_up`,
/// and then stays (Bowman et al. 2016; Sønderby et al. 2016).
///
/// ```
/// use nn::autoencoder::variational::kl_weight;
/// assert_eq!([0.0, 0.1, 0.2, 1.0].map(|progress| kl_weight(4.0, 0.2, progress)), [0.0, 2.0, 4.0, 4.0]);
/// ```
///
/// # Panics
/// Panics if β, the progress or the warm-up is below 0 or NaN.
#[track_caller]
pub fn kl_weight(beta: f64, warm_up: f64, progress: f64) -> f64 {
    check_not_negative("kl_weight", "beta", beta);
    check_not_negative("kl_weight", "progress", progress);
    check_not_negative("kl_weight", "warm_up", warm_up);
    if progress < warm_up { beta * progress / warm_up } else { beta }
}

impl<V: Value, F: TransferFunction> Variational<V, F> {
    /// The parts of the ELBO of a batch x, \[n, features\], with standard normal noise, \[n, latent\].
    ///
    /// # Panics
    /// Panics if the shapes do not match the model, or as [`Likelihood::nats`](super::Likelihood::nats).
    #[track_caller]
    pub fn elbo(&self, x: impl Operand<V>, noise: &Tensor<V::Elem>) -> Elbo<V> {
        const NAME: &str = "Variational::elbo";
        let x = &*self.encoder.operand(NAME, &x);
        let q = self.posterior_of_batch(NAME, x, noise.shape(), 2);
        let reconstruction = self.nats_as(NAME, &q.sample_as(NAME, noise), x);
        Elbo { reconstruction, kl: kl_by_unit(&q) }
    }

    /// ln w = ln p(x|z) + ln p(z) − ln q(z|x) for k samples z of each x: \[k, n\], with noise \[k, n, latent\].
    ///
    /// # Panics
    /// Panics if the shapes do not match the model, or as [`Likelihood::nats`](super::Likelihood::nats).
    #[track_caller]
    pub fn log_weights(&self, x: impl Operand<V>, noise: &Tensor<V::Elem>) -> V {
        const NAME: &str = "Variational::log_weights";
        self.log_weights_as(NAME, &self.encoder.operand(NAME, &x), noise)
    }

    #[track_caller]
    fn log_weights_as(&self, function: &'static str, x: &V, noise: &Tensor<V::Elem>) -> V {
        let q = self.posterior_of_batch(function, x, noise.shape(), 3);
        let z = q.sample_as(function, noise);
        // The constants −½·ln 2π of prior and posterior cancel.
        let prior = z.square().sum_axis(-1) * -0.5;
        let posterior = (q.log_var.lift(&noise.square()) + &q.log_var).sum_axis(-1) * -0.5;
        prior - posterior - self.nats_as(function, &z, x)
    }

    /// q(z|x) of a batch, whose noise has the given rank.
    #[track_caller]
    fn posterior_of_batch(&self, function: &'static str, x: &V, noise: &Shape, rank: usize) -> Posterior<V> {
        let shape = x.shape();
        assert!(shape.rank() == 2, "{function}: `x` has shape {shape}, but a batch [n, features] is needed");
        let expected = if rank == 2 { "[n, latent]" } else { "[k, n, latent]" };
        assert!(noise.rank() == rank, "{function}: the noise has shape {noise}, but {expected} is needed");
        self.posterior_as(function, x)
    }

    /// −ln p(x|z) at the codes z.
    #[track_caller]
    fn nats_as(&self, function: &'static str, z: &V, x: &V) -> V {
        let output = self.decoder.run(&Input::new(function, "the decoder", "z"), z);
        self.likelihood.nats_as(function, &output, x)
    }

    /// The importance-weighted bound ln (1/k) Σ wᵢ of each sample, \[n\], with noise \[k, n, latent\]. For k = 1 its
    /// expectation is the ELBO; the expectation never decreases with k and tends to ln p(x) (Burda, Grosse and
    /// Salakhutdinov 2016, equation 8). The KL part is sampled here, so the value differs from that of the ELBO. The
    /// mean over the samples can be trained in place of the ELBO.
    ///
    /// # Panics
    /// Panics if the shapes do not match the model, if k is 0, or as [`Likelihood::nats`](super::Likelihood::nats).
    #[track_caller]
    pub fn importance_weighted_bound(&self, x: impl Operand<V>, noise: &Tensor<V::Elem>) -> V {
        const NAME: &str = "importance_weighted_bound";
        let log_weights = self.log_weights_as(NAME, &self.encoder.operand(NAME, &x), noise);
        let draws = noise.shape()[0];
        assert!(draws > 0, "{NAME}: the noise has shape {}: at least one draw is needed", noise.shape());
        log_weights.logsumexp(0) - (draws as f64).ln()
    }
}

impl<T: Element, F: TransferFunction> Variational<Tensor<T>, F> {
    /// An estimate of −ln p(x), the mean over samples x, \[n, features\], by the importance-weighted bound with k
    /// draws. On average it is an upper bound, and closer than −ELBO.
    ///
    /// # Panics
    /// Panics if x does not match the model, is empty or holds a NaN, if k is 0, or as
    /// [`Likelihood::nats`](super::Likelihood::nats).
    #[track_caller]
    pub fn nll(&self, x: &Tensor<T>, k: usize, rng: &mut impl Rng) -> f64 {
        assert!(k > 0, "nll: {}: at least one draw is needed", x.shape());
        assert!(x.shape().rank() == 2, "nll: `x` has shape {}, but a batch [n, features] is needed", x.shape());
        check_figures("nll", "x", x);
        let (n, latent) = (x.shape()[0], self.latent());
        let mut weights = Vec::new();
        for start in (0..k).step_by(CHUNK) {
            let noise = Tensor::normal([CHUNK.min(k - start), n, latent], 0.0, 1.0, rng);
            weights.push(self.log_weights_as("nll", x, &noise));
        }
        let weights = Tensor::concat(0, &weights.iter().collect::<Vec<_>>());
        (k as f64).ln() - weights.logsumexp(0).mean().item().to_f64()
    }

    /// The number of latent units.
    ///
    /// # Panics
    /// Panics if the decoder has no layers.
    #[track_caller]
    pub fn latent(&self) -> usize {
        let first = self.decoder.layers.first().expect("a decoder has layers");
        first.weight.shape()[1]
    }
}
