//! Readings, which give operations a meaning: plain computation, dual numbers, and batches.
//!
//! A reading is a type that implements [`Value`](crate::Value). Each depends on `compute` alone.
//!
//! Belongs here: readings without a tape. Does not: variables. May use: `algebra` and `array`.

mod batched;
pub(crate) mod compute;
mod dual;

pub use batched::Batched;
pub use dual::{Dual, Tangent};
