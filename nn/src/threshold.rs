//! Threshold logic: the nervous nets of McCulloch and Pitts (1943).
//!
//! A unit fires (gives 1) if at least `threshold` of its excitatory inputs fire and **no** inhibitory input does.
//! Inhibition is absolute, as in the paper: a single inhibitory input that fires silences the unit, however many
//! excitatory ones there are. (Weights below 0, as perceptrons have them, came later.) In the paper each unit answers
//! one tick after its inputs; here a [`Circuit`] has no loops and is evaluated at once, so that time does not show.
//!
//! What one unit can do follows: without inhibitory inputs it is monotone, and with one its output is 0 wherever that
//! input is 1. So AND, OR, NOT, NOR and majority are single units, but NAND and XOR need a circuit.

use crate::{Neuron, Transfer};
use Synapse::{Excitatory, Inhibitory};
use autodiff::prelude::*;
use std::fmt;

/// What an input of a unit does to it.
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
    /// How many excitatory inputs must fire at least. With 0, the unit fires unless it is inhibited.
    pub threshold: usize,
    /// What each input does.
    pub synapses: Vec<Synapse>,
}

impl Unit {
    /// Fires if all n inputs do.
    pub fn and(n: usize) -> Self {
        Self { threshold: n, synapses: vec![Excitatory; n] }
    }

    /// Fires if any of n inputs does.
    pub fn or(n: usize) -> Self {
        Self { threshold: 1, synapses: vec![Excitatory; n] }
    }

    /// Fires if its input does not.
    pub fn not() -> Self {
        Self::nor(1)
    }

    /// Fires if none of n inputs does.
    pub fn nor(n: usize) -> Self {
        Self { threshold: 0, synapses: vec![Inhibitory; n] }
    }

    /// Fires if more than half of n inputs do.
    pub fn majority(n: usize) -> Self {
        Self { threshold: n / 2 + 1, synapses: vec![Excitatory; n] }
    }

    /// Fires if its first input does and its second does not: the paper's «conjoined negation».
    pub fn and_not() -> Self {
        Self { threshold: 1, synapses: vec![Excitatory, Inhibitory] }
    }

    /// Whether the unit fires on these inputs.
    ///
    /// # Panics
    /// If there is not one input for each synapse.
    #[track_caller]
    pub fn fires(&self, x: &[bool]) -> bool {
        let (n, given) = (self.synapses.len(), x.len());
        assert!(n == given, "fires: a unit with {n} synapses, {given} inputs");
        let firing = |kind| self.synapses.iter().zip(x).filter(|(synapse, x)| **synapse == kind && **x).count();
        firing(Excitatory) >= self.threshold && firing(Inhibitory) == 0
    }

    /// The unit's answer to all inputs.
    pub fn truth_table(&self) -> TruthTable {
        TruthTable::of(self.synapses.len(), |x| self.fires(x))
    }

    /// The same unit as a [`Neuron`] with a step: weight 1 for each excitatory input, and for an inhibitory one a weight
    /// so far below 0 that all excitatory ones together do not make up for it.
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

/// A network of units without loops. Its signals are numbered: first the inputs, from 0, then the units in the order in
/// which they were added; each unit reads signals that were there before it, and the last signal is the output.
///
/// ```
/// use nn::threshold::{Circuit, Unit};
/// let mut xor = Circuit::new(2);
/// let either = xor.add(Unit::or(2), &[0, 1]);
/// let both = xor.add(Unit::and(2), &[0, 1]);
/// xor.add(Unit::and_not(), &[either, both]);
/// assert_eq!(xor.truth_table().outputs, [false, true, true, false]);
/// assert_eq!(xor, Circuit::xor());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circuit {
    inputs: usize,
    units: Vec<(Unit, Vec<usize>)>,
}

impl Circuit {
    /// A circuit of so many inputs, and no unit yet: its output is the last input.
    ///
    /// # Panics
    /// If there is no input.
    #[track_caller]
    pub fn new(inputs: usize) -> Self {
        assert!(inputs > 0, "Circuit: at least one input is needed");
        Self { inputs, units: Vec::new() }
    }

    /// Fires unless all n inputs do: AND, and then NOT.
    #[track_caller]
    pub fn nand(n: usize) -> Self {
        let mut nand = Self::new(n);
        let all = nand.add(Unit::and(n), &(0..n).collect::<Vec<_>>());
        nand.add(Unit::not(), &[all]);
        nand
    }

    /// Fires if exactly one of two inputs does: either, and not both. No single unit can, nor any single layer of
    /// weights (Minsky and Papert 1969).
    pub fn xor() -> Self {
        let mut xor = Self::new(2);
        let either = xor.add(Unit::or(2), &[0, 1]);
        let both = xor.add(Unit::and(2), &[0, 1]);
        xor.add(Unit::and_not(), &[either, both]);
        xor
    }

    /// Adds a unit that reads the given signals; gives the number of its own signal.
    ///
    /// # Panics
    /// If there is not one signal for each synapse, or a signal does not exist yet.
    #[track_caller]
    pub fn add(&mut self, unit: Unit, from: &[usize]) -> usize {
        let (n, given, signals) = (unit.synapses.len(), from.len(), self.signals());
        assert!(n == given, "add: a unit with {n} synapses, {given} signals");
        if let Some(missing) = from.iter().find(|&&signal| signal >= signals) {
            panic!("add: signal {missing} does not exist yet: there are {signals}");
        }
        self.units.push((unit, from.to_vec()));
        signals
    }

    /// Adds the units of another circuit, with its inputs taken from the given signals; gives the number of its output.
    ///
    /// # Panics
    /// If there is not one signal for each of its inputs, or a signal does not exist yet.
    #[track_caller]
    pub fn add_circuit(&mut self, circuit: &Circuit, from: &[usize]) -> usize {
        let (n, given) = (circuit.inputs, from.len());
        assert!(n == given, "add_circuit: a circuit with {n} inputs, {given} signals");
        let mut numbers = from.to_vec();
        for (unit, sources) in &circuit.units {
            let sources: Vec<usize> = sources.iter().map(|&signal| numbers[signal]).collect();
            numbers.push(self.add(unit.clone(), &sources));
        }
        numbers[numbers.len() - 1]
    }

    /// The output for these inputs.
    ///
    /// # Panics
    /// If their number is not that of the circuit's inputs.
    #[track_caller]
    pub fn fires(&self, x: &[bool]) -> bool {
        let (n, given) = (self.inputs, x.len());
        assert!(n == given, "fires: a circuit with {n} inputs, {given} given");
        let mut signals = x.to_vec();
        for (unit, from) in &self.units {
            let x: Vec<bool> = from.iter().map(|&signal| signals[signal]).collect();
            signals.push(unit.fires(&x));
        }
        signals[signals.len() - 1]
    }

    /// The circuit's answer to all inputs.
    pub fn truth_table(&self) -> TruthTable {
        TruthTable::of(self.inputs, |x| self.fires(x))
    }

    fn signals(&self) -> usize {
        self.inputs + self.units.len()
    }
}

/// The outputs of a Boolean function for all inputs, which count up in binary, the first input being the highest digit.
/// Displayed, it has a row for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TruthTable {
    /// How many inputs there are.
    pub inputs: usize,
    /// The 2ⁿ outputs.
    pub outputs: Vec<bool>,
}

impl TruthTable {
    /// The table of a function of so many inputs.
    pub fn of(inputs: usize, f: impl Fn(&[bool]) -> bool) -> Self {
        Self { inputs, outputs: (0..1 << inputs).map(|row| f(&Self::row(inputs, row))).collect() }
    }

    /// The inputs of a row.
    pub fn row(inputs: usize, row: usize) -> Vec<bool> {
        (0..inputs).rev().map(|digit| row >> digit & 1 == 1).collect()
    }
}

impl fmt::Display for TruthTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |x: &bool| if *x { '1' } else { '0' };
        for (row, y) in self.outputs.iter().enumerate() {
            let x: String = Self::row(self.inputs, row).iter().flat_map(|x| [digit(x), ' ']).collect();
            writeln!(f, "{x}│ {}", digit(y))?;
        }
        Ok(())
    }
}
