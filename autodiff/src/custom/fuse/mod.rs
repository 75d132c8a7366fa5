//! Fused formulas: a chain of pointwise operations as one operation, computed in one loop.
//!
//! Each operation on large arrays is bound by memory: it reads and writes whole arrays. A [`Formula`] is compiled to
//! one loop, which keeps intermediate results in registers. A formula is written once, generic over values:
//!
//! - on arrays of `f32` and `f64` it runs as a loop over numbers;
//! - if it is recorded, the loop runs over dual numbers, and their tangents are stored for the backward pass;
//! - in every other reading its operations run one by one, so derivatives nest as usual.
//!
//! There are three alternatives. Recording operations and fusing them later needs a compiler at run time. Evaluating a
//! recorded chain block by block saves memory traffic, but still loads and stores each intermediate result. Recomputing
//! the formula in the backward pass saves the memory of the derivatives, but takes 1.5 times as long.
//!
//! Belongs here: formulas, their loops, and the primitive that holds them. Does not: loops of single operations, which
//! stand in `array`. May use: `custom`, `reading`, `algebra` and `array`.

pub(crate) mod apply;
mod formula;
mod lanes;
mod loops;
mod macros;
mod primitive;

pub use apply::{fuse, fuse_sum};
pub use formula::Formula;
