//! Denoising autoencoders: the input is corrupted, the target is not.
//!
//! The code is computed from a corrupted x̃ ~ q(x̃|x), drawn anew at each presentation, and the loss compares the
//! reconstruction with the clean x. To repair x̃, the network must learn what x looks like (Vincent et al. 2008; 2010).
//! Corruption is a function that a training step calls; inference does not involve it.

use crate::loss::{batch_mean, logistic_nats, probabilities};
use autodiff::prelude::*;
use rand::seq::index;
use rand::{Rng, RngExt};

/// A stochastic mapping q(x̃|x) (Vincent et al. 2010, section 3.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Corruption {
    /// Additive isotropic Gaussian noise of this standard deviation.
    Gaussian(f64),
    /// Sets this share of the features of each sample, chosen at random, to 0.
    Masking(f64),
    /// Sets this share of the features of each sample, chosen at random, to 0 or 1 with equal probability.
    SaltAndPepper(f64),
}

/// Samples after corruption.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrupted<T> {
    /// x̃, of the shape of x.
    pub x: Tensor<T>,
    /// 1 if a feature was chosen for corruption, even if that did not change it, else 0; of the shape of x.
    pub chosen: Tensor<T>,
}

impl Corruption {
    /// Draws x̃ for a batch x, \[n, features\]. Masking and salt-and-pepper noise choose exactly
    /// round(share·features) features of each sample. Gaussian noise is added to all of them.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::autoencoder::denoising::Corruption;
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let x = Tensor::<f64>::ones([2, 8]);
    /// let noisy = Corruption::Masking(0.25).apply(&x, &mut StdRng::seed_from_u64(0));
    /// assert_eq!(noisy.x.sum_axis(1).to_vec(), [6.0, 6.0]);
    /// assert_eq!(noisy.chosen, 1.0 - noisy.x);
    /// ```
    ///
    /// # Panics
    /// Panics if x has no axis of features, if a share is outside \[0, 1\], or if a standard deviation is negative or
    /// not finite.
    #[track_caller]
    pub fn apply<T: Element>(self, x: &Tensor<T>, rng: &mut impl Rng) -> Corrupted<T> {
        self.check(x.shape());
        match self {
            Corruption::Gaussian(std) => {
                Corrupted { x: x + Tensor::normal(x.shape(), 0.0, std, rng), chosen: Tensor::ones(x.shape()) }
            }
            Corruption::Masking(share) => replace(x, share, rng, |_| 0.0),
            Corruption::SaltAndPepper(share) => replace(x, share, rng, |rng| f64::from(rng.random::<bool>())),
        }
    }

    #[track_caller]
    fn check(self, shape: &Shape) {
        let fits = match self {
            Corruption::Gaussian(std) => std >= 0.0 && std.is_finite(),
            Corruption::Masking(share) | Corruption::SaltAndPepper(share) => (0.0..=1.0).contains(&share),
        };
        assert!(
            fits,
            "corruption: {self:?} of {shape}: a share must lie in [0, 1], and a deviation must be finite and not negative"
        );
        assert!(shape.rank() > 0, "corruption: {self:?} of {shape}: an axis of features is needed");
    }
}

/// Replaces a share of the features of each row by results of `draw`.
fn replace<T: Element, R: Rng>(x: &Tensor<T>, share: f64, rng: &mut R, draw: impl Fn(&mut R) -> f64) -> Corrupted<T> {
    let features = x.shape()[x.shape().rank() - 1];
    let count = (share * features as f64).round() as usize;
    let mut corrupted = Corrupted { x: x.clone(), chosen: Tensor::zeros(x.shape()) };
    let (values, chosen) = (corrupted.x.as_mut_slice(), corrupted.chosen.as_mut_slice());
    for (row, chosen) in values.chunks_mut(features.max(1)).zip(chosen.chunks_mut(features.max(1))) {
        for j in index::sample(rng, features, count) {
            row[j] = T::from_f64(draw(rng));
            chosen[j] = T::from_f64(1.0);
        }
    }
    corrupted
}

/// The weights, in the loss, of the features chosen for corruption and of the others: α and β in Vincent et al. 2010,
/// section 3.3. Full emphasis is α = 1, β = 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Emphasis {
    /// α.
    pub corrupted: f64,
    /// β.
    pub clean: f64,
}

impl Default for Emphasis {
    /// Both weights are 1: the plain loss.
    fn default() -> Self {
        Self { corrupted: 1.0, clean: 1.0 }
    }
}

impl Emphasis {
    /// The squared error (1/n) Σᵢ \[α Σ_{j chosen} (yᵢⱼ − xᵢⱼ)² + β Σ_{j not} (yᵢⱼ − xᵢⱼ)²\] of reconstructions y and
    /// the **clean** x, with the mask [`Corrupted::chosen`], all \[n, features\]; a scalar.
    ///
    /// # Panics
    /// Panics if the shapes differ, the batch is empty, or a weight is negative or not finite.
    #[track_caller]
    pub fn squared_error<V: Value>(self, y: &V, clean: impl Operand<V>, chosen: &Tensor<V::Elem>) -> V {
        let clean = &*clean.cast(y);
        let weights = self.weights(y, clean, chosen);
        batch_mean(&(y.clone() - clean).square().mul_strong_zero(&weights))
    }

    /// The cross-entropy −t·ln σ(z) − (1 − t)·ln(1 − σ(z)) of logits z and the **clean** t in \[0, 1\], weighted and
    /// reduced as in [`squared_error`](Emphasis::squared_error); a scalar. It is finite for every finite logit.
    ///
    /// # Panics
    /// Panics if the shapes differ, the batch is empty, a target is outside \[0, 1\], or a weight is negative or not
    /// finite.
    #[track_caller]
    pub fn binary_cross_entropy<V: Value>(self, logits: &V, clean: impl Operand<V>, chosen: &Tensor<V::Elem>) -> V {
        let clean = &*clean.cast(logits);
        let weights = self.weights(logits, clean, chosen);
        probabilities("emphasis", clean);
        batch_mean(&logistic_nats(logits, clean).mul_strong_zero(&weights))
    }

    #[track_caller]
    fn weights<V: Value>(self, y: &V, clean: &V, chosen: &Tensor<V::Elem>) -> V {
        let fits = [self.corrupted, self.clean].iter().all(|weight| *weight >= 0.0 && weight.is_finite());
        assert!(fits, "emphasis: {self:?}: the weights must be finite and not negative");
        let (shape, target, mask) = (y.shape(), clean.shape(), chosen.shape());
        let same = shape == target && shape == *mask;
        assert!(same, "emphasis: prediction {shape}, target {target}, mask {mask}: the shapes differ");
        assert!(shape.first() != Some(&0), "emphasis: prediction {shape}: the batch is empty");
        y.lift(&(chosen * (self.corrupted - self.clean) + self.clean))
    }
}
