//! Reports about a tape: its text, its picture, its formulas, the first result that is not finite, and indeterminate forms.
//!
//! Belongs here: texts that people read. Does not: checks that compare derivatives, which are in `check`. May use:
//! `graph`, `record`, `var` and `derivative`.

mod drawing;
mod finite;
mod formula;
mod indeterminate;
mod site;
mod text;

pub use drawing::Drawing;
pub(crate) use finite::bits;
pub use formula::Equations;
pub use site::{Site, Spread};
pub(crate) use text::label;
