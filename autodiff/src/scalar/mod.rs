//! Derivatives of unchanged scalar programs such as `fn f<T: Float>(x: &[T]) -> T`.
//!
//! Belongs here: numbers that implement [`num_traits::Float`], and their tapes. Does not: tensors. May use: `tape` and
//! below.

mod active;
#[cfg(feature = "approx")]
mod approx;
mod conversions;
mod float;
mod jacobian_tape;
#[cfg(feature = "nalgebra")]
mod nalgebra;
#[cfg(feature = "ndarray")]
mod ndarray;
mod numeric;
mod one_number;
mod recorded;
mod tape;

pub use active::Active;
pub use recorded::Scalar;
pub use tape::ScalarTape;
