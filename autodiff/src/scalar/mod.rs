//! Derivatives of unchanged scalar programs such as `fn f<T: Float>(x: &[T]) -> T`.
//!
//! Belongs here: numbers that implement [`num_traits::Float`], and their tapes. Does not: tensors. May use: `tape` and
//! below.

mod active;
mod conversions;
mod float;
mod jacobian_tape;
mod local_gradient;
mod numeric;
mod one_number;
mod recorded;
mod tape;

pub use active::Active;
pub use recorded::Scalar;
pub use tape::ScalarTape;
