//! Tables of numbers as comma-separated values.

use super::files::{Fault, FileError, Place};
use super::packed;
use autodiff::prelude::*;
use csv::{ReaderBuilder, StringRecord};
use std::path::Path;

/// A table of numbers, read from a file of comma-separated values.
///
/// Fields may be quoted, and then hold commas, line breaks, and quotes as `""` (RFC 4180). Each line has as many fields
/// as the first. Blanks around a number or a name, empty lines, and a byte order mark are ignored.
///
/// If no field of the first line is a number, the line is a header. If the first name in it is empty, the first column
/// holds the names of the rows, as pandas and R write it.
///
/// Numbers are finite: «nan», «inf», an empty field or other text is an error that names the line and the column.
/// [`read_with_missing`](Table::read_with_missing) takes files in which numbers are missing.
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
/// Columns are inputs, targets or labels; together they are a [data set](super::Dataset). A label is a whole number from 0,
/// which `as usize` would not check:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::data::{Dataset, Samples};
/// # let x = Tensor::from([[5.1, 3.5, 0.0], [7.0, 3.2, 1.0], [6.3, 3.3, 1.0]]);
/// # let table = nn::data::Table { names: None, index: None, x };
/// let (inputs, last) = (table.x.slice(1, 0, 2), table.x.slice(1, 2, 3));
/// let class = |x: f64| if x >= 0.0 && x.fract() == 0.0 { Ok(x as usize) } else { Err(format!("{x} is no class")) };
/// let labels = last.iter().map(class).collect::<Result<Vec<_>, _>>()?;
/// let samples = Samples::new(inputs.clone(), Tensor::from(labels));
/// let regression = (inputs, last);
/// assert_eq!((samples.len(), regression.len()), (3, 3));
/// # Ok::<(), String>(())
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

    /// The same, but a number may be missing: an empty field, `NA` and `NaN` become NaN.
    ///
    /// # Errors
    /// Returns an error as [`read`](Table::read).
    pub fn read_with_missing(file: impl AsRef<Path>) -> Result<Self, FileError> {
        Self::read_rows(file.as_ref(), Numbers::OrMissing)
    }

    fn read_rows(file: &Path, numbers: Numbers) -> Result<Self, FileError> {
        let parsed = rows(file, numbers, Header::IfNoNumber).and_then(Self::of);
        parsed.map_err(|fault| fault.of(file))
    }

    fn of(rows: Rows<T>) -> Result<Self, Fault> {
        let Rows { header, index, lines, x, end } = rows;
        if lines.is_empty() {
            return Err(Fault::at(end, "the end", "a row"));
        }
        let columns = x.len() / lines.len();
        let names =
            |header: Vec<String>| header[header.len() - columns..].iter().map(|name| name.trim().to_owned()).collect();
        Ok(Self { names: header.map(names), index, x: Tensor::from_vec([lines.len(), columns], x) })
    }
}

/// Whether a file has a header.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Header {
    Always,
    /// If no field of the first line is a number.
    IfNoNumber,
}

/// The fields that are numbers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Numbers {
    Finite,
    /// Also an empty field, `NA` and `NaN`.
    OrMissing,
    /// Also ±∞.
    All,
}

impl Numbers {
    /// The number in a field.
    fn parse<T: Element>(self, field: &str) -> Option<T> {
        let field = field.trim();
        let missing = field.is_empty() || field == "NA";
        let number: f64 = if missing { f64::NAN } else { field.parse().ok()? };
        let possible = match self {
            Numbers::Finite => number.is_finite(),
            Numbers::OrMissing => !number.is_infinite(),
            Numbers::All => true,
        };
        // 1e300 is no f32.
        let element = T::from_f64(number);
        (possible && element.to_f64().is_finite() == number.is_finite()).then_some(element)
    }

    fn expected(self) -> &'static str {
        match self {
            Numbers::Finite => "a finite number",
            Numbers::OrMissing => "a finite number, or nothing",
            Numbers::All => "a number, or nothing",
        }
    }
}

/// The rows of a file.
pub(crate) struct Rows<T> {
    pub(crate) header: Option<Vec<String>>,
    index: Option<Vec<String>>,
    /// The line of each row, from 1.
    pub(crate) lines: Vec<usize>,
    /// The numbers, row by row.
    pub(crate) x: Vec<T>,
    /// The length of the file in bytes.
    end: usize,
}

/// Reads a file.
pub(crate) fn rows<T: Element>(file: &Path, numbers: Numbers, header: Header) -> Result<Rows<T>, Fault> {
    let bytes = packed::read(file)?;
    std::str::from_utf8(&bytes).map_err(|error| {
        let offset = error.valid_up_to();
        Fault::at(offset, format!("byte {:#04x}", bytes[offset]), "text in UTF-8")
    })?;
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut rows = Rows { header: None, index: None, lines: Vec::new(), x: Vec::new(), end: bytes.len() };
    let (mut record, mut columns) = (StringRecord::new(), None);
    while read(&mut reader, &mut record)? {
        if record.len() == 1 && !record[0].is_empty() && record[0].trim().is_empty() {
            continue;
        }
        let line = line(text, &record);
        if columns.is_none() {
            columns = Some(record.len());
            let named = !record.iter().any(|field| field.trim().parse::<f64>().is_ok()) && record.iter().any(is_name);
            if named || header == Header::Always {
                rows.header = Some(record.iter().map(str::to_owned).collect());
                rows.index = (header == Header::IfNoNumber && !is_name(&record[0])).then(Vec::new);
                continue;
            }
        }
        rows.append(line, &record, columns.unwrap_or_default(), numbers)?;
    }
    Ok(rows)
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

fn is_name(field: &str) -> bool {
    !field.trim().is_empty()
}

impl<T: Element> Rows<T> {
    fn append(&mut self, line: usize, record: &StringRecord, columns: usize, numbers: Numbers) -> Result<(), Fault> {
        let fault =
            |column, found: String, expected: &str| Err(Fault::content(Place::Field { line, column }, found, expected));
        if let Some(index) = &mut self.index {
            index.push(record[0].to_owned());
        }
        let first = usize::from(self.index.is_some());
        for (i, field) in record.iter().enumerate().take(columns).skip(first) {
            match numbers.parse(field) {
                Some(number) => self.x.push(number),
                None => return fault(i + 1, excerpt(field), numbers.expected()),
            }
        }
        self.lines.push(line);
        let count = record.len();
        match count.cmp(&columns) {
            std::cmp::Ordering::Less => {
                let expected = format!("{columns} fields, as in the first line,");
                fault(count + 1, "the end of the line".to_owned(), &expected)
            }
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => {
                fault(columns + 1, "an extra field".to_owned(), &format!("the end after {columns}"))
            }
        }
    }
}

/// A field, cut to a length that a message can show.
fn excerpt(field: &str) -> String {
    const SHOWN: usize = 40;
    match field.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &field[..end]),
        None => format!("{field:?}"),
    }
}
