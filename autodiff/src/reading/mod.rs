//! Readings, which give operations a meaning: plain computation, dual numbers, and batches.
//!
//! A reading is a type that implements [`Reading`](crate::Reading). No reading here uses another one, except `compute`.
//!
//! Belongs here: readings without a tape. Does not: variables, the numbers of scalar programs and the lanes of fused loops,
//! which stand in `tape`, `scalar` and `custom`. May use: `algebra` and `array`.

mod batched;
pub(crate) mod compute;
mod dual;

pub use batched::Batched;
