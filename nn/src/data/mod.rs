//! Data: data sets with targets, with labels or with none, mini-batches, the digits that come with the crate, and
//! files. Tables (`Table`, `Categories`) need the feature `files`, arrays of numpy the feature `npy`.

// Here belongs all that happens to data before a network sees them: reading, checking, scaling, splitting. Networks,
// corruption for training and checkpoints do not belong here. This module uses nothing else of this crate.

mod batches;
mod dataset;
mod digits;
mod files;
mod idx;
mod impute;
#[cfg(feature = "npy")]
mod npy;
mod packed;
mod prepare;
mod range;
mod samples;
#[cfg(feature = "files")]
mod table;

pub use batches::Batches;
pub use dataset::Dataset;
pub(crate) use dataset::check_samples;
pub use digits::Digits;
#[cfg(feature = "files")]
pub use files::replace_file;
pub use files::{Fault, FileError, Place};
pub use idx::{Idx, load_idx_folder, read_idx};
pub use impute::Imputation;
#[cfg(feature = "npy")]
pub use npy::{NpyElement, Npz, read_npy, write_npy};
pub use prepare::Scaling;
pub(crate) use range::check_finite;
pub use range::{OutOfRange, check_range};
pub use samples::{Samples, one_hot};
pub(crate) use samples::{check_labels, check_labels_except};
#[cfg(feature = "files")]
pub use table::{Categories, NoLabel, Table};
#[cfg(feature = "files")]
pub(crate) use table::{Header, Numbers, Rows, rows};
