//! Losses: plain functions of values, as a user's own are.
//!
//! Reduction, unless a loss says otherwise: the **sum over features, the mean over the batch**, where the first axis is
//! the batch ([`batch_mean`]). Everything is computed from logits where there is a stable form, so no loss is infinite
//! unless its value is.

use crate::data::check_labels;
use autodiff::prelude::*;

/// The reduction of all losses: the sum of all elements over the size n of the first axis, a scalar. A value of rank 0
/// is a batch of one.
///
/// # Panics
/// If the batch is empty.
#[track_caller]
pub fn batch_mean<V: Value>(x: &V) -> V {
    let shape = x.shape();
    let n = shape.first().copied().unwrap_or(1);
    assert!(n > 0, "batch_mean: {shape}: the batch is empty");
    x.sum().scale(1.0 / n as f64)
}

/// The squared error (1/n) Σᵢ ‖yᵢ − tᵢ‖² of predictions y and targets t, both \[n, features\]; a scalar.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, target) = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), Tensor::from([[1.0, 0.0], [0.0, 4.0]]));
/// assert_eq!(nn::loss::squared_error(&y, &target).item(), (4.0 + 9.0) / 2.0);
/// ```
///
/// # Panics
/// If the shapes differ: they are not broadcast, since \[n\] against \[n, 1\] is always a mistake.
#[track_caller]
pub fn squared_error<V: Value>(y: &V, target: &V) -> V {
    same_shape("squared_error", y, target);
    batch_mean(&(y.clone() - target).square())
}

/// The mean squared error: the mean of (y − t)² over **all** elements, so that its size does not depend on the number
/// of features; a scalar.
///
/// # Panics
/// If the shapes differ.
#[track_caller]
pub fn mean_squared_error<V: Value>(y: &V, target: &V) -> V {
    same_shape("mean_squared_error", y, target);
    (y.clone() - target).square().mean()
}

/// The cross-entropy −Σ \[t·ln s(z) + (1 − t)·ln(1 − s(z))\] of independent Bernoulli variables, from logits z and
/// targets t in \[0, 1\], both \[n, features\]; summed over features, averaged over the batch; a scalar.
///
/// Computed as softplus(z) − t·z, which is the same and finite for every finite z.
///
/// ```
/// use autodiff::prelude::*;
/// let (z, target) = (Tensor::from([[1000.0, -1000.0]]), Tensor::from([[0.0, 0.0]]));
/// assert_eq!(nn::loss::binary_cross_entropy(&z, &target).item(), 1000.0);
/// ```
///
/// # Panics
/// If the shapes differ, or a target is outside of \[0, 1\].
#[track_caller]
pub fn binary_cross_entropy<V: Value>(logits: &V, target: &V) -> V {
    same_shape("binary_cross_entropy", logits, target);
    let outside = |t: &f64| !(0.0..=1.0).contains(t);
    if let Some(t) = target.primal().iter().map(Element::to_f64).find(outside) {
        panic!("binary_cross_entropy: {}: the target {t} is outside of [0, 1]", target.shape());
    }
    batch_mean(&(logits.softplus() - target.clone() * logits))
}

/// The cross-entropy −(1/n) Σᵢ ln softmax(zᵢ)\[cᵢ\] of classes, from logits z, \[n, classes\], and the index c of each
/// sample's class, \[n\]; a scalar.
///
/// ```
/// use autodiff::prelude::*;
/// let z = Tensor::from([[0.0, 0.0], [2000.0, 0.0]]);
/// assert_eq!(nn::loss::cross_entropy(&z, &Tensor::from([0, 0])).item(), 2f64.ln() / 2.0);
/// ```
///
/// # Panics
/// If there is not one label for each row, or a label is no class.
#[track_caller]
pub fn cross_entropy<V: Value>(logits: &V, labels: &Tensor<usize>) -> V {
    let (shape, given) = (logits.shape(), labels.shape());
    if shape.rank() == 0 || shape[..shape.rank() - 1] != given[..] {
        panic!("cross_entropy: logits {shape}, labels {given}: one label for each row is needed");
    }
    check_labels("cross_entropy", labels, shape[shape.rank() - 1]);
    let column = Tensor::from_vec(given.insert(given.rank(), 1), labels.to_vec());
    batch_mean(&logits.log_softmax(-1).gather(-1, &column)).neg()
}

/// The cross-entropy −(1/n) Σᵢ Σ_c tᵢ_c · ln softmax(zᵢ)\[c\] of target distributions t, from logits z, both
/// \[n, classes\]; a scalar. Rows of t that sum to 1 are distributions; that is not checked.
///
/// # Panics
/// If the shapes differ.
#[track_caller]
pub fn soft_cross_entropy<V: Value>(logits: &V, target: &V) -> V {
    same_shape("soft_cross_entropy", logits, target);
    batch_mean(&(logits.log_softmax(-1) * target)).neg()
}

#[track_caller]
fn same_shape<V: Value>(name: &str, y: &V, target: &V) {
    let (y, target) = (y.shape(), target.shape());
    assert!(y == target, "{name}: prediction {y}, target {target}: the shapes differ");
}
