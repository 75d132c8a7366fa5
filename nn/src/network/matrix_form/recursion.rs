//! The forward pass, and the recursion of δ from the output back.

use crate::network::input::Input;
use crate::network::linear::Linear;
use crate::network::mlp::Mlp;
use autodiff::prelude::*;

/// The intermediate results of a forward pass that the backward pass needs.
#[derive(Clone, Debug)]
pub struct Activations<T> {
    /// The weighted inputs z¹, …, zᴸ, each \[n, units\].
    pub z: Vec<Tensor<T>>,
    /// The activations a⁰ = x, a¹, …, aᴸ, each \[n, units\].
    pub a: Vec<Tensor<T>>,
}

impl<T> Activations<T> {
    /// aᴸ, the output of the network.
    pub fn output(&self) -> &Tensor<T> {
        self.a.last().expect("the input is there at least")
    }
}

/// The forward pass for a batch x, \[n, in\].
///
/// # Panics
/// Panics if `x` is not a batch with as many columns as the first weights, or if the layers do not fit each other.
#[track_caller]
pub fn forward<T: Element>(mlp: &Mlp<Tensor<T>>, x: &Tensor<T>) -> Activations<T> {
    forward_as("matrix_form::forward", mlp, x)
}

#[track_caller]
pub(super) fn forward_as<T: Element>(function: &'static str, mlp: &Mlp<Tensor<T>>, x: &Tensor<T>) -> Activations<T> {
    let input = Input::new(function, "the network", "x");
    assert!(x.shape().rank() == 2, "{function}: `x` has shape {}, but a batch [n, in] is needed", x.shape());
    let mut kept = Activations { z: Vec::new(), a: vec![x.clone()] };
    for (l, layer) in mlp.layers.iter().enumerate() {
        layer.check(&input, l, kept.output().shape());
        let z = kept.output().matmul_t(&layer.weight) + &layer.bias;
        kept.a.push(mlp.transfer(l).apply(&z));
        kept.z.push(z);
    }
    kept
}

/// The backward pass: the gradient of a cost by all weights and biases, from ∇ₐC at the output, \[n, out\].
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Mlp, Transfer, loss, matrix_form};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let mlp = Mlp::new(&[3, 5, 2], Transfer::Sigmoid, Init::GlorotUniform, rng);
/// let x = Tensor::<f64>::normal([4, 3], 0.0, 1.0, rng);
/// let target = Tensor::zeros([4, 2]);
///
/// let kept = matrix_form::forward(&mlp, &x);
/// let cost = matrix_form::squared_error_gradient(kept.output(), &target);
/// let by_matrices = matrix_form::backward(&mlp, &kept, &cost);
/// let (_, by_tape) = value_and_grad(&mlp, |tape, mlp| {
///     loss::squared_error(&mlp.forward(&tape.constant(x)), &tape.constant(target))
/// });
/// for (by_matrices, by_tape) in by_matrices.leaves().iter().zip(by_tape.leaves()) {
///     assert!(by_matrices.approx(&by_tape, 1e-14).is_ok());
/// }
/// ```
///
/// # Panics
/// Panics if the shapes are not those of this network.
#[track_caller]
pub fn backward<T: Element>(mlp: &Mlp<Tensor<T>>, kept: &Activations<T>, cost: &Tensor<T>) -> Mlp<Tensor<T>> {
    check("matrix_form::backward", mlp, kept, cost);
    let mut gradients = Vec::with_capacity(mlp.layers.len());
    let mut g = cost.clone(); // ∇C by the activations of layer l
    for (l, layer) in mlp.layers.iter().enumerate().rev() {
        let delta = mlp.transfer(l).pull(&kept.z[l], &g);
        gradients.push(Linear { weight: delta.t_matmul(&kept.a[l]), bias: delta.sum_axis(0) });
        if l > 0 {
            g = delta.matmul(&layer.weight); // below the first layer is data, which needs no gradient
        }
    }
    gradients.reverse();
    Mlp { layers: gradients, hidden: mlp.hidden, output: mlp.output }
}

/// Panics at the caller's line unless the activations and the cost are those of a network.
#[track_caller]
pub(super) fn check<T: Element>(function: &str, mlp: &Mlp<Tensor<T>>, kept: &Activations<T>, cost: &Tensor<T>) {
    let (layers, z, a) = (mlp.layers.len(), kept.z.len(), kept.a.len());
    let counts = z == layers && a == layers + 1;
    assert!(counts, "{function}: {layers} layers, but {z} weighted inputs and {a} activations");
    let (given, output) = (cost.shape(), kept.output().shape());
    assert!(given == output, "{function}: the cost has shape {given}, but the output of the network has {output}");
}

/// ∇ₐC = 2(a − t)/n of [`loss::squared_error`](crate::loss::squared_error): a and t are \[n, out\].
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn squared_error_gradient<T: Element>(a: &Tensor<T>, target: &Tensor<T>) -> Tensor<T> {
    same_shape("squared_error_gradient", a.shape(), target.shape());
    (a - target) * (2.0 / a.shape()[0] as f64)
}

/// ∇C = (softmax(z) − t)/n of [`loss::soft_cross_entropy`](crate::loss::soft_cross_entropy), by the logits z of a
/// network with linear output; z and t are \[n, classes\], and each row of t sums to 1. For class indices, t is
/// [`one_hot`](crate::data::one_hot).
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn cross_entropy_gradient<T: Element>(logits: &Tensor<T>, target: &Tensor<T>) -> Tensor<T> {
    same_shape("cross_entropy_gradient", logits.shape(), target.shape());
    (logits.softmax(-1) - target) * (1.0 / logits.shape()[0] as f64)
}

#[track_caller]
fn same_shape(function: &str, y: &Shape, target: &Shape) {
    let fits = y == target && y.first().is_some_and(|&n| n > 0);
    assert!(fits, "{function}: prediction {y}, target {target}: both must be [n, out] with n > 0");
}
