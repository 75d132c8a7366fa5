//! Cross-entropies over classes.

use super::reduction::{batch_mean, same_shape};
use crate::data::check_labels;
use autodiff::prelude::*;

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
/// Panics if the number of labels is not the number of rows, a label is not a class, or the batch is empty.
#[track_caller]
pub fn cross_entropy<V: Value>(logits: &V, labels: &Tensor<usize>) -> V {
    -batch_mean(&log_likelihoods(logits, labels))
}

/// ln softmax(z)\[c\] of each sample's class: \[n, 1\].
#[track_caller]
pub(super) fn log_likelihoods<V: Value>(logits: &V, labels: &Tensor<usize>) -> V {
    let column = column("cross_entropy", logits, labels);
    logits.log_softmax(-1).gather(-1, &column)
}

/// The cross-entropy −(1/n) Σᵢ Σ_c tᵢ_c · ln softmax(zᵢ)\[c\] of target distributions t, from logits z, both \[n,
/// classes\]; a scalar. Each row of t should sum to 1; this is not checked.
///
/// A term with t = 0 is 0, also at a logit of −∞: a masked class counts as absent.
///
/// ```
/// use autodiff::prelude::*;
/// let (z, target) = (Tensor::from([[0.0, f64::NEG_INFINITY, 0.0]]), Tensor::from([[0.5, 0.0, 0.5]]));
/// let (loss, slope) = value_and_grad(&z, |_, z| nn::loss::soft_cross_entropy(&z, &target));
/// assert_eq!((loss.item(), slope.to_vec()), (2f64.ln(), vec![0.0, 0.0, 0.0]));
/// ```
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn soft_cross_entropy<V: Value>(logits: &V, target: impl Operand<V>) -> V {
    let target = &*target.cast(logits);
    -batch_mean(&soft_log_likelihoods(logits, target))
}

/// t_c · ln softmax(z)\[c\] for each class.
#[track_caller]
pub(super) fn soft_log_likelihoods<V: Value>(logits: &V, target: &V) -> V {
    same_shape("soft_cross_entropy", logits, target);
    logits.log_softmax(-1).mul_strong_zero(target)
}

/// The labels as a column of indices for `gather`: \[n\] → \[n, 1\].
#[track_caller]
fn column<V: Value>(name: &str, logits: &V, labels: &Tensor<usize>) -> Tensor<usize> {
    let (shape, given) = (logits.shape(), labels.shape());
    if shape.rank() == 0 || shape[..shape.rank() - 1] != given[..] {
        panic!("{name}: logits {shape}, labels {given}: logits [n, classes] and labels [n] are needed");
    }
    assert!(given.size() > 0, "{name}: logits {shape}, labels {given}: the batch is empty");
    check_labels(name, labels, shape[shape.rank() - 1]);
    Tensor::from_vec(given.insert(given.rank(), 1), labels.to_vec())
}
