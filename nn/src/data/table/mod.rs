//! Tables of numbers as comma-separated values.

mod categories;
mod field;
mod labels;
mod records;
mod rows;

pub use categories::Categories;
pub(crate) use field::Numbers;
pub use labels::NoLabel;
pub(crate) use records::Header;
pub(crate) use rows::{Rows, rows};

use super::files::{Fault, FileError};
use autodiff::prelude::*;
use rows::rows_with;
use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

/// A table of numbers, read from a file of comma-separated values. Needs the feature `files`.
///
/// Fields may be quoted, and then hold commas, line breaks, and quotes as `""` (RFC 4180). Each line has as many fields
/// as the first. Blanks around a number or a name, empty lines, and a byte order mark are ignored.
///
/// If no field of the first line is a number, the line is a header. If the first name in it is empty, the first column
/// holds the names of the rows, as pandas and R write it.
///
/// Numbers are finite: “nan”, “inf”, an empty field or other text is an error that names the line and the column.
/// [`read_with_missing`](Table::read_with_missing) takes files in which numbers are missing, and
/// [`read_with_categories`](Table::read_with_categories) files in which columns are text.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::Table;
/// # let file = std::env::temp_dir().join(format!("nn-table-doc-{}.csv", std::process::id()));
/// std::fs::write(&file, ",length,\"width, outside\"\nfirst,1.5,2\nsecond,0.5,4\n")?;
/// let table = Table::<f64>::read(&file)?;
/// assert_eq!(table.x, Tensor::from([[1.5, 2.0], [0.5, 4.0]]));
/// assert_eq!(table.names.unwrap(), ["length", "width, outside"]);
/// assert_eq!(table.index.unwrap(), ["first", "second"]);
/// # std::fs::remove_file(&file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Columns are inputs, targets or labels; together they are a [data set](crate::data::Dataset). The columns of a file
/// without a header are called `1`, `2`, …:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::{Dataset, Samples};
/// # let x = Tensor::from([[5.1, 3.5, 0.0], [7.0, 3.2, 1.0], [6.3, 3.3, 1.0]]);
/// # let table = nn::data::Table { names: None, index: None, x };
/// let inputs = table.without("3").x;
/// let samples = Samples::new(inputs.clone(), table.labels("3")?);
/// let target = table.columns("3");
/// let regression = (inputs, table.x.slice(1, target.start, target.end));
/// assert_eq!((samples.len(), regression.len()), (3, 3));
/// # Ok::<(), nn::data::NoLabel>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T> {
    /// The names of the columns, if the file has a header.
    pub names: Option<Vec<String>>,
    /// The names of the rows, if the file has an index column.
    pub index: Option<Vec<String>>,
    /// The numbers: \[rows, columns\].
    pub x: Tensor<T>,
}

impl<T: Element> Table<T> {
    /// Reads a file; with the feature `gz`, unpacks a file whose name ends in `.gz`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or unpacked, is not UTF-8, has no row, or has a field that is
    /// missing, extra, or not a finite number.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, FileError> {
        Self::read_rows(file.as_ref(), Numbers::Finite)
    }

    /// The same, but a number may be missing: an empty field, `NA` and `NaN` become NaN. An
    /// [`Imputation`](crate::data::Imputation) fills them.
    ///
    /// # Errors
    /// Returns an error as [`read`](Table::read).
    pub fn read_with_missing(file: impl AsRef<Path>) -> Result<Self, FileError> {
        Self::read_rows(file.as_ref(), Numbers::OrMissing)
    }

    /// The same, but the columns of the [`Categories`] are text. Such a column becomes one column for each category, in
    /// their order, with 1 where a row has the category and 0 elsewhere; its name is `name=category`.
    ///
    /// # Errors
    /// Returns an error as [`read`](Table::read). The error for a text that is no category names the line and the
    /// column.
    pub fn read_with_categories(file: impl AsRef<Path>, categories: &Categories) -> Result<Self, FileError> {
        let (file, numbers) = (file.as_ref(), categories.numbers());
        let parsed = rows_with(file, numbers, Header::IfNoNumber, categories).and_then(Self::of);
        parsed.map_err(|fault| fault.of(file))
    }

    /// The columns of `x` that hold a column of the file with this name: one for numbers, and one for each category of
    /// texts. Without a header, the names are `1`, `2`, ….
    ///
    /// # Panics
    /// Panics if there is no such column, or more than one.
    #[track_caller]
    pub fn columns(&self, name: &str) -> Range<usize> {
        self.columns_for("columns", name).1
    }

    /// The names of the columns, or their numbers from 1, and the columns of `x` that hold the named one. Messages bear the
    /// name of the method.
    #[track_caller]
    fn columns_for(&self, method: &str, name: &str) -> (Cow<'_, [String]>, Range<usize>) {
        let shape = self.x.shape();
        assert!(shape.rank() == 2, "Table::{method}: x has shape {shape}, but [rows, columns] is needed");
        let names: Cow<'_, [String]> = match &self.names {
            Some(names) => names.into(),
            None => numbered(shape[1]).into(),
        };
        let n = names.len();
        assert!(n == shape[1], "Table::{method}: x has shape {shape}, but there are {n} names of columns");
        let is_category = |found: &String| found.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        let is_named = |found: &String| found == name;
        let is_asked: &dyn Fn(&String) -> bool = if names.iter().any(is_named) { &is_named } else { &is_category };
        let Some(first) = names.iter().position(is_asked) else {
            panic!("Table::{method}: there is no column {name:?}, but {names:?}")
        };
        let end = first
            + if is_named(&names[first]) { 1 } else { names[first..].iter().take_while(|x| is_category(x)).count() };
        assert!(
            !names[end..].iter().any(is_asked),
            "Table::{method}: there is more than one column {name:?}: {names:?}"
        );
        (names, first..end)
    }

    fn read_rows(file: &Path, numbers: Numbers) -> Result<Self, FileError> {
        let parsed = rows(file, numbers, Header::IfNoNumber).and_then(Self::of);
        parsed.map_err(|fault| fault.of(file))
    }

    fn of(rows: Rows<'_, T>) -> Result<Self, Fault> {
        let Rows { header, index, texts, lines, x, end } = rows;
        if lines.is_empty() {
            return Err(Fault::at(end, "the end", "a row"));
        }
        let columns = x.len() / lines.len();
        let names = match header {
            Some(header) => {
                Some(header[usize::from(index.is_some())..].iter().map(|name| name.trim().to_owned()).collect())
            }
            None if texts.iter().any(Option::is_some) => Some(numbered(texts.len())),
            None => None,
        };
        let names = names.map(|names: Vec<String>| expanded(names, &texts[usize::from(index.is_some())..]));
        Ok(Self { names, index, x: Tensor::from_vec([lines.len(), columns], x) })
    }
}

/// The names of the columns of a file without a header.
fn numbered(columns: usize) -> Vec<String> {
    (1..=columns).map(|column| column.to_string()).collect()
}

/// The names of the columns. A column of text becomes several columns.
fn expanded(names: Vec<String>, texts: &[Option<&[String]>]) -> Vec<String> {
    let expanded = names.into_iter().zip(texts).flat_map(|(name, categories)| match categories {
        Some(categories) => categories.iter().map(|category| format!("{name}={category}")).collect(),
        None => vec![name],
    });
    expanded.collect()
}
