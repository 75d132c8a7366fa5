//! Operations defined by the user: primitives, checkpoints, parts in double precision, and fused formulas.
//!
//! Belongs here: everything that turns a function of the user into one operation. Does not: the trait
//! [`Primitive`](crate::Primitive) itself, which stands beside `Op` in `algebra`. May use: `tape`, `reading`, `algebra`
//! and `array`.

mod apply;
mod checkpoint;
mod erased;
pub(crate) mod fuse;
mod precise;

pub use apply::custom;
pub use checkpoint::checkpoint;
pub use fuse::{Formula, fuse, fuse_sum};
pub use precise::in_f64;
