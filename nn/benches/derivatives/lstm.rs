//! Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000): 32
//! units read 20 vectors of 8 numbers, and a linear layer predicts a number after the last.

use crate::{Step, layer, numbers};
use autodiff::prelude::*;
use nn::Linear;

const UNITS: usize = 32;
const INPUTS: usize = 8;
const BATCH: usize = 16;
const LENGTH: usize = 20;

#[derive(Clone)]
struct Lstm<V> {
    /// From the input to the four gates.
    input: Linear<V>,
    /// From the last output to the four gates, \[4 · units, units\].
    recurrent: V,
    output: Linear<V>,
}

autodiff::tree!(Lstm { input, recurrent, output });

impl<V: Value> Lstm<V> {
    fn forward(&self, inputs: &[V], zero: &V) -> V {
        let (mut h, mut c) = (zero.clone(), zero.clone());
        for x in inputs {
            let gates = self.input.forward(x) + h.matmul_t(&self.recurrent);
            let gate = |i: usize| gates.slice(1, i * UNITS, (i + 1) * UNITS);
            c = gate(0).sigmoid() * c + gate(1).sigmoid() * gate(2).tanh();
            h = gate(3).sigmoid() * c.tanh();
        }
        self.output.forward(&h)
    }
}

pub(crate) fn step() -> Step {
    let lstm = Lstm {
        input: layer(1.0, INPUTS, 4 * UNITS),
        recurrent: layer(2.0, UNITS, 4 * UNITS).weight,
        output: layer(3.0, UNITS, 1),
    };
    let inputs: Vec<_> = (0..LENGTH).map(|i| numbers(8.0 + i as f64, 1.0, [BATCH, INPUTS])).collect();
    let target = numbers(7.0, 1.0, [BATCH, 1]);
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, gradient) = tape.value_and_grad_tree(&lstm, |tape, lstm| {
            let inputs: Vec<_> = inputs.iter().map(|x| tape.constant(x.clone())).collect();
            let zero = tape.constant(Tensor::zeros([BATCH, UNITS]));
            (lstm.forward(&inputs, &zero) - &target).square().mean()
        });
        (loss, gradient.leaves())
    })
}
