//! Threshold logic: the nervous nets of McCulloch and Pitts (1943).
//!
//! A unit fires (gives 1) if at least `threshold` of its excitatory inputs fire and **no** inhibitory input does.
//! Inhibition is absolute, as in the paper: one firing inhibitory input silences the unit, however many excitatory
//! inputs fire. (Negative weights came later, with perceptrons.) In the paper each unit answers one tick after its
//! inputs; here a [`Circuit`] has no loops and is evaluated at once.
//!
//! A unit without inhibitory inputs is monotone. With an inhibitory input, its output is 0 whenever that input is 1. So
//! AND, OR, NOT, NOR and majority are single units, but NAND and XOR need a circuit.

mod circuit;
mod table;
mod unit;

pub use circuit::Circuit;
pub use table::TruthTable;
pub use unit::{Synapse, Unit};
