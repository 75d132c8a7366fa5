//! The gradient by products from the left, for contrast.

use super::recursion::{Activations, check};
use crate::network::linear::Linear;
use crate::network::mlp::Mlp;
use crate::network::transfer::Transfer;
use autodiff::prelude::*;
use std::fmt;

/// The gradient by all weights and biases, as in [`backward`](super::backward), but naively: for each sample and each
/// layer l, multiplies out the derivative of the output by zˡ,
///
/// ∂aᴸ/∂zˡ = (fᴸ)′ ∘ Wᴸ · … · (fˡ⁺¹)′ ∘ Wˡ⁺¹ · (fˡ)′ and δˡ = (∂aᴸ/∂zˡ)ᵀ·∇ₐC.
///
/// Each step multiplies two matrices, while the recursion multiplies a vector by a matrix; and for each layer, all
/// layers above it are passed again. [`multiplications`] counts both. `cost` is ∇ₐC at the output, \[n, out\].
///
/// # Panics
/// Panics if the shapes are not those of this network.
#[track_caller]
pub fn naive<T: Element>(mlp: &Mlp<Tensor<T>>, kept: &Activations<T>, cost: &Tensor<T>) -> Mlp<Tensor<T>> {
    check("matrix_form::naive", mlp, kept, cost);
    let samples: Vec<usize> = (0..cost.shape()[0]).collect();
    let mut layers = Vec::with_capacity(mlp.layers.len());
    for l in 0..mlp.layers.len() {
        let mut deltas = Vec::with_capacity(samples.len());
        for &i in &samples {
            deltas.push(output_change(mlp, kept, l, i).matmul(&cost.index_axis(0, i)));
        }
        let delta = Tensor::stack(0, &deltas.iter().collect::<Vec<_>>());
        layers.push(Linear { weight: delta.t_matmul(&kept.a[l]), bias: delta.sum_axis(0) });
    }
    Mlp { layers, hidden: mlp.hidden, output: mlp.output }
}

/// ∂aᴸ/∂zˡ for sample i, transposed: \[units of l, out\]. Row j is the derivative of the output by unit j.
#[track_caller]
fn output_change<T: Element>(mlp: &Mlp<Tensor<T>>, kept: &Activations<T>, l: usize, i: usize) -> Tensor<T> {
    // The derivative of a transfer function at a point is a symmetric matrix, so pulling a cotangent back is the same
    // as pushing a tangent forward.
    let through = |layer: usize, change: &Tensor<T>| {
        mlp.transfer(layer).pull(&kept.z[layer].index_axis(0, i).broadcast_to(change.shape()), change)
    };
    let mut change = through(l, &Tensor::eye(kept.z[l].shape()[1]));
    for (next, layer) in mlp.layers.iter().enumerate().skip(l + 1) {
        change = through(next, &change.matmul_t(&layer.weight));
    }
    change
}

/// The number of multiplications for a gradient of one sample, over all layers. Displayed, it is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplications {
    /// By the recursion of δ, from the output back.
    pub backward: u64,
    /// By the forward product, anew for each layer.
    pub naive: u64,
}

impl fmt::Display for Multiplications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { backward, naive } = self;
        let ratio = *naive as f64 / (*backward).max(1) as f64;
        write!(
            f,
            "multiplications for a sample: {backward} in the backward pass, {naive} by forward products ({ratio:.1} times)"
        )
    }
}

/// The multiplications of numbers that [`backward`](super::backward) and [`naive`] take for one sample: those with
/// weights, with derivatives f′ (1 for each unit, none for a linear one, 2 for softmax), with ∇ₐC, and of δˡ·(aˡ⁻¹)ᵀ.
/// Both need f′ itself, so its cost is left out.
///
/// With n units in each of L layers, `backward` takes 2Ln² to leading order, and `naive` takes ½L²n³.
///
/// ```
/// use nn::{Init, Mlp, Transfer, matrix_form::multiplications};
/// use rand::{SeedableRng, rngs::StdRng};
/// let mlp = Mlp::<autodiff::Tensor<f64>>::new(
///     &[64, 32, 32, 10], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0),
/// );
/// let counted = multiplications(&mlp);
/// assert_eq!(counted.backward, (64 * 32 + 32 * 32 + 32 * 10) + (32 * 32 + 32 * 10) + 2 * 32);
/// assert!(counted.naive > 10 * counted.backward);
/// ```
pub fn multiplications<T: Element>(mlp: &Mlp<Tensor<T>>) -> Multiplications {
    let size = |layer: &Linear<Tensor<T>>| layer.weight.size() as u64;
    let units: Vec<u64> = mlp.layers.iter().map(|layer| layer.bias.size() as u64).collect();
    let slopes: Vec<u64> = (0..units.len()).map(|l| units[l] * slope_products(mlp.transfer(l))).collect();
    let gradients: u64 = mlp.layers.iter().map(size).sum();
    let back = slopes.iter().sum::<u64>() + mlp.layers.iter().skip(1).map(size).sum::<u64>();
    let forward = |l: usize| {
        let above = (l + 1..units.len()).map(|next| size(&mlp.layers[next]) + slopes[next]);
        units[l] * (slopes[l] + above.sum::<u64>() + units[units.len() - 1])
    };
    Multiplications { backward: gradients + back, naive: gradients + (0..units.len()).map(forward).sum::<u64>() }
}

/// The multiplications by f′, for one unit.
fn slope_products(transfer: Transfer) -> u64 {
    match transfer {
        Transfer::Linear => 0,
        Transfer::Softmax => 2,
        _ => 1,
    }
}
