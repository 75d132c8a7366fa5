//! Columns of text as numbers.

use super::field::Numbers;
use super::numbered;
use super::records::{Header, names, records};
use crate::data::files::{Fault, FileError, Place};
use std::collections::BTreeSet;
use std::path::Path;

/// The columns of a table that are text, with their categories in order. [`Table`](crate::data::Table) makes one column
/// of numbers for each category. Needs the feature `files`.
///
/// The categories come from the training file, sorted by their Unicode code points, or from the program, in any order.
/// In another file, a text that is none of them is an error, so each column keeps its meaning:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::{Categories, Table};
/// # let folder = std::env::temp_dir().join(format!("nn-categories-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let [train, test] = ["train.csv", "test.csv"].map(|name| folder.join(name));
/// std::fs::write(&train, "length,colour\n1.5,red\n0.5,blue\n2.5,red\n")?;
/// std::fs::write(&test, "length,colour\n3.5,blue\n4.5,green\n")?;
///
/// let categories = Categories::read(&train, ["colour"])?;
/// assert_eq!(categories.of("colour"), ["blue", "red"]);
/// let table = Table::<f64>::read_with_categories(&train, &categories)?;
/// assert_eq!(table.x, Tensor::from([[1.5, 0.0, 1.0], [0.5, 1.0, 0.0], [2.5, 0.0, 1.0]]));
/// assert_eq!(table.names.as_deref().unwrap(), ["length", "colour=blue", "colour=red"]);
///
/// let error = Table::<f64>::read_with_categories(&test, &categories).unwrap_err();
/// assert_eq!(error.fault.to_string(), "line 3, column 2: \"green\", but one of \"blue\", \"red\" was expected");
///
/// // The classes of a classifier, as labels and back as names.
/// let labels = table.labels("colour")?;
/// assert_eq!(labels, Tensor::from([1, 0, 1]));
/// assert_eq!(categories.of("colour")[labels[[0]]], "red");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// In a file without a header, the names of the columns are `1`, `2`, …. Blanks around a text are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories {
    /// The name of each column, and its categories.
    columns: Vec<(String, Vec<String>)>,
    may_miss: bool,
}

/// The most categories of a column.
const MOST: usize = 1000;

impl Categories {
    /// No column of text.
    pub(super) const fn none() -> Self {
        Self { columns: Vec::new(), may_miss: false }
    }

    /// Columns by their names, each with its categories in the given order.
    ///
    /// ```
    /// let categories = nn::data::Categories::new([("size", ["small", "large"])]);
    /// assert_eq!(categories.of("size"), ["small", "large"]);
    /// ```
    ///
    /// # Panics
    /// Panics if a column, or a category of a column, is given twice.
    #[track_caller]
    pub fn new<N, I>(columns: impl IntoIterator<Item = (N, I)>) -> Self
    where
        N: Into<String>,
        I: IntoIterator<Item: Into<String>>,
    {
        let column = |(name, categories): (N, I)| (name.into(), categories.into_iter().map(Into::into).collect());
        let columns: Vec<(String, Vec<String>)> = columns.into_iter().map(column).collect();
        for (i, (name, categories)) in columns.iter().enumerate() {
            let is_new = columns[..i].iter().all(|(other, _)| other != name);
            assert!(is_new, "Categories: the column {name:?} is given twice");
            let again = (0..categories.len()).find(|&i| categories[..i].contains(&categories[i]));
            if let Some(i) = again {
                panic!("Categories: the category {:?} of column {name:?} is given twice", categories[i]);
            }
        }
        Self { columns, may_miss: false }
    }

    /// Finds the categories in the columns of a file with the given names: all texts, sorted.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or unpacked, is not UTF-8, or lacks one of the columns, or if a
    /// column has more than 1,000 different texts: names or dates are not categories.
    ///
    /// # Panics
    /// Panics if a column is given twice.
    #[track_caller]
    pub fn read<N: Into<String>>(
        file: impl AsRef<Path>,
        columns: impl IntoIterator<Item = N>,
    ) -> Result<Self, FileError> {
        let empty = Self::new(columns.into_iter().map(|name| (name, [""; 0])));
        empty.filled(file.as_ref()).map_err(|fault| fault.of(file.as_ref()))
    }

    /// The same columns with the categories in a file.
    fn filled(mut self, file: &Path) -> Result<Self, Fault> {
        let mut places: Option<Vec<usize>> = None;
        let mut found = vec![BTreeSet::new(); self.columns.len()];
        records(file, |line, record| {
            let known = match &places {
                Some(known) => known,
                None => {
                    let header = names(record, Header::IfNoNumber, Numbers::Finite);
                    let known = places.insert(self.places(line, record.len(), header.as_deref())?);
                    if header.is_some() {
                        return Ok(());
                    }
                    known
                }
            };
            for (texts, &place) in found.iter_mut().zip(known) {
                let text = record.get(place).map(str::trim).filter(|text| !text.is_empty());
                if text.is_some_and(|text| !texts.contains(text)) {
                    texts.extend(text.map(str::to_owned));
                }
                if texts.len() > MOST {
                    let at = Place::Field { line, column: place + 1 };
                    return Err(Fault::content(at, "one more text", format!("no more than {MOST} categories")));
                }
            }
            Ok(())
        })?;
        for ((i, (name, categories)), texts) in self.columns.iter_mut().enumerate().zip(found) {
            if texts.is_empty() {
                let column = places.as_ref().map_or(1, |places| places[i] + 1);
                return Err(Fault::content(
                    Place::Field { line: 1, column },
                    "no text",
                    format!("a text in column {name:?}"),
                ));
            }
            *categories = texts.into_iter().collect();
        }
        Ok(self)
    }

    /// Allows missing fields. A missing number becomes NaN, as in
    /// [`Table::read_with_missing`](crate::data::Table::read_with_missing). An empty text becomes NaN in the columns of all
    /// its categories, and [`Table::labels`](crate::data::Table::labels) refuses its row. `NA` is a text like others, since it
    /// may be a category, such as the code of Namibia.
    #[must_use]
    pub fn with_missing(self) -> Self {
        Self { may_miss: true, ..self }
    }

    /// The names of the columns of text, as they were given.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| &name[..])
    }

    /// The categories of a column, in order.
    ///
    /// # Panics
    /// Panics if the column is not one of these.
    #[track_caller]
    pub fn of(&self, column: &str) -> &[String] {
        match self.columns.iter().find(|(name, _)| name == column) {
            Some((_, categories)) => categories,
            None => {
                panic!("Categories::of: there is no column {column:?}, but {:?}", self.columns().collect::<Vec<_>>())
            }
        }
    }

    pub(super) fn numbers(&self) -> Numbers {
        if self.may_miss { Numbers::OrMissing } else { Numbers::Finite }
    }

    /// For each of the columns of a file, its categories if it is text.
    pub(super) fn texts(
        &self,
        line: usize,
        columns: usize,
        header: Option<&[String]>,
    ) -> Result<Vec<Option<&[String]>>, Fault> {
        let mut texts = vec![None; columns];
        for (place, (_, categories)) in self.places(line, columns, header)?.into_iter().zip(&self.columns) {
            texts[place] = Some(&categories[..]);
        }
        Ok(texts)
    }

    /// The places of the columns of text in a file, from the fields of its first line.
    fn places(&self, line: usize, columns: usize, header: Option<&[String]>) -> Result<Vec<usize>, Fault> {
        let names: Vec<String> = match header {
            Some(header) => header.iter().map(|name| name.trim().to_owned()).collect(),
            None => numbered(columns),
        };
        let misfit =
            |column, found: String, expected| Err(Fault::content(Place::Field { line, column }, found, expected));
        for (name, _) in &self.columns {
            // The columns of its categories are named so.
            let start = format!("{name}=");
            let like_category = names.iter().position(|found| found.starts_with(&start));
            if let Some(place) = like_category {
                return misfit(
                    place + 1,
                    format!("{:?}", names[place]),
                    format!("a name that does not begin with {start:?}"),
                );
            }
            if names.iter().filter(|found| *found == name).count() > 1 {
                return misfit(1, format!("more than one column {name:?}"), "one".to_owned());
            }
        }
        let place = |(name, _): &(String, _)| {
            names.iter().position(|found| found == name).ok_or_else(|| {
                let found = match header {
                    Some(_) => format!("a header with the names {names:?}"),
                    None => format!("{columns} columns without a header"),
                };
                Fault::content(Place::Field { line, column: 1 }, found, format!("a column {name:?}"))
            })
        };
        self.columns.iter().map(place).collect()
    }
}
