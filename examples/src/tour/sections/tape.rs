//! The tape of a small loss, drawn as a graph.

use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("The tape of a small loss");
    section.formula("C = Σ (g(x) − y)²");
    section.code(include_str!("tape.rs"));
    section.text(
        "The tape of a multilayer perceptron 2-3-1 with tanh units and its squared error. Each node shows its operation, \
         its value, and the derivative of the loss by it. Operands stand above, in their order from left to right. \
         Variables have sharp corners, and data are dashed.",
    );
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let mlp = Mlp::<Tensor<f64>>::new(&[2, 3, 1], Transfer::Tanh, Init::GlorotUniform, rng);
    let tape = Tape::new();
    let model = tape.variables(&mlp);
    let x = tape.constant(Tensor::from([[0.0, 1.0], [1.0, 1.0]])).named("x");
    let target = tape.constant(Tensor::from([[1.0], [0.0]])).named("target");
    let loss = loss::squared_error(&model.forward(&x), &target).named("loss");
    section.picture("The tape of the loss.", &tape.drawing().values().gradients(loss).to_svg());

    // The page shows these lines.
    let tape = Tape::traced();
    let (w, x, b) = (tape.variable(0.5).named("w"), tape.constant(2.0).named("x"), tape.variable(-0.4).named("b"));
    let y = (w * x + b).tanh().named("y");
    let forward = tape.len();
    let [slope] = y.grad([w]);
    let picture = tape.drawing().values().to_svg();
    // Up to here.
    section.text(&format!(
        "The backward pass can be recorded as well. A neuron y = tanh(w·x + b) takes {forward} nodes; with its derivative by \
         w, the tape holds {}. The nodes of the derivative bear the sign ∂ and another colour. Written as a formula, it is \
         {}.",
        tape.len(),
        slope.formula()
    ));
    section.picture("The tape of a neuron and its derivative.", &picture);
    section
}
