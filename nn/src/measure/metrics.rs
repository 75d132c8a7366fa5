//! Figures of merit, which are not differentiated.

use super::check::check_figures;
use crate::data::check_labels;
use crate::loss;
use autodiff::prelude::*;

/// The share of rows whose largest logit belongs to the right class: logits \[n, classes\], labels \[n\].
///
/// ```
/// use autodiff::prelude::*;
/// let logits = Tensor::from([[1.0, 3.0], [2.0, 0.0]]);
/// assert_eq!(nn::metrics::accuracy(&logits, &Tensor::from([1, 1])), 0.5);
/// ```
///
/// # Panics
/// Panics if the number of labels is not the number of rows, if a label is not a class, if there are no samples, or if a
/// logit is NaN.
#[track_caller]
pub fn accuracy<T: Element>(logits: &Tensor<T>, labels: &Tensor<usize>) -> f64 {
    check_classes("accuracy", logits, labels);
    let classes = logits.argmax(-1);
    let right = classes.iter().zip(labels.iter()).filter(|(a, b)| a == b).count();
    right as f64 / labels.size() as f64
}

/// The confusion matrix of a classifier, \[classes, classes\]: the entry in row i and column j counts the samples of class i
/// whose largest logit is that of class j. From logits \[n, classes\] and labels \[n\].
///
/// ```
/// use autodiff::prelude::*;
/// let logits = Tensor::from([[1.0, 3.0], [2.0, 0.0], [0.0, 1.0]]);
/// let confusion = nn::metrics::confusion(&logits, &Tensor::from([1, 1, 1]));
/// assert_eq!(confusion, Tensor::from([[0, 0], [1, 2]]));
/// ```
///
/// # Panics
/// Panics as [`accuracy`].
#[track_caller]
pub fn confusion<T: Element>(logits: &Tensor<T>, labels: &Tensor<usize>) -> Tensor<usize> {
    let classes = check_classes("confusion", logits, labels);
    let mut counts = vec![0; classes * classes];
    labels.iter().zip(logits.argmax(-1).iter()).for_each(|(label, class)| counts[label * classes + class] += 1);
    Tensor::from_vec([classes, classes], counts)
}

/// The number of classes of logits, with a label for each row.
#[track_caller]
fn check_classes<T: Element>(function: &str, logits: &Tensor<T>, labels: &Tensor<usize>) -> usize {
    let (shape, given) = (logits.shape(), labels.shape());
    let fits = shape.split_last().is_some_and(|(_, rows)| *rows == **given);
    assert!(fits, "{function}: logits {shape}, labels {given}: logits [n, classes] and labels [n] are needed");
    let classes = shape[shape.rank() - 1];
    check_labels(function, labels, classes);
    check_figures(function, "logits", logits);
    classes
}

/// The squared error, summed over the features of a sample and averaged over the samples, both \[n, features\].
///
/// # Panics
/// Panics if the shapes differ, if there are no samples, or if a number is NaN.
#[track_caller]
pub fn squared_error<T: Element>(reconstruction: &Tensor<T>, x: &Tensor<T>) -> f64 {
    check_figures("squared_error", "reconstruction", reconstruction);
    check_figures("squared_error", "x", x);
    loss::squared_error(reconstruction, x).item().to_f64()
}
