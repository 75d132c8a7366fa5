//! McCulloch–Pitts units.

use super::table::TruthTable;
use crate::network::Transfer;
use crate::unit::neuron::Neuron;
use Synapse::{Excitatory, Inhibitory};
use autodiff::prelude::*;

/// The effect of an input on its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synapse {
    /// Counts towards the threshold when it fires.
    Excitatory,
    /// Silences the unit when it fires.
    Inhibitory,
}

/// A McCulloch–Pitts unit.
///
/// ```
/// use nn::threshold::Unit;
/// assert!(Unit::majority(3).fires(&[true, false, true]));
/// println!("{}", Unit::and(2).truth_table());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The number of excitatory inputs that must fire. With 0, the unit fires unless it is inhibited.
    pub threshold: usize,
    /// The effect of each input.
    pub synapses: Vec<Synapse>,
}

impl Unit {
    /// Fires if all n inputs fire.
    pub fn and(n: usize) -> Self {
        Self { threshold: n, synapses: vec![Excitatory; n] }
    }

    /// Fires if any of n inputs fires.
    pub fn or(n: usize) -> Self {
        Self { threshold: 1, synapses: vec![Excitatory; n] }
    }

    /// Fires if its input does not fire.
    pub fn not() -> Self {
        Self::nor(1)
    }

    /// Fires if none of n inputs fires.
    pub fn nor(n: usize) -> Self {
        Self { threshold: 0, synapses: vec![Inhibitory; n] }
    }

    /// Fires if more than half of n inputs fire.
    pub fn majority(n: usize) -> Self {
        Self { threshold: n / 2 + 1, synapses: vec![Excitatory; n] }
    }

    /// Fires if its first input fires and its second does not: the paper's “conjoined negation”.
    pub fn and_not() -> Self {
        Self { threshold: 1, synapses: vec![Excitatory, Inhibitory] }
    }

    /// Whether the unit fires on these inputs.
    ///
    /// # Panics
    /// Panics if the number of inputs is not that of the synapses.
    #[track_caller]
    pub fn fires(&self, x: &[bool]) -> bool {
        let (n, given) = (self.synapses.len(), x.len());
        assert!(n == given, "Unit::fires: the unit has {n} synapses, but {given} inputs are given");
        let firing = |kind| self.synapses.iter().zip(x).filter(|(synapse, x)| **synapse == kind && **x).count();
        firing(Excitatory) >= self.threshold && firing(Inhibitory) == 0
    }

    /// The outputs of the unit for all inputs.
    ///
    /// # Panics
    /// Panics if there are more inputs than [`TruthTable::MAX_INPUTS`].
    #[track_caller]
    pub fn truth_table(&self) -> TruthTable {
        TruthTable::check("Unit::truth_table", self.synapses.len());
        TruthTable::of(self.synapses.len(), |x| self.fires(x))
    }

    /// The same unit as a [`Neuron`] with a step: weight 1 for each excitatory input, and for an inhibitory one a
    /// negative weight that outweighs all excitatory inputs together.
    pub fn neuron(&self) -> Neuron<Tensor<f64>> {
        let silence = -1.0 - self.synapses.iter().filter(|synapse| **synapse == Excitatory).count() as f64;
        let weight = |synapse: &Synapse| if *synapse == Excitatory { 1.0 } else { silence };
        Neuron {
            weights: self.synapses.iter().map(weight).collect::<Vec<_>>().into(),
            bias: Tensor::scalar(0.0),
            transfer: Transfer::Step(self.threshold as f64),
        }
    }
}
