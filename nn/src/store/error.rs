//! What can be wrong with a file of tensors.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a file could not be saved or loaded: always with the file, and what was expected of it.
#[derive(Debug)]
pub struct StoreError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file of tensors.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The system could not read or write it.
    Io(io::Error),
    /// It is not in the safetensors format: in these words of that crate.
    Format(String),
    /// It lacks a tensor.
    Missing {
        /// The tensor's name.
        name: String,
    },
    /// It has a tensor that nothing in the model takes.
    Unexpected {
        /// The tensor's name.
        name: String,
    },
    /// A tensor has another shape than the model's.
    Shape {
        /// The tensor's name.
        name: String,
        /// The shape in the file.
        found: Vec<usize>,
        /// The shape in the model.
        expected: Vec<usize>,
    },
    /// A tensor has another element type than the model's; nothing is converted silently.
    Dtype {
        /// The tensor's name.
        name: String,
        /// The type in the file, as `F32`.
        found: String,
        /// The type in the model.
        expected: String,
    },
    /// A number is not one of those that are possible.
    Number {
        /// Its name.
        name: String,
        /// It.
        found: f64,
        /// What it should be.
        expected: &'static str,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Io(error) => write!(f, "{error}"),
            Fault::Format(text) => write!(f, "no safetensors file: {text}"),
            Fault::Missing { name } => write!(f, "there is no tensor {name}"),
            Fault::Unexpected { name } => write!(f, "the tensor {name} has no place in the model"),
            Fault::Shape { name, found, expected } => {
                write!(f, "{name} has shape {found:?} in the file, {expected:?} in the model")
            }
            Fault::Dtype { name, found, expected } => {
                write!(f, "{name} holds {found} in the file, {expected} in the model")
            }
            Fault::Number { name, found, expected } => write!(f, "{name} is {found}, but should be {expected}"),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Io(error) => Some(error),
            _ => None,
        }
    }
}
