//! Losses between distributions and between directions.

use super::reduction::{batch_mean, same_shape};
use autodiff::prelude::*;

/// The divergence KL(p‖q) = Σ_c p_c·(ln p_c − ln q_c) of Kullback and Leibler (1951) from a target distribution p to q
/// = softmax(z), both \[n, classes\]; averaged over the batch; a scalar. Each row of p should sum to 1; this is not
/// checked.
///
/// A term with p = 0 is 0, also at a logit of −∞: a masked class counts as absent. The derivative with respect to such
/// a p is −∞, as that of p·ln p. The divergence is [`soft_cross_entropy`](super::soft_cross_entropy) minus the entropy
/// of p.
///
/// ```
/// use autodiff::prelude::*;
/// let (p, z) = (Tensor::from([[0.0, 1.0]]), Tensor::from([[0.0, 0.0]]));
/// assert_eq!(nn::loss::kl_divergence(&p, &z).item(), 2f64.ln());
/// ```
///
/// # Panics
/// Panics if the shapes differ, the batch is empty, or a probability is below 0.
#[track_caller]
pub fn kl_divergence<V: Value>(target: impl Operand<V>, logits: &V) -> V {
    let target = &*target.cast(logits);
    batch_mean(&divergences(target, logits))
}

/// The divergence for each class.
#[track_caller]
pub(super) fn divergences<V: Value>(target: &V, logits: &V) -> V {
    same_shape("kl_divergence", logits, target);
    if let Some(p) = target.primal().iter().map(Number::to_f64).find(|p| p.is_nan() || *p < 0.0) {
        panic!("kl_divergence: {}: the probability {p} is below 0", target.shape());
    }
    (target.ln() - logits.log_softmax(-1)).mul_strong_zero(target)
}

/// The divergence KL(p‖q) of two distributions given by logits, p = softmax(a) and q = softmax(b), both \[n, classes\];
/// averaged over the batch; a scalar. A class with p = 0 counts as absent, also if q = 0 there: both logits may be −∞.
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn kl_divergence_of_logits<V: Value>(p_logits: &V, q_logits: &V) -> V {
    batch_mean(&divergences_of_logits(p_logits, q_logits))
}

/// The divergence for each class.
#[track_caller]
pub(super) fn divergences_of_logits<V: Value>(p_logits: &V, q_logits: &V) -> V {
    same_shape("kl_divergence_of_logits", q_logits, p_logits);
    let log_p = p_logits.log_softmax(-1);
    let p = log_p.exp();
    // Absent classes are masked before the product, so that their slopes are 0, and not 0·∞.
    let present = p.greater(p.full_like(0.0));
    let ratio = present.select(&(log_p - q_logits.log_softmax(-1)), &p.full_like(0.0));
    ratio * p
}

/// The negative log-likelihood of targets t under normal distributions of mean μ and log-variance s = ln σ²:
/// ½·(ln 2π + s + (t − μ)²·e⁻ˢ), all \[n, features\]; in nats, summed over features, averaged over the batch; a scalar.
/// (Nix and Weigend 1994.)
///
/// The model gives ln σ² and not σ², since any number is a valid logarithm.
///
/// ```
/// use autodiff::prelude::*;
/// let zero = Tensor::from([[0.0]]);
/// let nats: f64 = nn::loss::gaussian_nll(&zero, &zero, &Tensor::from([[2.0]])).item();
/// assert!((nats - (0.5 * std::f64::consts::TAU.ln() + 2.0)).abs() < 1e-14);
/// ```
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn gaussian_nll<V: Value>(mean: &V, log_variance: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(mean);
    batch_mean(&checked_gaussian_nats(mean, log_variance, target))
}

/// The negative log-likelihood for each element.
#[track_caller]
pub(super) fn checked_gaussian_nats<V: Value>(mean: &V, log_variance: &V, target: &V) -> V {
    same_shape("gaussian_nll", mean, target);
    same_shape("gaussian_nll (log-variance)", log_variance, target);
    gaussian_nats(mean, log_variance, target)
}

/// ½·(ln 2π + s + r²·e⁻ˢ) for each element, with the residual r = x − μ.
///
/// The square of r·e^(−s/2), since e⁻ˢ overflows first. A residual of 0 is 0 in any unit.
#[track_caller]
pub(crate) fn gaussian_nats<V: Value>(mean: &V, log_variance: &V, x: &V) -> V {
    let standard = (x.clone() - mean).mul_strong_zero(log_variance.scale(-0.5).exp());
    (standard.square() + log_variance + std::f64::consts::TAU.ln()) * 0.5
}

/// The cosine distance 1 − y·t/(‖y‖·‖t‖) between each row of y and the same row of t, both \[n, features\]; averaged
/// over the batch; a scalar in \[0, 2\], up to rounding at 2. A row of zeros has no direction: its cosine is 0, with
/// derivative 0.
///
/// Computed as ½·‖y/‖y‖ − t/‖t‖‖², which is equal, never below 0, and keeps its digits for nearly equal directions.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, target) = (Tensor::from([[2.0, 0.0], [0.0, 3.0]]), Tensor::from([[1.0, 0.0], [0.0, -1.0]]));
/// assert_eq!(nn::loss::cosine_distance(&y, &target).item(), (0.0 + 2.0) / 2.0);
/// ```
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn cosine_distance<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    batch_mean(&cosine_distances(y, target))
}

/// The distance of each row.
#[track_caller]
pub(super) fn cosine_distances<V: Value>(y: &V, target: &V) -> V {
    same_shape("cosine_distance", y, target);
    let ((y, y_has_one), (target, target_has_one)) = (direction(y), direction(target));
    let distance = (y - target).square().sum_axis(-1) * 0.5;
    let both = y_has_one * target_has_one;
    both.select(&distance, &distance.full_like(1.0))
}

/// Each row divided by its norm, and whether it has one: 1, or 0 for a row of zeros, which stays.
#[track_caller]
fn direction<V: Value>(x: &V) -> (V, V) {
    let norm = x.norm_axis(-1);
    let has_one = norm.not_equal(norm.full_like(0.0));
    let divisor = has_one.select(&norm, &norm.full_like(1.0));
    (x.clone() / divisor.unsqueeze(-1), has_one)
}
