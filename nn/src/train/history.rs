//! A table of the figures of each epoch.

use crate::data::replace_file;
use std::fmt::Write;
use std::io;
use std::path::Path;

/// A table with a column for each name and a row for each epoch, to be written as CSV or JSON.
///
/// ```
/// use nn::History;
/// let mut history = History::default();
/// history.push(&[("loss", 0.5), ("accuracy", 0.25)]);
/// history.push(&[("loss", 0.25)]);
/// assert_eq!(history.to_csv(), "epoch,loss,accuracy\n1,0.5,0.25\n2,0.25,\n");
/// assert_eq!(history.to_json(), r#"{"epoch":[1,2],"loss":[0.5,0.25],"accuracy":[0.25,null]}"#);
/// assert_eq!(history.column("loss"), [0.5, 0.25]);
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
    pub fn push(&mut self, row: &[(impl AsRef<str>, f64)]) {
        for (name, figure) in row {
            let i = self.place(name.as_ref());
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

    /// Comma-separated values with a header; NaN is an empty field.
    pub fn to_csv(&self) -> String {
        let names = self.names().map(|name| match name.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", name.replace('"', "\"\"")),
            false => name.to_owned(),
        });
        let mut text = std::iter::once("epoch".to_owned()).chain(names).collect::<Vec<_>>().join(",");
        for epoch in 0..self.epochs {
            write!(text, "\n{}", epoch + 1).expect("a string takes everything");
            for (_, column) in &self.columns {
                text.push(',');
                text += &Some(column[epoch]).filter(|x| !x.is_nan()).map(|x| x.to_string()).unwrap_or_default();
            }
        }
        text + "\n"
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
    pub fn save(&self, file: impl AsRef<Path>) -> io::Result<()> {
        let json = file.as_ref().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let text = if json { self.to_json() } else { self.to_csv() };
        replace_file(file, text.as_bytes())
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
