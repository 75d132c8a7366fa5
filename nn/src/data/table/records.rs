//! The records of a file of comma-separated values, and its header.

use super::field::Numbers;
use crate::data::files::{Fault, Place};
use crate::data::packed;
use csv::{ReaderBuilder, StringRecord};
use std::path::Path;

/// Whether a file has a header.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Header {
    Always,
    /// If no field of the first line is a number.
    IfNoNumber,
}

/// Calls `f` with each record of a file and its line, from 1; returns the length of the file in bytes.
pub(super) fn records(
    file: &Path,
    mut f: impl FnMut(usize, &StringRecord) -> Result<(), Fault>,
) -> Result<usize, Fault> {
    let bytes = packed::read(file)?;
    std::str::from_utf8(&bytes).map_err(|error| {
        let offset = error.valid_up_to();
        Fault::at(offset, format!("byte {:#04x}", bytes[offset]), "text in UTF-8")
    })?;
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    check_quotes(text)?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut record = StringRecord::new();
    while read(&mut reader, &mut record)? {
        if record.len() == 1 && !record[0].is_empty() && record[0].trim().is_empty() {
            continue;
        }
        f(line(text, &record), &record)?;
    }
    Ok(bytes.len())
}

/// The fields of the first record, if it is a header. A row of missing numbers is none.
pub(super) fn names(record: &StringRecord, header: Header, numbers: Numbers) -> Option<Vec<String>> {
    let has_number = record.iter().any(|field| field.trim().parse::<f64>().is_ok());
    let named = !has_number && record.iter().any(|field| is_name(field) && numbers.parse::<f64>(field).is_none());
    (named || header == Header::Always).then(|| record.iter().map(str::to_owned).collect())
}

/// Checks that each quoted field is closed and ends with its quote. The reader takes `"1"2` as 12, and a field that is
/// not closed as the rest of the file.
fn check_quotes(text: &[u8]) -> Result<(), Fault> {
    enum Inside {
        /// The start of a field.
        Start,
        Plain,
        Quoted,
        /// After a quote in a quoted field: the end of the field, or the first of two quotes, which stand for one.
        Quote,
    }
    let (mut inside, mut line, mut column) = (Inside::Start, 1, 1);
    // The place of the last quoted field.
    let mut opened = (line, column);
    let fault = |(line, column), found: &str, expected| {
        Err(Fault::content(Place::Field { line, column }, found.to_owned(), expected))
    };
    for &byte in text {
        let is_between = matches!(byte, b',' | b'\n' | b'\r');
        inside = match (inside, byte) {
            (Inside::Quoted, b'"') => Inside::Quote,
            (Inside::Start, b'"') => {
                opened = (line, column);
                Inside::Quoted
            }
            (Inside::Quoted, _) | (Inside::Quote, b'"') => Inside::Quoted,
            _ if is_between => {
                column = if byte == b',' { column + 1 } else { 1 };
                Inside::Start
            }
            (Inside::Quote, byte) if !byte.is_ascii_whitespace() => {
                return fault(opened, "text after a closing quote", "a comma or the end of the line");
            }
            _ => Inside::Plain,
        };
        line += usize::from(byte == b'\n');
    }
    if matches!(inside, Inside::Quoted) { fault(opened, "the end of the file", "a closing quote") } else { Ok(()) }
}

fn read(reader: &mut csv::Reader<&[u8]>, record: &mut StringRecord) -> Result<bool, Fault> {
    let read = reader.read_record(record);
    read.map_err(|error| Fault::at(reader.position().byte() as usize, error.to_string(), "comma-separated values"))
}

/// The line on which a record begins, from 1. The reader counts from the end of the record before, and empty lines may
/// follow that.
fn line(text: &[u8], record: &StringRecord) -> usize {
    let Some(position) = record.position() else { return 1 };
    let between = text[position.byte() as usize..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() as usize + between.filter(|&&byte| byte == b'\n').count()
}

pub(super) fn is_name(field: &str) -> bool {
    !field.trim().is_empty()
}
