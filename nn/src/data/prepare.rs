//! Scaling of features, measured on the training samples and applied to all others.

use super::range::check_finite;
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Scaling<V> {
    /// The numbers to subtract: \[features\].
    pub offset: V,
    /// The numbers to multiply by: \[features\].
    pub factor: V,
}

// A tree, so that it can be saved with the model.
autodiff::tree!(Scaling { offset, factor });

impl<T: Element> Scaling<Tensor<T>> {
    /// Scales each column of \[n, features\] to mean 0 and variance 1 (over n, not n − 1). An
    /// [`Imputation`](super::Imputation) fills missing numbers first.
    ///
    /// A column is constant if its deviation is within the rounding of its mean. It is only moved.
    ///
    /// # Panics
    /// Panics if the tensor is not a matrix, if there are no samples, or if a number is not finite.
    #[track_caller]
    pub fn standard(x: &Tensor<T>) -> Self {
        Self::standard_as("Scaling::standard", x)
    }

    /// As [`standard`](Scaling::standard), with the name of the calling function in messages.
    #[track_caller]
    pub(crate) fn standard_as(function: &str, x: &Tensor<T>) -> Self {
        Self::by_columns(function, x, |column| {
            let (mean, deviation) = mean_and_deviation(column);
            // The offset is the mean rounded to this type, so a column that varies by less cannot be centred.
            (mean, if deviation > epsilon::<T>() * mean.abs() { 1.0 / deviation } else { 1.0 })
        })
    }

    /// Scales each column to \[0, 1\], from its lowest to its highest number. A constant column is only moved.
    ///
    /// # Panics
    /// Panics if the tensor is not a matrix, if there are no samples, or if a number is not finite.
    #[track_caller]
    pub fn range(x: &Tensor<T>) -> Self {
        Self::by_columns("Scaling::range", x, |column| {
            let low = column.iter().copied().fold(f64::INFINITY, f64::min);
            let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (low, if high > low { 0.5 / (0.5 * high - 0.5 * low) } else { 1.0 }) // high − low may overflow
        })
    }

    /// The scaling with the offset and the factor that a function gives for each column.
    #[track_caller]
    fn by_columns(function: &str, x: &Tensor<T>, measure: impl Fn(&[f64]) -> (f64, f64)) -> Self {
        let shape = x.shape();
        assert!(shape.rank() == 2 && shape[0] > 0, "{function}: {shape}: samples [n, features] are needed");
        check_finite(function, x);
        let columns = (0..shape[1]).map(|j| x.index_axis(1, j).iter().map(T::to_f64).collect::<Vec<f64>>());
        let (offset, factor): (Vec<T>, Vec<T>) = columns
            .map(|column| {
                let (offset, factor) = measure(&column);
                let in_range = T::from_f64(factor).to_f64().is_finite();
                (T::from_f64(offset), T::from_f64(if in_range { factor } else { 1.0 }))
            })
            .unzip();
        Self { offset: offset.into(), factor: factor.into() }
    }

    /// (x − offset)·factor, for samples with the same features.
    ///
    /// # Panics
    /// Panics if the training samples had another number of features.
    #[track_caller]
    pub fn apply(&self, x: &Tensor<T>) -> Tensor<T> {
        self.check("Scaling::apply", x);
        (x - &self.offset) * &self.factor
    }

    /// The inverse of [`apply`](Scaling::apply).
    ///
    /// # Panics
    /// Panics if the training samples had another number of features.
    #[track_caller]
    pub fn undo(&self, y: &Tensor<T>) -> Tensor<T> {
        self.check("Scaling::undo", y);
        y / &self.factor + &self.offset
    }

    #[track_caller]
    fn check(&self, function: &str, x: &Tensor<T>) {
        let (offset, factor, shape) = (self.offset.shape(), self.factor.shape(), x.shape());
        let alike = offset.rank() == 1 && offset == factor;
        assert!(alike, "{function}: the offset has shape {offset} and the factor {factor}: both must be [features]");
        let n = offset[0];
        assert!(shape.last() == Some(&n), "{function}: the scaling is of {n} features, but `x` has shape {shape}");
    }
}

/// The mean of the numbers, and their deviation from it.
pub(super) fn mean_and_deviation(x: &[f64]) -> (f64, f64) {
    let peak = x.iter().fold(0.0, |peak: f64, x| peak.max(x.abs()));
    if peak == 0.0 {
        return (0.0, 0.0);
    }
    // In units of a power of 2, which is exact, no sum overflows and no square vanishes.
    let unit = 2f64.powi(peak.log2().floor() as i32);
    let mean = |x: &mut dyn Iterator<Item = f64>, n: usize| x.sum::<f64>() / n as f64;
    let n = x.len();
    let first = mean(&mut x.iter().map(|x| x / unit), n);
    // The mean of the differences from the first mean is the rounding error of its sum.
    let centre = first + mean(&mut x.iter().map(|x| x / unit - first), n);
    let variance = mean(&mut x.iter().map(|x| (x / unit - centre).powi(2)), n);
    (centre * unit, variance.sqrt() * unit)
}

/// The distance from 1 to the next number of a type.
fn epsilon<T: Element>() -> f64 {
    let halves = std::iter::successors(Some(1.0), |half| Some(half / 2.0));
    halves.take_while(|half| T::from_f64(1.0 + half).to_f64() > 1.0).last().expect("1 + 1 is above 1")
}
