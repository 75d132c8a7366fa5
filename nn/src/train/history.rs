//! A table of the figures of each epoch.

use super::means::Figure;
use std::fmt::{self, Write};
#[cfg(feature = "files")]
use {
    crate::data::{Fault, FileError, Header, Numbers, Place, Rows, replace_file, rows},
    std::{io, path::Path},
};

/// A table with a column for each name and a row for each epoch, to be printed, or written as CSV or JSON.
///
/// ```
/// use nn::History;
/// let mut history = History::default();
/// history.push(&[("loss", 0.5), ("accuracy", 0.25)]);
/// history.push(&[("loss", 0.125)]);
/// assert_eq!(history.to_json(), r#"{"epoch":[1,2],"loss":[0.5,0.125],"accuracy":[0.25,null]}"#);
/// assert_eq!(history.column("loss"), [0.5, 0.125]);
/// assert_eq!(history.lowest("loss"), Some((2, 0.125)));
/// assert_eq!(history.to_string(), "\
/// epoch    loss  accuracy
///     1  0.5000    0.2500
///     2  0.1250       NaN");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    epochs: usize,
    columns: Vec<(String, Vec<f64>)>,
}

impl History {
    /// The state in a file: the columns with their names, each with a figure for each epoch.
    #[cfg(feature = "store")]
    pub(crate) fn from_columns(epochs: usize, columns: Vec<(String, Vec<f64>)>) -> Self {
        Self { epochs, columns }
    }

    /// Adds the figures of one more epoch. An epoch without a figure for a column has NaN there.
    ///
    /// # Panics
    /// Panics if the row has two figures of one name, or one named `epoch`, which is the name of the first column.
    #[track_caller]
    pub fn push(&mut self, row: &[(impl AsRef<str>, f64)]) {
        for (i, (name, figure)) in row.iter().enumerate() {
            let name = name.as_ref();
            assert!(
                name != "epoch",
                "History::push: \"epoch\" is the column of the epochs; give the figure another name"
            );
            let is_second = row[..i].iter().any(|(before, _)| before.as_ref() == name);
            assert!(!is_second, "History::push: the row has two figures named {name:?}");
            let i = self.place(name);
            let column = &mut self.columns[i].1;
            column.resize(self.epochs, f64::NAN);
            column.push(*figure);
        }
        self.epochs += 1;
        self.columns.iter_mut().for_each(|(_, column)| column.resize(self.epochs, f64::NAN));
    }

    fn place(&mut self, name: &str) -> usize {
        let known = self.columns.iter().position(|(known, _)| known == name);
        known.unwrap_or_else(|| {
            self.columns.push((name.to_owned(), Vec::new()));
            self.columns.len() - 1
        })
    }

    /// The number of epochs.
    pub fn len(&self) -> usize {
        self.epochs
    }

    /// Whether there is no epoch yet.
    pub fn is_empty(&self) -> bool {
        self.epochs == 0
    }

    /// The names, in the order in which they first appeared.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The figures under one name, one for each epoch; empty if there is no such name.
    pub fn column(&self, name: &str) -> &[f64] {
        self.columns.iter().find(|(known, _)| known == name).map_or(&[], |(_, column)| column)
    }

    /// The epoch with the lowest figure under one name, counted from 1, and that figure. `lowest("validation loss")` is the
    /// epoch of the best model. If several figures are equal, the first counts; NaN does not. `None` if there is none.
    pub fn lowest(&self, name: &str) -> Option<(usize, f64)> {
        let figures = self.column(name).iter().enumerate().filter(|(_, figure)| !figure.is_nan());
        let (epoch, &figure) = figures.min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        Some((epoch + 1, figure))
    }

    /// Comma-separated values with a header; NaN is an empty field.
    ///
    /// ```
    /// use nn::History;
    /// let mut history = History::default();
    /// history.push(&[("loss", 0.5), ("accuracy", 0.25)]);
    /// history.push(&[("loss", 0.25)]);
    /// assert_eq!(history.to_csv(), "epoch,loss,accuracy\n1,0.5,0.25\n2,0.25,\n");
    /// ```
    #[cfg(feature = "files")]
    pub fn to_csv(&self) -> String {
        let mut csv = csv::Writer::from_writer(Vec::new());
        let written = "a vector takes everything";
        csv.write_record(std::iter::once("epoch").chain(self.names())).expect(written);
        for epoch in 0..self.epochs {
            let figures = self.columns.iter().map(|(_, column)| match column[epoch] {
                x if x.is_nan() => String::new(),
                x => x.to_string(),
            });
            csv.write_record(std::iter::once((epoch + 1).to_string()).chain(figures)).expect(written);
        }
        String::from_utf8(csv.into_inner().expect(written)).expect("all fields are text")
    }

    /// Reads a history that was saved as CSV.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, has no column `epoch` that counts from 1, has two columns of one name,
    /// or has a field that is not a number.
    #[cfg(feature = "files")]
    pub fn read(file: impl AsRef<Path>) -> Result<Self, FileError> {
        let file = file.as_ref();
        let parsed = rows(file, Numbers::All, Header::Always).and_then(Self::of);
        parsed.map_err(|fault| fault.of(file))
    }

    #[cfg(feature = "files")]
    fn of(rows: Rows<'_, f64>) -> Result<Self, Fault> {
        let names = rows.header.unwrap_or_default();
        let misfit = |line, column, found: String, expected: &str| {
            Err(Fault::content(Place::Field { line, column }, found, expected))
        };
        let Some((epoch, names)) = names.split_first().filter(|(epoch, _)| *epoch == "epoch") else {
            return misfit(1, 1, format!("{:?}", names.first().map_or("", |name| name)), "\"epoch\"");
        };
        for (i, name) in names.iter().enumerate() {
            if name == epoch || names[..i].contains(name) {
                return misfit(1, i + 2, format!("{name:?} again"), "another name");
            }
        }
        let figures: Vec<&[f64]> = rows.x.chunks(names.len() + 1).collect();
        for (i, row) in figures.iter().enumerate() {
            if row[0] != (i + 1) as f64 {
                return misfit(rows.lines[i], 1, row[0].to_string(), &format!("the {epoch} {}", i + 1));
            }
        }
        let column = |i: usize| figures.iter().map(|row| row[i + 1]).collect();
        let columns = names.iter().enumerate().map(|(i, name)| (name.clone(), column(i))).collect();
        Ok(Self { epochs: figures.len(), columns })
    }

    /// A JSON object of arrays. JSON has no NaN and no infinity: both become `null`.
    pub fn to_json(&self) -> String {
        let epochs = (1..=self.epochs).map(|epoch| epoch.to_string()).collect::<Vec<_>>().join(",");
        let mut text = format!("{{\"epoch\":[{epochs}]");
        for (name, column) in &self.columns {
            let figure = |x: &f64| if x.is_finite() { x.to_string() } else { "null".to_owned() };
            let figures = column.iter().map(figure).collect::<Vec<_>>().join(",");
            write!(text, ",{}:[{figures}]", quoted(name)).expect("a string takes everything");
        }
        text + "}"
    }

    /// Writes or replaces a file: JSON if its name ends in `.json`, CSV otherwise.
    ///
    /// # Errors
    /// Returns the error of the system. An old file then stays as it was.
    #[cfg(feature = "files")]
    pub fn save(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let json = file.as_ref().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let text = if json { self.to_json() } else { self.to_csv() };
        replace_file(file, text.as_bytes())
    }
}

/// A line of names, and one for each epoch.
impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = |(name, figures): &(String, Vec<f64>)| {
            let cells: Vec<String> =
                std::iter::once(name.clone()).chain(figures.iter().map(|&x| Figure(x).to_string())).collect();
            let width = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
            (cells, width)
        };
        let columns: Vec<_> = self.columns.iter().map(column).collect();
        for epoch in 0..=self.epochs {
            let mut line = if epoch == 0 { "epoch".to_owned() } else { format!("\n{epoch:>5}") };
            for (cells, width) in &columns {
                write!(line, "  {:>width$}", cells[epoch])?;
            }
            f.write_str(&line)?;
        }
        Ok(())
    }
}

/// A string as JSON writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
