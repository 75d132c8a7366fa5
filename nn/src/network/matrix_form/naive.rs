//! The gradient by products from the left, for contrast.

use super::recursion::{Activations, Gradients, check, of_layer};
use crate::network::linear::Linear;
use crate::network::mlp::Mlp;
use crate::network::transfer::{Transfer, TransferFunction};
use autodiff::prelude::*;
use std::fmt;

/// The gradients, as in [`backward`](super::backward), but naively: for each sample and each
/// layer l, multiplies out the derivative of the output with respect to zˡ,
///
/// ∂aᴸ/∂zˡ = (fᴸ)′ ∘ Wᴸ · … · (fˡ⁺¹)′ ∘ Wˡ⁺¹ · (fˡ)′ and δˡ = (∂aᴸ/∂zˡ)ᵀ·∇ₐC.
///
/// Each step multiplies two matrices, while the recursion multiplies a vector by a matrix; and for each layer, all
/// layers above it are passed again. [`multiplications`] counts both. `cost` is ∇ₐC at the output, \[n, out\] or
/// \[out\].
///
/// # Panics
/// Panics if the shapes are not those of this network.
#[track_caller]
pub fn naive<T: Element, F: TransferFunction>(
    mlp: &Mlp<Tensor<T>, F>,
    kept: &Activations<T>,
    cost: &Tensor<T>,
) -> Gradients<T, F> {
    check("matrix_form::naive", mlp, kept, cost);
    let error = |l: usize| match cost.shape().rank() {
        1 => output_change(mlp, &kept.z, l).matmul(cost),
        _ => {
            let of_sample = |i| {
                let z: Vec<_> = kept.z.iter().map(|z| z.index_axis(0, i)).collect();
                output_change(mlp, &z, l).matmul(cost.index_axis(0, i))
            };
            Tensor::stack(0, &(0..cost.shape()[0]).map(of_sample).collect::<Vec<_>>().iter().collect::<Vec<_>>())
        }
    };
    let delta: Vec<_> = (0..mlp.layers.len()).map(error).collect();
    let layers = delta.iter().zip(&kept.a).map(|(delta, a)| of_layer(delta, a)).collect();
    Gradients { delta, nabla: Mlp { layers, transfers: mlp.transfers.clone() } }
}

/// ∂aᴸ/∂zˡ for one sample, transposed: \[units of l, out\]. Row j is the derivative of the output by unit j.
#[track_caller]
fn output_change<T: Element, F: TransferFunction>(mlp: &Mlp<Tensor<T>, F>, z: &[Tensor<T>], l: usize) -> Tensor<T> {
    // The derivative of a transfer function at a point is a symmetric matrix, so pulling a cotangent back is the same
    // as pushing a tangent forward.
    let through =
        |layer: usize, change: &Tensor<T>| mlp.transfers[layer].pull(&z[layer].broadcast_to(change.shape()), change);
    let mut change = through(l, &Tensor::eye(z[l].shape()[0]));
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
///
/// # Panics
/// Panics if there are not as many transfer functions as layers.
#[track_caller]
pub fn multiplications<T: Element, F: TransferFunction>(mlp: &Mlp<Tensor<T>, F>) -> Multiplications {
    let size = |layer: &Linear<Tensor<T>>| layer.weight.size() as u64;
    let units: Vec<u64> = mlp.layers.iter().map(|layer| layer.bias.size() as u64).collect();
    let slopes: Vec<u64> =
        mlp.pairs("multiplications").zip(&units).map(|((_, f), units)| units * slope_products(f)).collect();
    let gradients: u64 = mlp.layers.iter().map(size).sum();
    let back = slopes.iter().sum::<u64>() + mlp.layers.iter().skip(1).map(size).sum::<u64>();
    let forward = |l: usize| {
        let above = (l + 1..units.len()).map(|next| size(&mlp.layers[next]) + slopes[next]);
        units[l] * (slopes[l] + above.sum::<u64>() + units[units.len() - 1])
    };
    Multiplications { backward: gradients + back, naive: gradients + (0..units.len()).map(forward).sum::<u64>() }
}

/// The multiplications by f′, for one unit.
fn slope_products(f: &impl TransferFunction) -> u64 {
    match f.standard() {
        Some(Transfer::Linear) => 0,
        Some(Transfer::Softmax) => 2,
        _ => 1,
    }
}
