//! Readings: what an operation means. Each stands by itself, except that all stand on `compute`.
//!
//! Belongs here: types that implement [`Value`](crate::Value) without a tape. Does not: variables, which need one. May use:
//! `algebra` and `array`.

mod batched;
pub(crate) mod compute;
mod dual;

pub use batched::Batched;
pub use dual::{Dual, Tangent};
