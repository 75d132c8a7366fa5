//! The primitive operations, as data.
//!
//! An [`Op`] holds all parameters of an operation except its operands, so one `Op` serves all readings.
//!
//! Belongs here: the operations, their text, the inference of shapes, and the trait of primitives that users define.
//! Does not: the effect of an operation on a value. May use: `array`.

#[cfg(feature = "linalg")]
mod decomposition;
mod dynamic;
mod infer;
mod linear;
mod operands;
mod operation;
mod pointwise;
mod primitive;
mod text;

#[cfg(feature = "linalg")]
pub(crate) use decomposition::Factored;
#[cfg(feature = "linalg")]
pub use decomposition::{Decomposition, Factors, Triangle};
pub(crate) use dynamic::Arena;
pub use dynamic::Dyn;
pub use linear::Linear;
pub(crate) use operands::{Operands, per_operand};
pub use operation::{Matmul, Op};
pub use pointwise::Pointwise;
pub(crate) use pointwise::whole;
pub use primitive::{Custom, Primitive};
