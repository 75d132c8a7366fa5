//! The rows of a file as numbers.

use super::categories::Categories;
use super::field::{Listed, Numbers, excerpt, one_hot};
use super::records::{Header, is_name, names, records};
use crate::data::files::{Fault, Place};
use autodiff::prelude::*;
use csv::StringRecord;
use std::path::Path;

/// The rows of a file.
pub(crate) struct Rows<'a, T> {
    pub(crate) header: Option<Vec<String>>,
    pub(super) index: Option<Vec<String>>,
    /// For each column of the file, its categories if it is text.
    pub(super) texts: Vec<Option<&'a [String]>>,
    /// The line of each row, from 1.
    pub(crate) lines: Vec<usize>,
    /// The numbers, row by row.
    pub(crate) x: Vec<T>,
    /// The length of the file in bytes.
    pub(super) end: usize,
}

/// Reads a file of numbers.
pub(crate) fn rows<T: Element>(file: &Path, numbers: Numbers, header: Header) -> Result<Rows<'static, T>, Fault> {
    const NONE: &Categories = &Categories::none();
    rows_with(file, numbers, header, NONE)
}

pub(super) fn rows_with<'a, T: Element>(
    file: &Path,
    numbers: Numbers,
    header: Header,
    categories: &'a Categories,
) -> Result<Rows<'a, T>, Fault> {
    let mut rows = Rows { header: None, index: None, texts: Vec::new(), lines: Vec::new(), x: Vec::new(), end: 0 };
    rows.end = records(file, |line, record| {
        if rows.texts.is_empty() {
            let names = names(record, header, numbers);
            rows.texts = categories.texts(line, record.len(), names.as_deref())?;
            if names.is_some() {
                rows.header = names;
                rows.index = (header == Header::IfNoNumber && !is_name(&record[0])).then(Vec::new);
                return Ok(());
            }
        }
        rows.append(line, record, numbers)
    })?;
    Ok(rows)
}

impl<T: Element> Rows<'_, T> {
    fn append(&mut self, line: usize, record: &StringRecord, numbers: Numbers) -> Result<(), Fault> {
        let fault =
            |column, found: String, expected: &str| Err(Fault::content(Place::Field { line, column }, found, expected));
        if let Some(index) = &mut self.index {
            index.push(record[0].to_owned());
        }
        let (first, columns) = (usize::from(self.index.is_some()), self.texts.len());
        for (i, (field, text)) in record.iter().zip(&self.texts).enumerate().skip(first) {
            match text {
                None => match numbers.parse(field) {
                    Some(number) => self.x.push(number),
                    None => return fault(i + 1, not_a_number(field, numbers), numbers.expected()),
                },
                Some(categories) => match one_hot(field.trim(), categories, numbers) {
                    Some(numbers) => self.x.extend(numbers.map(T::from_f64)),
                    None => return fault(i + 1, excerpt(field), &format!("one of {}", Listed(categories))),
                },
            }
        }
        self.lines.push(line);
        let count = record.len();
        match count.cmp(&columns) {
            std::cmp::Ordering::Less => {
                let expected = format!("a line of {columns} fields, like the first,");
                fault(count + 1, "the end of the line".to_owned(), &expected)
            }
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => {
                fault(columns + 1, "an extra field".to_owned(), &format!("a line of {columns}"))
            }
        }
    }
}

/// A field that is no number, with what may be meant.
fn not_a_number(field: &str, numbers: Numbers) -> String {
    let is_missing = Numbers::OrMissing.parse::<f64>(field).is_some();
    let first = field.trim().split_once(' ').map(|(first, _)| first);
    let are_several = first.is_some_and(|first| first.parse::<f64>().is_ok());
    let hint = match numbers {
        _ if field.contains([';', '\t']) || are_several => " (fields are separated by commas)",
        Numbers::Finite if is_missing => " (missing numbers are read by `read_with_missing` or `with_missing`)",
        Numbers::Finite | Numbers::OrMissing if field.trim().parse::<f64>().is_err() => {
            " (columns of text need `Categories`)"
        }
        _ => "",
    };
    excerpt(field) + hint
}
