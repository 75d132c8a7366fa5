//! The tape made visible: as text and as a graph, and where a number that is not finite comes from.
//!
//! Belongs here: reports for people. Does not: checks that compare derivatives, which are in `check`. May use: `graph`,
//! `record` and `var`.

mod finite;
mod site;
mod text;

pub(crate) use finite::bits;
pub use site::{Site, Spread};
pub(crate) use text::label;
