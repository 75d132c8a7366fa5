//! The tensor type, its storage and layout, and its constructors.
//!
//! Belongs here: the array type, its storage and its layout. Does not: reading, viewing or computing elements. May use:
//! `axes`, `shape`, `number`.

mod create;
mod layout;
mod storage;
mod strides;
mod tensor;

pub use create::Entry;
pub(crate) use layout::{Layout, Run};
pub(crate) use storage::Storage;
pub use tensor::Tensor;
