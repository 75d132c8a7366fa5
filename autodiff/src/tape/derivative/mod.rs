//! Derivatives on a tape: gradients, Jacobians, and the products that a function's leaves need.
//!
//! Belongs here: what a variable or a tape is asked for. Does not: the passes themselves. May use: `walk` and below.

mod gradients;
mod jacobian;
mod leaves;
mod variable;

pub use gradients::{Gradients, Unconnected};
pub use jacobian::Mode;
pub(crate) use leaves::Leaves;
