//! Circuits of units.

use super::table::TruthTable;
use super::unit::Unit;

/// A network of units without loops. Its signals are numbered: the inputs from 0, then the units in the order in which
/// they were added. Each unit reads earlier signals, and the last signal is the output.
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
    /// A circuit with the given number of inputs and no unit; its output is the last input.
    ///
    /// # Panics
    /// Panics if there is no input.
    #[track_caller]
    pub fn new(inputs: usize) -> Self {
        assert!(inputs > 0, "Circuit: at least one input is needed");
        Self { inputs, units: Vec::new() }
    }

    /// Fires unless all n inputs do: AND followed by NOT.
    #[track_caller]
    pub fn nand(n: usize) -> Self {
        let mut nand = Self::new(n);
        let all = nand.add(Unit::and(n), &(0..n).collect::<Vec<_>>());
        nand.add(Unit::not(), &[all]);
        nand
    }

    /// Fires if exactly one of two inputs does. No single unit can do this, and no single layer of weights (Minsky and
    /// Papert 1969).
    pub fn xor() -> Self {
        let mut xor = Self::new(2);
        let either = xor.add(Unit::or(2), &[0, 1]);
        let both = xor.add(Unit::and(2), &[0, 1]);
        xor.add(Unit::and_not(), &[either, both]);
        xor
    }

    /// Adds a unit that reads the given signals; returns the number of its own signal.
    ///
    /// # Panics
    /// Panics if the number of signals is not that of the synapses, or if a signal does not exist yet.
    #[track_caller]
    pub fn add(&mut self, unit: Unit, from: &[usize]) -> usize {
        let (n, given, signals) = (unit.synapses.len(), from.len(), self.signals());
        assert!(n == given, "Circuit::add: the unit has {n} synapses, but {given} signals are given");
        if let Some(missing) = from.iter().find(|&&signal| signal >= signals) {
            panic!("Circuit::add: signal {missing} does not exist yet; there are {signals}");
        }
        self.units.push((unit, from.to_vec()));
        signals
    }

    /// Adds the units of another circuit, with the given signals as its inputs; returns the number of its output.
    ///
    /// # Panics
    /// Panics if the number of signals is not that of its inputs, or if a signal does not exist yet.
    #[track_caller]
    pub fn add_circuit(&mut self, circuit: &Circuit, from: &[usize]) -> usize {
        let (n, given) = (circuit.inputs, from.len());
        assert!(n == given, "Circuit::add_circuit: the circuit has {n} inputs, but {given} signals are given");
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
    /// Panics if the number of inputs is not that of the circuit.
    #[track_caller]
    pub fn fires(&self, x: &[bool]) -> bool {
        let (n, given) = (self.inputs, x.len());
        assert!(n == given, "Circuit::fires: the circuit has {n} inputs, but {given} are given");
        let mut signals = x.to_vec();
        for (unit, from) in &self.units {
            let x: Vec<bool> = from.iter().map(|&signal| signals[signal]).collect();
            signals.push(unit.fires(&x));
        }
        signals[signals.len() - 1]
    }

    /// The outputs of the circuit for all inputs.
    ///
    /// # Panics
    /// Panics if there are more inputs than [`TruthTable::MAX_INPUTS`].
    #[track_caller]
    pub fn truth_table(&self) -> TruthTable {
        TruthTable::check("Circuit::truth_table", self.inputs);
        TruthTable::of(self.inputs, |x| self.fires(x))
    }

    fn signals(&self) -> usize {
        self.inputs + self.units.len()
    }
}
