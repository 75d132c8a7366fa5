//! The tape of a small loss, drawn as a graph.

use crate::picture::tape_graph;
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("The tape of a small loss");
    section.text(
        "The tape of a multilayer perceptron 2-3-1 with tanh units and its squared error. Each node is computed from \
         nodes above it; the backward pass runs from the loss upwards. Parameters are blue, data are dashed.",
    );
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let mlp = Mlp::<Tensor<f64>>::new(&[2, 3, 1], Transfer::Tanh, Init::GlorotUniform, rng);
    let tape = Tape::new();
    let model = tape.variables(&mlp);
    let x = tape.constant(Tensor::from([[0.0, 1.0], [1.0, 1.0]])).named("x");
    let target = tape.constant(Tensor::from([[1.0], [0.0]])).named("target");
    let loss = loss::squared_error(&model.forward(&x), &target).named("loss");
    let recorded = tape.len();
    let graph = tape_graph(&tape);
    loss.grad_tree(&model);
    section.text(&format!(
        "The loss takes {recorded} nodes. Its gradient is recorded on the same tape, so that it can be differentiated \
         again; then the tape holds {} nodes.",
        tape.len()
    ));
    section.picture("The tape of the loss.", &graph);
    section
}
