//! Tensors read in place, viewed through other strides, copied into row-major order, compared, and printed.
//!
//! Belongs here: everything that moves or shows elements. Does not: arithmetic on them. May use: `memory`, `machine` and
//! below.

mod approx;
mod copy;
mod display;
mod order;
mod read;
mod reshape;
mod starts;
mod views;

pub use approx::{Mismatch, assert_close};
pub(crate) use starts::Starts;
