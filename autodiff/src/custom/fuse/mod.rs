//! Formulas that are one operation: a chain of pointwise operations in one loop, forward and back.
//!
//! A chain of operations on large arrays takes as long as the memory needs to pass by, once for each operation. A
//! [`Formula`] is compiled as one loop instead, in which intermediate results stay in registers. It is written once, over
//! any value. On plain arrays of `f32` and `f64` it runs as a loop over numbers. If it is recorded, the loop runs over dual
//! numbers, and their tangents are kept for the backward pass. In every other reading its operations are carried out one by
//! one, from the same text, so derivatives nest as always.
//!
//! Alternatives: recording operations and fusing them later needs a compiler at run time. Evaluating a recorded chain block
//! by block saves the time of the memory, but not that of loading and storing each result. Computing the formula again in
//! the backward pass saves the memory of the derivatives and takes half as long again.

mod apply;
mod formula;
mod lanes;
mod loops;
mod macros;
mod primitive;

pub use apply::{fuse, fuse_sum};
pub use formula::Formula;
