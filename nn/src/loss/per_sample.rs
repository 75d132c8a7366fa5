//! The losses of single samples, before any reduction: \[n\] instead of a scalar.
//!
//! Each function has the arguments and the checks of the loss with the same name, which is the mean of its elements. Other
//! reductions are operations on them:
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::loss::{self, per_sample};
//! let (y, target) = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), Tensor::from([[1.0, 0.0], [0.0, 4.0]]));
//! let each = per_sample::squared_error(&y, &target);
//! assert_eq!(each.to_vec(), [4.0, 9.0]);
//! assert_eq!(each.mean().item(), loss::squared_error(&y, &target).item());
//! assert_eq!(each.sum().item(), 13.0);
//! let weights = Tensor::from([0.25, 0.75]);
//! assert_eq!(each.dot(&weights).item(), 7.75);
//! ```

use super::bernoulli::{checked_logistic_nats, hinges, weighted_nats};
use super::classes::{log_likelihoods, soft_log_likelihoods};
use super::distribution::{checked_gaussian_nats, cosine_distances, divergences, divergences_of_logits};
use super::reduction::by_sample;
use super::regression::{differences, huber_terms};
use autodiff::prelude::*;

/// ‖yᵢ − tᵢ‖² of each sample (see [`squared_error`](super::squared_error)).
#[track_caller]
pub fn squared_error<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    by_sample(&differences("squared_error", y, target).square())
}

/// The mean of (yᵢⱼ − tᵢⱼ)² over the features of each sample (see [`mean_squared_error`](super::mean_squared_error)).
#[track_caller]
pub fn mean_squared_error<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    let squares = differences("mean_squared_error", y, target).square();
    let shape = y.shape();
    assert!(shape.size() > 0, "mean_squared_error: {shape}: there are no features");
    let samples = shape.first().copied().unwrap_or(1);
    by_sample(&squares) * (samples as f64 / shape.size() as f64)
}

/// Σⱼ |yᵢⱼ − tᵢⱼ| of each sample (see [`absolute_error`](super::absolute_error)).
#[track_caller]
pub fn absolute_error<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    by_sample(&differences("absolute_error", y, target).abs())
}

/// Huber's loss of each sample (see [`huber`](super::huber)).
#[track_caller]
pub fn huber<V: Value>(y: &V, target: impl Operand<V>, delta: f64) -> V {
    let target = &*target.cast(y);
    by_sample(&huber_terms(y, target, delta))
}

/// The negative log-likelihood of each sample (see [`gaussian_nll`](super::gaussian_nll)).
#[track_caller]
pub fn gaussian_nll<V: Value>(mean: &V, log_variance: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(mean);
    by_sample(&checked_gaussian_nats(mean, log_variance, target))
}

/// The cosine distance of each row (see [`cosine_distance`](super::cosine_distance)).
#[track_caller]
pub fn cosine_distance<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    by_sample(&cosine_distances(y, target))
}

/// The cross-entropy of each sample's Bernoulli variables (see [`binary_cross_entropy`](super::binary_cross_entropy)).
#[track_caller]
pub fn binary_cross_entropy<V: Value>(logits: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(logits);
    by_sample(&checked_logistic_nats(logits, target))
}

/// The same with weights for positive targets (see
/// [`weighted_binary_cross_entropy`](super::weighted_binary_cross_entropy)).
#[track_caller]
pub fn weighted_binary_cross_entropy<V: Value>(logits: &V, target: impl Operand<V>, positive_weight: &V) -> V {
    let target = &*target.cast(logits);
    by_sample(&weighted_nats(logits, target, positive_weight))
}

/// The hinge loss of each sample (see [`hinge`](super::hinge)).
#[track_caller]
pub fn hinge<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    by_sample(&hinges(y, target))
}

/// The cross-entropy of each sample's class (see [`cross_entropy`](super::cross_entropy)).
#[track_caller]
pub fn cross_entropy<V: Value>(logits: &V, labels: &Tensor<usize>) -> V {
    -by_sample(&log_likelihoods(logits, labels))
}

/// The cross-entropy of each target distribution (see [`soft_cross_entropy`](super::soft_cross_entropy)).
#[track_caller]
pub fn soft_cross_entropy<V: Value>(logits: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(logits);
    -by_sample(&soft_log_likelihoods(logits, target))
}

/// KL(p‖q) of each row (see [`kl_divergence`](super::kl_divergence)).
#[track_caller]
pub fn kl_divergence<V: Value>(target: impl Operand<V>, logits: &V) -> V {
    let target = &*target.cast(logits);
    by_sample(&divergences(target, logits))
}

/// KL(p‖q) of each row (see [`kl_divergence_of_logits`](super::kl_divergence_of_logits)).
#[track_caller]
pub fn kl_divergence_of_logits<V: Value>(p_logits: &V, q_logits: &V) -> V {
    by_sample(&divergences_of_logits(p_logits, q_logits))
}
