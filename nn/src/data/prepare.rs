//! Scaling of features, measured on the training samples and applied to all others.

use autodiff::prelude::*;

/// An offset and a factor for each column, measured once: x ↦ (x − offset)·factor.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::Scaling;
/// let train = Tensor::from([[0.0, 5.0], [2.0, 5.0]]);
/// let scaling = Scaling::standard(&train);
/// assert_eq!(scaling.apply(&train).to_vec(), [-1.0, 0.0, 1.0, 0.0]); // a constant column becomes 0
/// let scaling = Scaling::range(&train);
/// assert_eq!(scaling.apply(&Tensor::from([[1.0, 6.0]])).to_vec(), [0.5, 1.0]);
/// assert_eq!(scaling.undo(&Tensor::from([[0.5, 1.0]])).to_vec(), [1.0, 6.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling<V> {
    /// The numbers to subtract: \[features\].
    pub offset: V,
    /// The numbers to multiply by: \[features\].
    pub factor: V,
}

// A tree, so that it can be saved with the model.
autodiff::tree!(Scaling { offset, factor });

impl<T: Element> Scaling<Tensor<T>> {
    /// Scales each column of \[n, features\] to mean 0 and variance 1 (over n, not n − 1).
    ///
    /// # Panics
    /// Panics if there are no samples, or if the tensor is not a matrix.
    #[track_caller]
    pub fn standard(x: &Tensor<T>) -> Self {
        check("standard", x);
        let offset = x.mean_axis(0);
        let variance = (x - &offset).square().mean_axis(0);
        Self { factor: variance.sqrt().map(|&size| inverse(size)), offset }
    }

    /// Scales each column to \[0, 1\], from its lowest to its highest number.
    ///
    /// # Panics
    /// Panics if there are no samples, or if the tensor is not a matrix.
    #[track_caller]
    pub fn range(x: &Tensor<T>) -> Self {
        check("range", x);
        let (low, high) = (x.min_axis(0), x.max_axis(0));
        Self { factor: (high - &low).map(|&size| inverse(size)), offset: low }
    }

    /// (x − offset)·factor, for samples with the same features.
    ///
    /// # Panics
    /// Panics if the number of features is not that of the training samples.
    #[track_caller]
    pub fn apply(&self, x: &Tensor<T>) -> Tensor<T> {
        (x - &self.offset) * &self.factor
    }

    /// The inverse of [`apply`](Scaling::apply).
    ///
    /// # Panics
    /// Panics if the number of features is not that of the training samples.
    #[track_caller]
    pub fn undo(&self, y: &Tensor<T>) -> Tensor<T> {
        y / &self.factor + &self.offset
    }
}

/// 1/size, or 1 if all numbers of the column are equal: a constant column is only moved.
fn inverse<T: Element>(size: T) -> T {
    let size = size.to_f64();
    T::from_f64(if size > 0.0 { 1.0 / size } else { 1.0 })
}

#[track_caller]
fn check<T: Element>(name: &str, x: &Tensor<T>) {
    let shape = x.shape();
    assert!(shape.rank() == 2 && shape[0] > 0, "{name}: {shape}: samples [n, features] are needed");
}
