//! Figures of merit, which are not differentiated.

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
/// Panics if the number of labels is not the number of rows.
#[track_caller]
pub fn accuracy<T: Element>(logits: &Tensor<T>, labels: &Tensor<usize>) -> f64 {
    let classes = logits.argmax(-1);
    let (given, expected) = (labels.shape(), classes.shape());
    assert!(given == expected, "accuracy: logits {}, labels {given}: one label for each row is needed", logits.shape());
    let right = classes.iter().zip(labels.iter()).filter(|(a, b)| a == b).count();
    right as f64 / labels.size() as f64
}

/// The squared error, summed over the features of a sample and averaged over the samples, both \[n, features\].
///
/// # Panics
/// Panics if the shapes differ.
#[track_caller]
pub fn squared_error<T: Element>(reconstruction: &Tensor<T>, x: &Tensor<T>) -> f64 {
    loss::squared_error(reconstruction, x).item().to_f64()
}
