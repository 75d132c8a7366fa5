//! Losses for yes-or-no targets.

use super::reduction::{batch_mean, over_batch, same_shape};
use autodiff::prelude::*;

/// −t·ln s(z) − (1 − t)·ln(1 − s(z)) for each element, as softplus(−|z|) + |z|·(1 − t), or |z|·t below 0.
///
/// softplus(z) − t·z is equal, but cancels for a confident positive: in `f32` it is 0 from z = 17 on.
#[inline(always)]
fn nats<V: Value>(z: &V, t: &V) -> V {
    // Each branch is the whole function, so the derivatives are right at z = 0 too.
    let positive = z.greater(z.full_like(0.0));
    let (w, share) = (positive.select(&z.neg(), z), positive.select(&t.sub_from(1.0), t));
    w.softplus() - share.mul_strong_zero(&w)
}

autodiff::fuse! {
    /// [`nats`] in one pass.
    pub(crate) fn logistic_nats(z, t) { nats(z, t) }
}

autodiff::fuse! {
    /// The sum of [`nats`] in one pass.
    fn sum_of_logistic_nats(z, t) -> sum { nats(z, t) }
}

/// The cross-entropy −Σ \[t·ln σ(z) + (1 − t)·ln(1 − σ(z))\] of independent Bernoulli variables, with σ(z) = 1/(1 +
/// e⁻ᶻ), from logits z and targets t in \[0, 1\], both \[n, features\]; summed over features, averaged over the batch;
/// a scalar.
///
/// It is computed without cancellation, so it is finite for every finite z, and 0 for an infinite z on the right side.
///
/// ```
/// use autodiff::prelude::*;
/// let (z, target) = (Tensor::from([[1000.0, -1000.0]]), Tensor::from([[0.0, 0.0]]));
/// assert_eq!(nn::loss::binary_cross_entropy(&z, &target).item(), 1000.0);
/// ```
///
/// # Panics
/// Panics if the shapes differ, the batch is empty, or a target is outside \[0, 1\].
#[track_caller]
pub fn binary_cross_entropy<V: Value>(logits: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(logits);
    same_shape("binary_cross_entropy", logits, target);
    probabilities("binary_cross_entropy", target);
    over_batch("binary_cross_entropy", &sum_of_logistic_nats(logits, target), &logits.shape())
}

/// The cross-entropy for each element.
#[track_caller]
pub(super) fn checked_logistic_nats<V: Value>(logits: &V, target: &V) -> V {
    same_shape("binary_cross_entropy", logits, target);
    probabilities("binary_cross_entropy", target);
    logistic_nats(logits, target)
}

/// The [`binary_cross_entropy`] with weights p for positive targets: −Σ \[p·t·ln σ(z) + (1 − t)·ln(1 − σ(z))\]. If p is
/// the ratio of negative to positive samples, rare features count as much as frequent ones. Logits z and targets t in
/// \[0, 1\] are \[n, features\]; p is \[features\], or of rank 0; summed over features, averaged over the batch; a
/// scalar.
///
/// Computed as p·t·softplus(−z) + (1 − t)·softplus(z), which is equal, finite for every finite z, and 0 for an infinite
/// z on the right side.
///
/// ```
/// use autodiff::prelude::*;
/// let (z, target) = (Tensor::from([[0.0, 0.0]]), Tensor::from([[1.0, 0.0]]));
/// let loss = nn::loss::weighted_binary_cross_entropy(&z, &target, &Tensor::from([3.0, 3.0]));
/// assert_eq!(loss.item(), 4.0 * 2f64.ln());
/// ```
///
/// # Panics
/// Panics if the shapes differ, the batch is empty, a target is outside \[0, 1\], or a weight is below 0. Panics
/// unless the weights have shape \[features\] or rank 0.
#[track_caller]
pub fn weighted_binary_cross_entropy<V: Value>(logits: &V, target: impl Operand<V>, positive_weight: &V) -> V {
    let target = &*target.cast(logits);
    batch_mean(&weighted_nats(logits, target, positive_weight))
}

/// The weighted cross-entropy for each element.
#[track_caller]
pub(super) fn weighted_nats<V: Value>(logits: &V, target: &V, positive_weight: &V) -> V {
    same_shape("weighted_binary_cross_entropy", logits, target);
    probabilities("weighted_binary_cross_entropy", target);
    let (shape, given) = (target.shape(), positive_weight.shape());
    let fits = given.rank() == 0 || given.rank() == 1 && shape.last() == given.last();
    assert!(
        fits,
        "weighted_binary_cross_entropy: target {shape}, weights {given}: a weight for each feature is needed"
    );
    if let Some(p) = positive_weight.primal().iter().map(Number::to_f64).find(|p| p.is_nan() || *p < 0.0) {
        panic!("weighted_binary_cross_entropy: weights {given}: the weight {p} is below 0");
    }
    let positive = logits.neg().softplus().mul_strong_zero(&(positive_weight.broadcast_to(shape) * target));
    positive + logits.softplus().mul_strong_zero(target.sub_from(1.0))
}

/// The hinge loss (1/n) Σ max(0, 1 − t·y) of predictions y and targets t = ±1, both \[n, features\]. It is 0 only
/// beyond a margin of 1; summed over features, averaged over the batch; a scalar. (Cortes and Vapnik 1995.)
///
/// ```
/// use autodiff::prelude::*;
/// let (y, target) = (Tensor::from([2.0, 0.5, 0.5]), Tensor::from([1.0, 1.0, -1.0]));
/// assert_eq!(nn::loss::hinge(&y, &target).item(), (0.0 + 0.5 + 1.5) / 3.0);
/// ```
///
/// # Panics
/// Panics if the shapes differ, the batch is empty, or a target is neither 1 nor −1.
#[track_caller]
pub fn hinge<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    batch_mean(&hinges(y, target))
}

/// The hinge loss for each element.
#[track_caller]
pub(super) fn hinges<V: Value>(y: &V, target: &V) -> V {
    same_shape("hinge", y, target);
    if let Some(t) = target.primal().iter().map(Number::to_f64).find(|t| t.abs() != 1.0) {
        panic!("hinge: {}: the target {t} is neither 1 nor -1", target.shape());
    }
    (-(target.clone() * y) + 1.0).relu()
}

#[track_caller]
pub(crate) fn probabilities<V: Value>(name: &str, target: &V) {
    let [zero, one] = [0.0, 1.0].map(V::Elem::from_f64);
    let targets = target.primal().contiguous();
    let inside = |&t: &V::Elem| (t >= zero) & (t <= one);
    // A fold without branches looks at all targets, so that the compiler vectorises it; only then is the culprit
    // searched.
    let all = targets.as_slice().expect("contiguous just now").iter().fold(true, |all, t| all & inside(t));
    if !all {
        let t = targets.iter().find(|t| !inside(t)).expect("there is one");
        panic!("{name}: {}: the target {t} is outside [0, 1]", target.shape());
    }
}
