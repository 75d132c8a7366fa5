//! Views of tensors, and reading, copying, comparing and printing their elements.
//!
//! Belongs here: everything that moves or shows elements. Does not: arithmetic. May use: `memory`, `machine` and
//! below.

mod approx;
mod copy;
mod display;
#[cfg(feature = "approx")]
mod equality;
mod order;
mod read;
mod reshape;
mod starts;
mod views;

pub use approx::{Mismatch, assert_close};
pub(crate) use starts::Starts;
