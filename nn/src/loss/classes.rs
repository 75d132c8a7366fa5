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
    let column = column("cross_entropy", logits, labels);
    batch_mean(&logits.log_softmax(-1).gather(-1, &column)).neg()
}

/// The cross-entropy −(1/n) Σᵢ Σ_c tᵢ_c · ln softmax(zᵢ)\[c\] of target distributions t, from logits z, both \[n,
/// classes\]; a scalar. Each row of t should sum to 1; this is not checked.
///
/// A term with t = 0 is 0, also at a logit of −∞: a masked class counts as absent.
///
/// ```
/// use autodiff::prelude::*;
/// let (z, target) = (Tensor::from([[0.0, f64::NEG_INFINITY, 0.0]]), Tensor::from([[0.5, 0.0, 0.5]]));
/// let (loss, slope) = value_and_grad(&z, |tape, z| nn::loss::soft_cross_entropy(&z, &tape.constant(target)));
/// assert_eq!((loss.item(), slope.to_vec()), (2f64.ln(), vec![0.0, 0.0, 0.0]));
/// ```
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn soft_cross_entropy<V: Value>(logits: &V, target: &V) -> V {
    same_shape("soft_cross_entropy", logits, target);
    batch_mean(&logits.log_softmax(-1).mul_strong_zero(target)).neg()
}

/// The [`cross_entropy`] with smoothed labels: (1 − ε)·CE(c) + ε·(the mean of CE over all K classes), as if the target
/// were 1 − ε + ε/K at the label and ε/K elsewhere. Logits \[n, classes\], labels \[n\]; averaged over the batch; a
/// scalar. (Szegedy et al. 2016, section 7.) A logit of −∞ makes the loss infinite, unless ε is 0.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::loss;
/// let (z, labels) = (Tensor::from([[1.0, 3.0, -1.0]]), Tensor::from([1]));
/// let smoothed = loss::smoothed_cross_entropy(&z, &labels, 0.3);
/// let target = Tensor::from([[0.1, 0.8, 0.1]]);
/// assert!(smoothed.approx(&loss::soft_cross_entropy(&z, &target), 1e-15).is_ok());
/// ```
///
/// # Panics
/// Panics if the number of labels is not the number of rows, if a label is not a class, if ε is outside \[0, 1\], or if
/// the batch is empty.
#[track_caller]
pub fn smoothed_cross_entropy<V: Value>(logits: &V, labels: &Tensor<usize>, smoothing: f64) -> V {
    assert!((0.0..=1.0).contains(&smoothing), "smoothed_cross_entropy: the smoothing {smoothing} is outside [0, 1]");
    let column = column("smoothed_cross_entropy", logits, labels);
    let log_p = logits.log_softmax(-1);
    let classes = log_p.shape()[log_p.shape().rank() - 1] as f64;
    // Strong-zero products, since 0·∞ would be NaN for a smoothing of 0 or 1.
    let weighted = |x: V, weight: f64| x.mul_strong_zero(&x.full_like(weight));
    let label = weighted(log_p.gather(-1, &column), smoothing - 1.0);
    batch_mean(&(label - weighted(log_p.sum_keep(-1), smoothing / classes)))
}

/// The labels as a column of indices for `gather`: \[n\] → \[n, 1\].
#[track_caller]
fn column<V: Value>(name: &str, logits: &V, labels: &Tensor<usize>) -> Tensor<usize> {
    let (shape, given) = (logits.shape(), labels.shape());
    if shape.rank() == 0 || shape[..shape.rank() - 1] != given[..] {
        panic!("{name}: logits {shape}, labels {given}: one label for each row is needed");
    }
    assert!(given.size() > 0, "{name}: logits {shape}, labels {given}: the batch is empty");
    check_labels(name, labels, shape[shape.rank() - 1]);
    Tensor::from_vec(given.insert(given.rank(), 1), labels.to_vec())
}
