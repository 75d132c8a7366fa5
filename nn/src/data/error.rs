//! What can be wrong with a file of data.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a file of data could not be read: always with the file, the place in it, and what was expected there.
#[derive(Debug)]
pub struct DataError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub fault: DataFault,
}

/// What is wrong with a file of data.
#[derive(Debug)]
#[non_exhaustive]
pub enum DataFault {
    /// The system could not read it.
    Io(io::Error),
    /// Something else stands at a place than should, counted in bytes from 0 (of the unpacked data, if it was packed).
    At {
        /// The number of bytes before it.
        offset: usize,
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
    },
    /// A field of a table is not what it should be.
    Field {
        /// The line, from 1.
        row: usize,
        /// The column, from 1.
        column: usize,
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
    },
    /// It is packed, and cannot be unpacked: why.
    Packed(String),
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.fault)
    }
}

impl fmt::Display for DataFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DataFault::Io(error) => write!(f, "{error}"),
            DataFault::At { offset, found, expected } => {
                write!(f, "at byte {offset}: {found}, but {expected} was expected")
            }
            DataFault::Field { row, column, found, expected } => {
                write!(f, "line {row}, column {column}: {found}, but {expected} was expected")
            }
            DataFault::Packed(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            DataFault::Io(error) => Some(error),
            _ => None,
        }
    }
}
