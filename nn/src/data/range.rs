//! Checks of data before a model sees them.

use autodiff::prelude::*;
use std::fmt;
use std::ops::RangeInclusive;

/// An element of the data outside its range.
#[derive(Clone, PartialEq)]
pub struct OutOfRange {
    /// Its row, from 0.
    pub row: usize,
    /// Its column, from 0.
    pub column: usize,
    /// The element.
    pub found: f64,
    /// The expected range.
    pub expected: RangeInclusive<f64>,
}

/// Checks that all elements of data, \[n, features\], lie in a range; NaN never does. Checks whole files of pixels or
/// probabilities once, with the row and the column, which a loss does not know.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::check_range;
/// let x = Tensor::from([[0.0, 0.5], [1.0, f64::NAN]]);
/// let error = check_range(&x, 0.0..=1.0).unwrap_err();
/// assert_eq!(error.to_string(), "row 1, column 1: NaN, but a number from 0 to 1 was expected");
/// assert!(check_range(&x.clamp_max(1.0).slice(0, 0, 1), 0.0..=1.0).is_ok());
/// ```
///
/// # Errors
/// Returns the first element, row by row, that is outside.
///
/// # Panics
/// Panics if the data are not a matrix.
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

/// The text of the error, since `main` and `unwrap` show an error by `Debug`.
impl fmt::Debug for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for OutOfRange {}

/// Panics at the caller's line unless all elements of \[n, features\] are finite.
#[track_caller]
pub(crate) fn check_finite<T: Element>(function: &str, x: &Tensor<T>) {
    if let Some((i, found)) = x.iter().map(T::to_f64).enumerate().find(|(_, number)| !number.is_finite()) {
        let (shape, columns) = (x.shape(), x.shape()[1]);
        let (row, column) = (i / columns, i % columns);
        panic!("{function}: {shape}: row {row}, column {column}: {found}, but a finite number is needed");
    }
}
