//! The records of a file of comma-separated values, and its header.

use crate::data::files::Fault;
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

/// The fields of the first record, if it is a header.
pub(super) fn names(record: &StringRecord, header: Header) -> Option<Vec<String>> {
    let named = !record.iter().any(|field| field.trim().parse::<f64>().is_ok()) && record.iter().any(is_name);
    (named || header == Header::Always).then(|| record.iter().map(str::to_owned).collect())
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
