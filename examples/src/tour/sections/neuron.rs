//! The artificial neuron, and threshold logic.

use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::threshold::{Circuit, Unit};
use nn::{Neuron, Transfer};

pub(super) fn section(_: &Context) -> Section {
    let mut section = Section::new("The artificial neuron and threshold logic");
    section.formula("y = φ(b + Σⱼ wⱼ·xⱼ)");
    section.text(
        "A neuron adds up its inputs, each with a weight, and applies a transfer function. Positive weights excite, \
         negative ones inhibit. With fixed weights and a threshold, single units are logic gates, and circuits of them \
         compute anything (McCulloch and Pitts 1943).",
    );
    section.code(include_str!("neuron.rs"));
    // The page shows these lines.
    let neuron =
        Neuron { weights: Tensor::from([1.0, -2.0, 0.5]), bias: Tensor::scalar(-0.5), transfer: Transfer::Sigmoid };
    let mut xor = Circuit::new(2);
    let either = xor.add(Unit::or(2), &[0, 1]);
    let both = xor.add(Unit::and(2), &[0, 1]);
    xor.add(Unit::and_not(), &[either, both]);
    // Up to here.
    section.picture("A neuron: orange weights excite, blue ones inhibit.", &neuron.diagram());
    section.text("The truth table of the circuit, the exclusive or:");
    section.verbatim(&xor.truth_table().to_string());
    section
}
