//! The primitive operations as data.
//!
//! An operation carries everything but its operands, so one value of [`Op`] means the same to every reading.
//!
//! Belongs here: the operations, their text, the inference of shapes, and the data behind a user's own primitive. Does
//! not: what an operation does to a value. May use: `array`.

mod dynamic;
mod infer;
mod linear;
mod operands;
mod operation;
mod pointwise;
mod primitive;
mod text;

pub(crate) use dynamic::Arena;
pub use dynamic::Dyn;
pub use linear::Linear;
pub(crate) use operands::{Operands, per_operand};
pub use operation::{Matmul, Op};
pub use pointwise::Pointwise;
pub use primitive::{Custom, Primitive};
