//! The contents of a tape: nodes, their names and source locations, and tables over nodes.
//!
//! Belongs here: storage. Does not: handles and passes. May use: `algebra`.

mod locations;
mod names;
mod nodes;
mod section;
mod slopes;

pub(crate) use nodes::{Graph, NONE, Node, Origin};
pub(crate) use section::Section;
