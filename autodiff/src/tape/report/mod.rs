//! Reports about a tape: its text, its graph, the first result that is not finite, and indeterminate forms.
//!
//! Belongs here: texts that people read. Does not: checks that compare derivatives, which are in `check`. May use:
//! `graph`, `record` and `var`.

mod finite;
mod indeterminate;
mod site;
mod text;

pub(crate) use finite::bits;
pub use site::{Site, Spread};
pub(crate) use text::label;
