//! Data that are not what they should be, refused before a model sees them.

use autodiff::prelude::*;
use std::fmt;
use std::ops::RangeInclusive;

/// A number of the data that is outside of the range that it should be in: where, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct OutOfRange {
    /// Its row, from 0.
    pub row: usize,
    /// Its column, from 0.
    pub column: usize,
    /// It.
    pub found: f64,
    /// Where it should be.
    pub expected: RangeInclusive<f64>,
}

/// Refuses data, \[n, features\], unless all numbers are in a range; what is not a number never is. Whole files of
/// pixels or probabilities are checked once so, where a loss would only find the batch.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::check_range;
/// let x = Tensor::from([[0.0, 0.5], [1.0, f64::NAN]]);
/// let error = check_range(&x, 0.0..=1.0).unwrap_err();
/// assert_eq!(error.to_string(), "row 1, column 1: NaN, but a number from 0 to 1 was expected");
/// assert!(check_range(&x.at_most(1.0).slice(0, 0, 1), 0.0..=1.0).is_ok());
/// ```
///
/// # Errors
/// The first number, row by row, that is outside.
///
/// # Panics
/// If the data are no matrix.
#[track_caller]
pub fn check_range<T: Element>(x: &Tensor<T>, range: RangeInclusive<f64>) -> Result<(), OutOfRange> {
    let shape = x.shape();
    assert!(shape.rank() == 2, "check_range: {shape}: samples [n, features] are needed");
    let outside = x.iter().map(T::to_f64).enumerate().find(|(_, number)| !range.contains(number));
    outside.map_or(Ok(()), |(i, found)| {
        Err(OutOfRange { row: i / shape[1], column: i % shape[1], found, expected: range })
    })
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, column, found, expected } = self;
        let (low, high) = (expected.start(), expected.end());
        write!(f, "row {row}, column {column}: {found}, but a number from {low} to {high} was expected")
    }
}

impl std::error::Error for OutOfRange {}
