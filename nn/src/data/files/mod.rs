//! Files: they are replaced whole or not at all, and errors name the place in the file.

mod error;
mod replace;

pub use error::{Fault, FileError, Place};
pub use replace::replace_file;
