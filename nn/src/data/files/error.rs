//! Errors of files.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// The error of a file that cannot be read or written: the file, the place in it, and what was expected there.
///
/// ```
/// use nn::data::Idx;
/// # let file = std::env::temp_dir().join(format!("nn-file-error-doc-{}", std::process::id()));
/// std::fs::write(&file, [0, 0, 13, 1])?;
/// let error = Idx::read(&file).unwrap_err();
/// assert_eq!(error.file, file);
/// assert_eq!(error.fault.to_string(), "at byte 2: elements of type 0x0d, but type 0x08, unsigned bytes, was expected");
/// # std::fs::remove_file(&file)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct FileError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The system could not read or write it.
    Io(io::Error),
    /// The content at a place is not what was expected.
    Content {
        /// The place.
        place: Place,
        /// The content found there.
        found: String,
        /// The content expected there.
        expected: String,
    },
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// After this number of bytes, counted in the unpacked data if the file is packed.
    Byte(usize),
    /// After this number of bytes of an entry in an archive, counted in the unpacked data.
    Entry {
        /// The name of the entry.
        name: String,
        /// The number of bytes.
        offset: usize,
    },
    /// A field of a table, both counted from 1.
    Field {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// The tensor with this name.
    Tensor(String),
    /// The setting with this name, such as a transfer function.
    Setting(String),
}

impl Fault {
    pub(crate) fn at(offset: usize, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Fault::content(Place::Byte(offset), found, expected)
    }

    pub(crate) fn content(place: Place, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Fault::Content { place, found: found.into(), expected: expected.into() }
    }

    pub(crate) fn of(self, file: impl Into<PathBuf>) -> FileError {
        FileError { file: file.into(), fault: self }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Io(error) => write!(f, "{error}"),
            Fault::Content { place, found, expected } => write!(f, "{place}: {found}, but {expected} was expected"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Byte(offset) => write!(f, "at byte {offset}"),
            Place::Entry { name, offset } => write!(f, "{name}, at byte {offset}"),
            Place::Field { line, column } => write!(f, "line {line}, column {column}"),
            Place::Tensor(name) => write!(f, "tensor {name}"),
            Place::Setting(name) => write!(f, "setting {name}"),
        }
    }
}

/// The text of the error, since `main` and `unwrap` show an error by `Debug`.
impl fmt::Debug for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Io(error) => Some(error),
            Fault::Content { .. } => None,
        }
    }
}
