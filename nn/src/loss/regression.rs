//! Losses for numbers.

use super::reduction::{batch_mean, same_shape};
use autodiff::prelude::*;

/// The squared error (1/n) Σᵢ ‖yᵢ − tᵢ‖² of predictions y and targets t, both \[n, features\]; a scalar.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, target) = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), Tensor::from([[1.0, 0.0], [0.0, 4.0]]));
/// assert_eq!(nn::loss::squared_error(&y, &target).item(), (4.0 + 9.0) / 2.0);
/// ```
///
/// # Panics
/// Panics if the batch is empty, or if the shapes differ. They are not broadcast, since \[n\] against \[n, 1\] is
/// always a mistake.
#[track_caller]
pub fn squared_error<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    batch_mean(&differences("squared_error", y, target).square())
}

/// The mean squared error: the mean of (y − t)² over **all** elements, so its size does not depend on the number of
/// features; a scalar.
///
/// # Panics
/// Panics if the shapes differ, or there are no elements.
#[track_caller]
pub fn mean_squared_error<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    let squares = differences("mean_squared_error", y, target).square();
    assert!(y.shape().size() > 0, "mean_squared_error: {}: there are no features", y.shape());
    squares.mean()
}

/// The absolute error (1/n) Σᵢ Σⱼ |yᵢⱼ − tᵢⱼ| (L1) of predictions y and targets t, both \[n, features\]; a scalar. The
/// derivative is 0 at y = t.
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn absolute_error<V: Value>(y: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(y);
    batch_mean(&differences("absolute_error", y, target).abs())
}

/// Huber's loss of r = y − t: r²/2 if |r| ≤ δ, and δ·(|r| − δ/2) beyond, so the derivative with respect to an outlier
/// is at most δ. Predictions and targets are \[n, features\]; summed over features, averaged over the batch; a scalar.
/// (Huber 1964.)
///
/// ```
/// use autodiff::prelude::*;
/// let (y, target) = (Tensor::from([1.0, -4.0]), Tensor::from([0.0, 0.0]));
/// assert_eq!(nn::loss::huber(&y, &target, 2.0).item(), (0.5 + 6.0) / 2.0);
/// ```
///
/// # Panics
/// Panics if the shapes differ, the batch is empty, or δ is not above 0.
#[track_caller]
pub fn huber<V: Value>(y: &V, target: impl Operand<V>, delta: f64) -> V {
    let target = &*target.cast(y);
    batch_mean(&huber_terms(y, target, delta))
}

/// Huber's loss for each element.
#[track_caller]
pub(super) fn huber_terms<V: Value>(y: &V, target: &V, delta: f64) -> V {
    let r = differences("huber", y, target);
    assert!(delta > 0.0, "huber: the delta {delta} is not above 0");
    // With c = clamp(r, −δ, δ), c·(r − c/2) equals both branches and is smooth where they meet.
    let c = r.clamp(-delta, delta);
    (r - c.clone() * 0.5) * c
}

/// y − t for each element.
#[track_caller]
pub(super) fn differences<V: Value>(function: &str, y: &V, target: &V) -> V {
    same_shape(function, y, target);
    y.clone() - target
}
