//! Random networks.

use super::tensors;
use crate::algebra::{LinearAlgebra, Math, Value};
use crate::array::Tensor;
use proptest::collection::vec;
use proptest::prelude::*;

/// A multilayer perceptron with weights \[out, in\] and biases \[out\], and tanh between the layers. It is a tree of
/// values, as models are.
#[derive(Clone, Debug)]
pub struct Network<V> {
    /// The layers, from input to output.
    pub layers: Vec<(V, V)>,
}

crate::tree!(Network { layers });

impl<V: Value> Network<V> {
    /// The outputs, \[n, out\], for the inputs `x`, \[n, in\].
    pub fn forward(&self, x: &V) -> V {
        let layer = |x: V, (i, (weight, bias)): (usize, &(V, V))| {
            let z = x.matmul_t(weight) + bias;
            if i + 1 < self.layers.len() { z.tanh() } else { z }
        };
        self.layers.iter().enumerate().fold(x.clone(), layer)
    }
}

/// Networks with `inputs` inputs and up to `depth` layers of up to `width` units. Weights and biases lie between −1 and
/// 1. The networks shrink to a single unit.
pub fn networks(inputs: usize, depth: usize, width: usize) -> impl Strategy<Value = Network<Tensor<f64>>> {
    vec(1..=width, 1..=depth).prop_flat_map(move |widths| {
        let before = [inputs].into_iter().chain(widths.clone());
        let layers: Vec<_> = before.zip(widths).map(|(from, to)| layer(from, to)).collect();
        layers.prop_map(|layers| Network { layers })
    })
}

fn layer(from: usize, to: usize) -> impl Strategy<Value = (Tensor<f64>, Tensor<f64>)> {
    (tensors(Just([to, from].into()), -1.0..1.0), tensors(Just([to].into()), -1.0..1.0))
}
