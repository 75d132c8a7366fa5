//! Features made comparable. What is measured on the training samples is applied to all others.

use autodiff::prelude::*;

/// A shift and a factor for each column, measured once: x ↦ (x − offset)·factor.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::Scaling;
/// let train = Tensor::from([[0.0, 5.0], [2.0, 5.0]]);
/// let scaling = Scaling::standard(&train);
/// assert_eq!(scaling.apply(&train).to_vec(), [-1.0, 0.0, 1.0, 0.0]); // a column that is constant becomes 0
/// let scaling = Scaling::range(&train);
/// assert_eq!(scaling.apply(&Tensor::from([[1.0, 6.0]])).to_vec(), [0.5, 1.0]);
/// assert_eq!(scaling.undo(&Tensor::from([[0.5, 1.0]])).to_vec(), [1.0, 6.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling<V> {
    /// What is subtracted: \[features\].
    pub offset: V,
    /// What it is then multiplied by: \[features\].
    pub factor: V,
}

// So that it is saved with the model that needs it.
autodiff::tree!(Scaling { offset, factor });

impl<T: Element> Scaling<Tensor<T>> {
    /// To mean 0 and variance 1 (over n, not n − 1) in each column of \[n, features\].
    ///
    /// # Panics
    /// If there are no samples, or the tensor is no matrix.
    #[track_caller]
    pub fn standard(x: &Tensor<T>) -> Self {
        check("standard", x);
        let offset = x.mean_axis(0);
        let variance = (x - &offset).square().mean_axis(0);
        Self { factor: variance.sqrt().map(|&size| inverse(size)), offset }
    }

    /// To \[0, 1\]: each column from its lowest to its highest number.
    ///
    /// # Panics
    /// If there are no samples, or the tensor is no matrix.
    #[track_caller]
    pub fn range(x: &Tensor<T>) -> Self {
        check("range", x);
        let (low, high) = (x.min_axis(0), x.max_axis(0));
        Self { factor: (high - &low).map(|&size| inverse(size)), offset: low }
    }

    /// (x − offset)·factor, for samples of as many features.
    ///
    /// # Panics
    /// If they have another number of features.
    #[track_caller]
    pub fn apply(&self, x: &Tensor<T>) -> Tensor<T> {
        (x - &self.offset) * &self.factor
    }

    /// What [`apply`](Scaling::apply) came from.
    ///
    /// # Panics
    /// If there is another number of features.
    #[track_caller]
    pub fn undo(&self, y: &Tensor<T>) -> Tensor<T> {
        y / &self.factor + &self.offset
    }
}

/// 1/size, and 1 where all numbers are the same: a column without any information is only moved.
fn inverse<T: Element>(size: T) -> T {
    let size = size.to_f64();
    T::from_f64(if size > 0.0 { 1.0 / size } else { 1.0 })
}

#[track_caller]
fn check<T: Element>(name: &str, x: &Tensor<T>) {
    let shape = x.shape();
    assert!(shape.rank() == 2 && shape[0] > 0, "{name}: {shape}: samples [n, features] are needed");
}
