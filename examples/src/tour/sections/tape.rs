//! The tape of a small loss, drawn as a graph.

use crate::tour::{Context, Section};
use autodiff::prelude::*;

pub(super) fn section(_: &Context) -> Section {
    let mut section = Section::new("The tape of a small loss");
    section.formula("C = (tanh(w·x + b) − t)²");
    section.code(include_str!("tape.rs"));
    section.text(
        "The tape of a neuron with two inputs and its squared error. Each node shows its operation, its shape, its value, \
         and the derivative of the loss by it. Operands stand above, in their order from left to right. Variables have sharp \
         corners, and data are dashed.",
    );
    let tape = Tape::new();
    let x = tape.constant(Tensor::from([1.0, 2.0])).named("x");
    let w = tape.variable(Tensor::from([0.5, -0.25])).named("w");
    let b = tape.variable(Tensor::scalar(0.25)).named("b");
    let target = tape.constant(Tensor::scalar(1.0)).named("t");
    let y = (w.dot(x) + b).tanh().named("y");
    let loss = (y - target).square().named("C");
    section.picture("The tape of the loss.", &tape.drawing().values().gradients(loss).to_svg());

    // The page shows these lines.
    let tape = Tape::traced();
    let (w, x) = (tape.variable(0.5).named("w"), tape.constant(2.0).named("x"));
    let b = tape.variable(-0.4).named("b");
    let y = (w * x + b).tanh().named("y");
    let forward = tape.len();
    let [slope] = y.grad([w]);
    let picture = tape.drawing().values().to_svg();
    // Up to here.
    section.text(&format!(
        "The backward pass can be recorded as well. A neuron y = tanh(w·x + b) takes {forward} nodes; with its derivative \
         with respect to w, the tape holds {}. The nodes of the derivative bear the sign ∂ and another colour. Written as \
         a formula, it is {}.",
        tape.len(),
        slope.formula()
    ));
    section.picture("The tape of a neuron and its derivative.", &picture);
    section
}
