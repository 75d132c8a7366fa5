//! The functions by name, for every reading.
//!
//! Belongs here: a method for each operation, and compositions of operations. Does not: rules and readings. May use:
//! `value`, `op`, and `array`.

mod composite;
pub mod kinks;
mod linear_algebra;
mod math;
mod structural;

pub use composite::Composite;
pub use linear_algebra::LinearAlgebra;
pub use math::Math;
pub use structural::Structural;
