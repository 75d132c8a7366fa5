//! A column of a table as the labels of a classifier.

use super::Table;
use autodiff::prelude::*;
use std::fmt;

/// A row of a [`Table`] that has no label.
#[derive(Clone, PartialEq)]
pub struct NoLabel {
    /// The row, from 0.
    pub row: usize,
    /// The name of the column.
    pub column: String,
    /// The number in a column of numbers. `None` if a category is missing.
    pub found: Option<f64>,
}

impl<T: Element> Table<T> {
    /// A column as labels: \[rows\]. In a column of numbers, a label is a whole number from 0. A text becomes the place of
    /// its category in [`Categories::of`](crate::data::Categories::of), from 0. With [`without`](Table::without), a table
    /// becomes samples:
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::data::{Categories, Samples, Table};
    /// # let file = std::env::temp_dir().join(format!("nn-labels-doc-{}.csv", std::process::id()));
    /// std::fs::write(&file, "length,colour,age\n1.5,red,2\n0.5,blue,0\n2.5,red,1\n")?;
    /// let categories = Categories::read(&file, ["colour"])?;
    /// let table = Table::<f64>::read_with_categories(&file, &categories)?;
    /// let samples = Samples::new(table.without("colour").x, table.labels("colour")?);
    /// assert_eq!(samples.x, Tensor::from([[1.5, 2.0], [0.5, 0.0], [2.5, 1.0]]));
    /// assert_eq!(samples.labels, Tensor::from([1, 0, 1]));
    /// assert_eq!(categories.of("colour")[1], "red");
    ///
    /// assert_eq!(table.labels("age")?, Tensor::from([2, 0, 1]));
    /// let error = table.labels("length").unwrap_err();
    /// assert_eq!(error.to_string(), "row 0, column \"length\": 1.5, but a class was expected, a whole number from 0");
    /// # std::fs::remove_file(&file)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns the first row whose number is no class, or whose category is missing.
    ///
    /// # Panics
    /// Panics if there is no such column, or more than one.
    #[track_caller]
    pub fn labels(&self, column: &str) -> Result<Tensor<usize>, NoLabel> {
        let (names, places) = self.columns_for("labels", column);
        let is_text = names[places.start] != column;
        let numbers: Vec<f64> = self.x.slice(1, places.start, places.end).iter().map(T::to_f64).collect();
        let label = |(row, numbers): (usize, &[f64])| {
            let label = if is_text { numbers.iter().position(|&x| x == 1.0) } else { class(numbers[0]) };
            let found = (!is_text).then_some(numbers[0]);
            label.ok_or_else(|| NoLabel { row, column: column.to_owned(), found })
        };
        numbers.chunks_exact(places.len()).enumerate().map(label).collect::<Result<Vec<_>, _>>().map(Tensor::from)
    }

    /// The table without a column of the file: without one column of numbers, or those of all categories.
    ///
    /// # Panics
    /// Panics if there is no such column, or more than one.
    #[must_use]
    #[track_caller]
    pub fn without(&self, column: &str) -> Self {
        let ((names, places), end) = (self.columns_for("without", column), self.x.shape()[1]);
        let x = Tensor::concat(1, &[&self.x.slice(1, 0, places.start), &self.x.slice(1, places.end, end)]);
        let names = [&names[..places.start], &names[places.end..]].concat();
        Self { names: Some(names), index: self.index.clone(), x }
    }
}

/// The class in a column of numbers. A cast would make 0 of NaN and of −1.
fn class(x: f64) -> Option<usize> {
    (x >= 0.0 && x.fract() == 0.0 && x <= u32::MAX.into()).then_some(x as usize)
}

impl fmt::Display for NoLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, column, found } = self;
        write!(f, "row {row}, column {column:?}: ")?;
        match found {
            Some(number) => write!(f, "{number}, but a class was expected, a whole number from 0"),
            None => f.write_str("the category is missing"),
        }
    }
}

/// The text of the error, since `main` and `unwrap` show an error by `Debug`.
impl fmt::Debug for NoLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for NoLabel {}
