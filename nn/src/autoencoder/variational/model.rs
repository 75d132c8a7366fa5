//! The model, and the distribution of its codes.

use super::likelihood::{Likelihood, halves};
use crate::network::{Init, Input, Mlp, Transfer, TransferFunction, check_sizes};
use autodiff::prelude::*;
use rand::Rng;

/// q(z|x) for each sample: independent normal variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior<V> {
    /// μ, \[n, latent\].
    pub mean: V,
    /// ln σ², \[n, latent\].
    pub log_var: V,
}

impl<V: Value> Posterior<V> {
    /// z = μ + e^{½·ln σ²}·ε for standard normal ε, \[n, latent\], or \[k, n, latent\] for k samples of each.
    ///
    /// # Panics
    /// Panics if the last axes of the noise are not those of μ, or if μ and ln σ² have different shapes.
    #[track_caller]
    pub fn sample(&self, noise: &Tensor<V::Elem>) -> V {
        self.sample_as("Posterior::sample", noise)
    }

    #[track_caller]
    pub(super) fn sample_as(&self, function: &str, noise: &Tensor<V::Elem>) -> V {
        let (mean, given) = (self.check(function), noise.shape());
        assert!(given.ends_with(&mean), "{function}: the code has shape {mean}, but the noise has shape {given}");
        self.mean.lift(noise) * self.log_var.scale(0.5).exp() + &self.mean
    }

    /// The shape of μ.
    ///
    /// # Panics
    /// Panics at the caller's line unless ln σ² has it too.
    #[track_caller]
    pub(super) fn check(&self, function: &str) -> Shape {
        let (mean, log_var) = (self.mean.shape(), self.log_var.shape());
        assert!(mean == log_var, "{function}: the mean has shape {mean}, but the log-variance has shape {log_var}");
        mean
    }
}

/// The variational autoencoder.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Transfer, autoencoder::variational::{Likelihood, Variational}};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let vae = Variational::<Tensor<f64>>::new(&[6, 8, 2], Likelihood::Bernoulli, Transfer::Tanh, Init::GlorotUniform, rng);
/// let x = Tensor::uniform([5, 6], 0.0, 1.0, rng);
/// let noise = Tensor::normal([5, 2], 0.0, 1.0, rng);
/// let (loss, gradient) = value_and_grad(&vae, |_, vae| vae.elbo(&x, &noise).loss(1.0, 0.0));
/// let elbo = vae.elbo(&x, &noise); // without a tape, in its two parts
/// assert!((loss.item() - elbo.reconstruction.mean().item() - elbo.kl.sum_axis(-1).mean().item()).abs() < 1e-12);
/// # assert_eq!(gradient.paths(), vae.paths());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Variational<V, F = Transfer> {
    /// From x to μ and ln σ²: twice as many outputs as latent units.
    pub encoder: Mlp<V, F>,
    /// From z to the parameters of p(x|z).
    pub decoder: Mlp<V, F>,
    /// p(x|z).
    pub likelihood: Likelihood,
}

autodiff::tree!(Variational<V, F: TransferFunction> { encoder, decoder | likelihood });

impl<V: Value, F: TransferFunction> Variational<V, F> {
    /// q(z|x) of a batch x, \[n, features\].
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as the encoder's first weights.
    #[track_caller]
    pub fn posterior(&self, x: impl Operand<V>) -> Posterior<V> {
        const NAME: &str = "Variational::posterior";
        self.posterior_as(NAME, &self.encoder.operand(NAME, &x))
    }

    #[track_caller]
    pub(super) fn posterior_as(&self, function: &'static str, x: &V) -> Posterior<V> {
        let h = self.encoder.run(&Input::new(function, "the encoder", "x"), x);
        let (mean, log_var) = halves(function, "the encoder", &h);
        Posterior { mean, log_var }
    }

    /// The mean of p(x|z): \[…, latent\] → \[…, features\].
    ///
    /// # Panics
    /// Panics if `z` does not have as many columns as the decoder's first weights.
    #[track_caller]
    pub fn decode(&self, z: &V) -> V {
        self.decode_as("Variational::decode", z)
    }

    #[track_caller]
    pub(super) fn decode_as(&self, function: &'static str, z: &V) -> V {
        self.likelihood.mean_as(function, &self.decoder.run(&Input::new(function, "the decoder", "z"), z))
    }

    /// A reconstruction without randomness, the mean of p(x|z) at the mean of q(z|x); of the shape of `x`.
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as the encoder's first weights.
    #[track_caller]
    pub fn reconstruct(&self, x: impl Operand<V>) -> V {
        const NAME: &str = "Variational::reconstruct";
        self.decode_as(NAME, &self.posterior_as(NAME, &self.encoder.operand(NAME, &x)).mean)
    }
}

impl<T: Element, F: TransferFunction + From<Transfer>> Variational<Tensor<T>, F> {
    /// Makes a model whose encoder has the given numbers of units, from the features to the latent units, and whose
    /// decoder mirrors it. Weights are drawn, and biases are 0.
    ///
    /// # Panics
    /// Panics if fewer than two sizes are given, if one is 0, or if a standard deviation is not above 0.
    #[track_caller]
    pub fn new(sizes: &[usize], likelihood: Likelihood, hidden: F, init: Init, rng: &mut impl Rng) -> Self {
        check_sizes("Variational", sizes, "the features and a code");
        likelihood.check("Variational::new");
        let (mut down, mut up) = (sizes.to_vec(), sizes.to_vec());
        down[sizes.len() - 1] *= 2;
        up[0] *= if likelihood == Likelihood::GaussianVariance { 2 } else { 1 };
        up.reverse();
        let (encoder, decoder) = (Mlp::new(&down, hidden.clone(), init, rng), Mlp::new(&up, hidden, init, rng));
        Self { encoder, decoder, likelihood }
    }
}
