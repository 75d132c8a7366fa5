//! Operations of the user's own: primitives, checkpoints, and fused formulas.
//!
//! Belongs here: everything that turns a user's function into one operation. Does not: the trait
//! [`Primitive`](crate::Primitive) itself, which is data beside `Op`. May use: `tape` and below.

mod apply;
mod checkpoint;
mod fuse;

pub use apply::custom;
pub use checkpoint::checkpoint;
pub use fuse::{Formula, fuse, fuse_sum};
