//! Files: they are replaced whole or not at all, and errors name the place in the file.

mod error;
#[cfg(feature = "files")]
mod replace;

pub use error::{Fault, FileError, Place};
#[cfg(feature = "files")]
pub use replace::replace_file;
