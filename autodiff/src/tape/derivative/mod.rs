//! Derivatives on a tape: gradients, Jacobians, and their products with vectors.
//!
//! Belongs here: derivatives as methods of variables and tapes. Does not: the passes themselves. May use: `walk` and
//! below.

mod gradients;
mod jacobian;
mod leaves;
mod mixed_rows;
mod variable;

pub use gradients::{Gradients, Unconnected};
pub use jacobian::Mode;
pub(crate) use leaves::Leaves;
