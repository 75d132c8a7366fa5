//! The reading that computes the values of operations, on arrays and on numbers.
//!
//! Belongs here: the value of each operation. Does not: rules, and the loops, which are in `array`. May use: `algebra`
//! and `array`.

#[cfg(feature = "linalg")]
mod decomposition;
mod linear;
mod number;
mod pointwise;
mod softmax;
mod tensor;

pub(crate) use tensor::on_arrays;
pub(crate) use tensor::{apply, slope_of};
