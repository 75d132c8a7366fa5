//! Tables of numbers as comma-separated values.

use super::files::{Fault, FileError, Place};
use autodiff::prelude::*;
use std::path::Path;

/// A table of numbers, read from a file of comma-separated values.
///
/// Each line is a row and ends with `\n` or `\r\n`. Fields are separated by commas, with blanks around them ignored;
/// each line has as many as the first. If no field of the first line is a number, the line is a header. Only names in
/// the header may be quoted. Empty lines at the end are ignored.
///
/// Numbers are finite: «nan», «inf», an empty field or other text is an error that names the line and the column.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T> {
    /// The names of the columns, if the file has a header.
    pub names: Option<Vec<String>>,
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
        let file = file.as_ref();
        let parsed = super::packed::read(file).and_then(|bytes| Self::parse(&bytes));
        parsed.map_err(|fault| fault.of(file))
    }

    fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let offset = error.valid_up_to();
            Fault::at(offset, format!("byte {:#04x}", bytes[offset]), "text in UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches(['\n', '\r']);
        let mut lines = text.lines().enumerate().peekable();
        let first = lines.peek().map_or("", |(_, line)| line);
        let columns = fields(first).count();
        let is_name = |field: &str| field.parse::<f64>().is_err() && !field.is_empty();
        let names = (!first.is_empty() && fields(first).all(is_name)).then(|| fields(first).map(unquoted).collect());
        let (mut numbers, mut rows) = (Vec::new(), 0);
        for (i, line) in lines.skip(usize::from(names.is_some())) {
            append(&mut numbers, i + 1, line, columns)?;
            rows += 1;
        }
        match rows {
            0 => Err(Fault::at(text.len(), "the end", "a row")),
            _ => Ok(Self { names, x: Tensor::from_vec([rows, columns], numbers) }),
        }
    }
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(str::trim)
}

fn unquoted(name: &str) -> String {
    let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    inside.unwrap_or(name).to_owned()
}

/// A field, cut to a length that a message can show.
fn excerpt(field: &str) -> String {
    const SHOWN: usize = 40;
    match field.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &field[..end]),
        None => format!("{field:?}"),
    }
}

fn append<T: Element>(numbers: &mut Vec<T>, row: usize, line: &str, columns: usize) -> Result<(), Fault> {
    let fault = |column, found: String, expected: &str| {
        Err(Fault::content(Place::Field { line: row, column }, found, expected))
    };
    let mut count = 0;
    for field in fields(line) {
        count += 1;
        // The check is on the element, not on the `f64`: 1e300 is not a finite f32.
        let number = field.parse().ok().map(T::from_f64).filter(|x| x.to_f64().is_finite());
        match number {
            Some(number) if count <= columns => numbers.push(number),
            Some(_) => return fault(count, "an extra field".to_owned(), &format!("the end after {columns}")),
            None => return fault(count, excerpt(field), "a finite number"),
        }
    }
    match count < columns {
        true => fault(count + 1, "the end of the line".to_owned(), &format!("{columns} fields, as in the first line,")),
        false => Ok(()),
    }
}
