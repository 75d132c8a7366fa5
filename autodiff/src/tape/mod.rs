//! The reading that records: variables on a tape, the passes over the tape, and derivatives.
//!
//! Belongs here: everything that needs the record of a program. Does not: functions that create their own tape, which
//! are in `transform`. May use: `reading`, `algebra` and `array`. Inside, the rooms stand in the order `report`,
//! `derivative`, `walk`, `var`, `record`, `adjoints`, `graph`; each uses those after it.

mod adjoints;
mod derivative;
mod graph;
mod record;
mod report;
mod var;
mod walk;

pub(crate) use derivative::Leaves;
pub use derivative::{Gradients, Mode, Unconnected};
pub(crate) use graph::{Graph, Origin};
pub use record::Tape;
pub use report::{Drawing, Equations, Site, Spread};
pub(crate) use report::{bits, label};
pub use var::{OnTape, Var};
pub(crate) use walk::{AsBatch, AsValues, AsVariables, backward, forward, one_of, second_order};
