//! Numbers in the place of missing ones.

use super::prepare::mean_and_deviation;
use autodiff::prelude::*;

/// A number for each column that takes the place of missing ones, measured once on the training samples.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::Imputation;
/// let train = Tensor::from([[1.0, 5.0], [3.0, f64::NAN], [f64::NAN, 7.0]]);
/// let imputation = Imputation::mean(&train);
/// assert_eq!(imputation.apply(&train), Tensor::from([[1.0, 5.0], [3.0, 6.0], [2.0, 7.0]]));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Imputation<V> {
    /// The number for each column: \[features\].
    pub numbers: V,
}

// A tree, so that it can be saved with the model.
autodiff::tree!(Imputation { numbers });

impl<T: Element> Imputation<Tensor<T>> {
    /// The mean of the numbers in each column of \[n, features\], where NaN is a missing number.
    ///
    /// # Panics
    /// Panics if the tensor is not a matrix, or if a column holds no number or an infinite one.
    #[track_caller]
    pub fn mean(x: &Tensor<T>) -> Self {
        let shape = x.shape();
        assert!(shape.rank() == 2, "Imputation::mean: {shape}: samples [n, features] are needed");
        let mut means = Vec::with_capacity(shape[1]);
        for column in 0..shape[1] {
            let numbers = x.index_axis(1, column).iter().map(T::to_f64).filter(|x| !x.is_nan()).collect::<Vec<f64>>();
            let is_finite = numbers.iter().all(|x| x.is_finite());
            assert!(!numbers.is_empty(), "Imputation::mean: {shape}: column {column} holds no number");
            assert!(is_finite, "Imputation::mean: {shape}: column {column} holds an infinite number");
            means.push(T::from_f64(mean_and_deviation(&numbers).0));
        }
        Self { numbers: means.into() }
    }

    /// The samples with a number in the place of each NaN.
    ///
    /// # Panics
    /// Panics if the training samples had another number of features.
    #[track_caller]
    pub fn apply(&self, x: &Tensor<T>) -> Tensor<T> {
        let (numbers, shape) = (self.numbers.shape(), x.shape());
        let fits = numbers.rank() == 1 && shape.last() == numbers.last();
        assert!(fits, "Imputation::apply: the numbers have shape {numbers}, but `x` has shape {shape}");
        x.equal(x).select(x, &self.numbers.broadcast_to(shape.clone()))
    }
}
