//! Losses: plain functions of values, as a user's own are.
//!
//! Reduction, unless a loss says otherwise: the **sum over features, the mean over the batch**, where the first axis is
//! the batch ([`batch_mean`]). Everything is computed from logits where there is a stable form, so no loss is infinite
//! unless its value is.
//!
//! | loss | for |
//! |---|---|
//! | [`squared_error`], [`mean_squared_error`], [`absolute_error`], [`huber`] | numbers |
//! | [`gaussian_nll`] | numbers, with how sure the model is of them |
//! | [`cosine_distance`] | directions |
//! | [`binary_cross_entropy`], [`weighted_binary_cross_entropy`], [`hinge`] | yes or no |
//! | [`cross_entropy`], [`smoothed_cross_entropy`] | one class of several |
//! | [`soft_cross_entropy`], [`kl_divergence`], [`kl_divergence_of_logits`] | distributions over classes |
//!
//! All are differentiable in all of their values, targets included, to any order.

mod bernoulli;
mod classes;
mod distribution;
mod regression;

pub use bernoulli::{binary_cross_entropy, hinge, weighted_binary_cross_entropy};
pub(crate) use bernoulli::{logistic_nats, probabilities};
pub use classes::{cross_entropy, smoothed_cross_entropy, soft_cross_entropy};
pub use distribution::{cosine_distance, gaussian_nll, kl_divergence, kl_divergence_of_logits};
pub use regression::{absolute_error, huber, mean_squared_error, squared_error};

use autodiff::prelude::*;

/// The reduction of all losses: the sum of all elements over the size n of the first axis, a scalar. A value of rank 0
/// is a batch of one.
///
/// # Panics
/// If the batch is empty.
#[track_caller]
pub fn batch_mean<V: Value>(x: &V) -> V {
    over_batch(&x.sum(), &x.shape())
}

/// A sum over the size of the first axis of what was summed.
#[track_caller]
pub(crate) fn over_batch<V: Value>(sum: &V, shape: &Shape) -> V {
    let n = shape.first().copied().unwrap_or(1);
    assert!(n > 0, "batch_mean: {shape}: the batch is empty");
    sum.scale(1.0 / n as f64)
}

#[track_caller]
fn same_shape<V: Value>(name: &str, y: &V, target: &V) {
    let (y, target) = (y.shape(), target.shape());
    assert!(y == target, "{name}: prediction {y}, target {target}: the shapes differ");
}
