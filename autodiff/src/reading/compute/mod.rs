//! The reading that computes: what an operation does to arrays and to numbers.
//!
//! Belongs here: the value of each operation. Does not: loops themselves, which are in `array`, and rules. May use:
//! `algebra` and `array`.

mod linear;
mod number;
mod pointwise;
mod softmax;
mod tensor;

pub(crate) use tensor::on_arrays;
pub(crate) use tensor::{apply, slope_of};
