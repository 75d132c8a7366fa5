//! Named functions, as extension traits of `Reading`.
//!
//! Belongs here: a method for each operation, and functions composed of operations. Does not: rules and readings. May
//! use: `value`, `op` and `array`.

pub mod accuracy;
mod composite;
mod convolution;
#[cfg(feature = "linalg")]
mod decompositions;
mod einsum;
pub mod kinks;
mod linear_algebra;
mod math;
mod structural;
pub mod tree;

pub use composite::Composite;
pub use convolution::{Convolution, Window};
#[cfg(feature = "linalg")]
pub use decompositions::{Decompositions, MatrixError};
pub use linear_algebra::LinearAlgebra;
pub use math::Math;
pub use structural::Structural;
