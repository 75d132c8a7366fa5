//! What the workspace's tests share: the table of operations, and the means to state a law over it.
//!
//! - [`table`]: one row an operation, with the points at which it is smooth.
//! - [`law`]: a law holds for every row, or the test names the rows for which it does not.
//! - [`planted`]: rules with a fault in them, by which the checker is checked.
//! - [`differences`]: derivatives from values alone, the reference that needs no rule.

pub mod differences;
pub mod domain;
pub mod law;
pub mod planted;
pub mod table;

/// The program in the README is a test too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
