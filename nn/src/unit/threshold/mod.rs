//! Threshold logic: the nervous nets of McCulloch and Pitts (1943).
//!
//! A unit fires (gives 1) if at least `threshold` of its excitatory inputs fire and **no** inhibitory input does.
//! Inhibition is absolute, as in the paper: a single inhibitory input that fires silences the unit, however many
//! excitatory ones there are. (Weights below 0, as perceptrons have them, came later.) In the paper each unit answers
//! one tick after its inputs; here a [`Circuit`] has no loops and is evaluated at once, so that time does not show.
//!
//! What one unit can do follows: without inhibitory inputs it is monotone, and with one its output is 0 wherever that
//! input is 1. So AND, OR, NOT, NOR and majority are single units, but NAND and XOR need a circuit.

mod circuit;
mod table;
mod unit;

pub use circuit::Circuit;
pub use table::TruthTable;
pub use unit::{Synapse, Unit};
