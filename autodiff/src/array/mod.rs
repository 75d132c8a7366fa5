//! Plain arrays: shapes, strided views over shared storage, and loops over their elements.
//!
//! Belongs here: everything that an array library without derivatives has. Does not: operations as data, and
//! derivatives. May use: nothing else in this crate.

mod axes;
#[cfg(any(feature = "nalgebra", feature = "ndarray", feature = "serde"))]
pub mod exchange;
pub(crate) mod function;
pub(crate) mod loops;
pub(crate) mod machine;
mod memory;
mod number;
mod shape;
mod view;

pub use axes::Axes;
pub(crate) use function::{Real, larger, relu, smaller};
pub(crate) use loops::{
    Body, Direct, Loop, Part, Runner, add_to_slice, concat, fold, fold_lanes, matmul, pad, sum, update_slices, zip,
};
pub use machine::{Matrix, set_threads, threads};
pub(crate) use machine::{Vectorise, vectorised};
pub(crate) use memory::Storage;
pub use memory::{Entry, Tensor};
pub use number::Number;
pub(crate) use shape::{OrPanic, TOO_LARGE};
pub use shape::{Shape, ShapeError};
pub use view::{Mismatch, assert_close};
