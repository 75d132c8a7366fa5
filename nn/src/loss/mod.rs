//! Losses: plain functions of values, like those that you write yourself.
//!
//! Unless a loss says otherwise, its reduction is the **sum over features and the mean over the batch**, the first axis
//! ([`batch_mean`]). The functions of [`per_sample`] leave the batch as it is: their results can be summed, weighted or
//! sorted. Losses are computed from logits if a stable form exists, so a loss is infinite only if its true
//! value is. Products with weights are strong-zero products: a term of weight 0 is 0, even if the logarithm that it
//! weighs is infinite, as at a masked logit. It is the limit of x·ln x at 0.
//!
//! | loss | for |
//! |---|---|
//! | [`squared_error`], [`mean_squared_error`], [`absolute_error`], [`huber`] | numbers |
//! | [`gaussian_nll`] | numbers with a predicted variance |
//! | [`cosine_distance`] | directions |
//! | [`binary_cross_entropy`], [`weighted_binary_cross_entropy`], [`hinge`] | yes or no |
//! | [`cross_entropy`], and [`CrossEntropy`] with weights of classes, an ignored label or smoothing | one class of several |
//! | [`soft_cross_entropy`], [`kl_divergence`], [`kl_divergence_of_logits`] | distributions over classes |
//!
//! All losses are differentiable in all of their values, targets included, to any order.

// Here belong losses, penalties on weights, noise as a regulariser, and the Gram form of a squared product. Training
// and figures that are not differentiated do not belong here. This module may use `data`.

mod bernoulli;
mod classes;
mod cross_entropy;
mod distribution;
mod gram;
pub mod noise;
pub mod penalty;
pub mod per_sample;
mod reduction;
mod regression;

pub use bernoulli::{binary_cross_entropy, hinge, weighted_binary_cross_entropy};
pub(crate) use bernoulli::{logistic_nats, probabilities};
pub use classes::{cross_entropy, soft_cross_entropy};
pub use cross_entropy::CrossEntropy;
pub(crate) use distribution::gaussian_nats;
pub use distribution::{cosine_distance, gaussian_nll, kl_divergence, kl_divergence_of_logits};
pub use gram::square_of_product;
pub use reduction::batch_mean;
pub(crate) use reduction::over_batch;
pub use regression::{absolute_error, huber, mean_squared_error, squared_error};
