//! Data: samples with labels, mini-batches, the digits that come with the crate, and files.
//!
//! Here belongs all that happens to data before a network sees them: reading, checking, scaling, splitting. Networks,
//! corruption for training and checkpoints do not belong here. This room uses nothing else of this crate.

mod batches;
mod csv;
mod digits;
mod files;
mod idx;
mod packed;
mod prepare;
mod range;
mod samples;

pub use batches::batches;
pub use csv::Table;
pub use digits::Digits;
pub use files::{Fault, FileError, Place, replace_file};
pub use idx::{Idx, load_idx_folder, read_idx};
pub use prepare::Scaling;
pub(crate) use range::check_finite;
pub use range::{OutOfRange, check_range};
pub(crate) use samples::check_labels;
pub use samples::{Samples, one_hot};
