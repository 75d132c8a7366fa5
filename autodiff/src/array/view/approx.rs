//! Comparison up to rounding, with a report of the largest difference.

use crate::array::memory::Tensor;
use crate::array::number::Number;
use crate::array::shape::Shape;
use std::fmt;

/// Two tensors that are not close: how many elements differ, and which differs most.
#[derive(Clone, Debug, PartialEq)]
pub enum Mismatch {
    /// The shapes differ, so no elements were compared.
    Shapes(Shape, Shape),
    /// Elements differ by more than the tolerance.
    Elements {
        /// The number of such elements.
        count: usize,
        /// The number of all elements.
        size: usize,
        /// The index of the element that differs most.
        worst: Vec<usize>,
        /// That element of the left and of the right tensor.
        pair: (f64, f64),
        /// The requested tolerance.
        tolerance: f64,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Shapes(left, right) => write!(f, "shapes {left} and {right} differ"),
            Mismatch::Elements { count, size, worst, pair: (left, right), tolerance } => write!(
                f,
                "{count} of {size} elements differ by more than {tolerance:e} of max(1, |left|, |right|); worst at \
                 {worst:?}: {left} and {right}, {:e} apart",
                (left - right).abs()
            ),
        }
    }
}

impl std::error::Error for Mismatch {}

impl<T: Number> Tensor<T> {
    /// Checks that all elements agree up to `tolerance`, relative to the larger absolute value, or absolute below 1.
    /// NaN agrees with NaN, and an infinity with itself.
    ///
    /// # Errors
    /// Returns a report if the shapes or any elements differ.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([1.0, 2.0]);
    /// assert!(x.approx(&(&x + 1e-15), 1e-12).is_ok());
    /// let report = x.approx(&Tensor::from([1.0, 2.5]), 1e-12).unwrap_err().to_string();
    /// assert!(report.starts_with("1 of 2 elements differ by more than 1e-12"));
    /// ```
    pub fn approx(&self, other: &Self, tolerance: f64) -> Result<(), Mismatch> {
        if self.shape != other.shape {
            return Err(Mismatch::Shapes(self.shape.clone(), other.shape.clone()));
        }
        let pairs = || self.iter().map(Number::to_f64).zip(other.iter().map(Number::to_f64));
        let difference = |(a, b): (f64, f64)| relative_difference(a, b);
        let count = pairs().filter(|&pair| difference(pair) > tolerance).count();
        let by_difference =
            |(_, a): &(usize, (f64, f64)), (_, b): &(usize, (f64, f64))| difference(*a).total_cmp(&difference(*b));
        match pairs().enumerate().max_by(by_difference) {
            Some((flat, pair)) if count > 0 => {
                let worst = unravel(flat, &self.shape);
                Err(Mismatch::Elements { count, size: self.size(), worst, pair, tolerance })
            }
            _ => Ok(()),
        }
    }
}

/// Asserts that two tensors agree, by [`Tensor::approx`].
///
/// # Panics
/// Panics if the tensors differ by more than `tolerance`.
#[track_caller]
pub fn assert_close<T: Number>(left: &Tensor<T>, right: &Tensor<T>, tolerance: f64) {
    if let Err(mismatch) = left.approx(right, tolerance) {
        panic!("{mismatch}\nleft:\n{left}\nright:\n{right}");
    }
}

fn relative_difference(a: f64, b: f64) -> f64 {
    match a == b || a.is_nan() && b.is_nan() {
        true => 0.0,
        false if a.is_finite() && b.is_finite() => (a - b).abs() / a.abs().max(b.abs()).max(1.0),
        false => f64::INFINITY,
    }
}

fn unravel(mut flat: usize, shape: &Shape) -> Vec<usize> {
    let mut index = vec![0; shape.rank()];
    for axis in (0..shape.rank()).rev() {
        index[axis] = flat % shape[axis];
        flat /= shape[axis];
    }
    index
}
