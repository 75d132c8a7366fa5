//! The contents of a tape: nodes, their names, and their source locations.
//!
//! Belongs here: storage. Does not: handles and passes. May use: `algebra`.

mod locations;
mod names;
mod nodes;

pub(crate) use nodes::{Graph, NONE, Node, Origin};
