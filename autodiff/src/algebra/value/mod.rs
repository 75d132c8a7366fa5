//! What the operations act on: values, their elements, and trees of them.
//!
//! Belongs here: the traits that a reading implements, the operators, and how operands are broadcast. Does not: named
//! functions, and readings themselves. May use: `op`, and `array`.

mod broadcast;
mod dynamic;
mod operators;
mod traits;
mod tree;

pub(crate) use broadcast::{binary, broadcast, ternary, try_binary};
pub(crate) use dynamic::run;
pub(crate) use operators::operators;
pub use traits::{Element, Value};
pub use tree::{Path, Tree};
