//! The forward pass, and the recursion of δ from the output back.

use crate::network::input::Input;
use crate::network::linear::Linear;
use crate::network::mlp::Mlp;
use crate::network::transfer::{Transfer, TransferFunction};
use autodiff::prelude::*;

/// The intermediate results of a forward pass that the backward pass needs: for a batch each \[n, units\], for one
/// sample each \[units\].
#[derive(Clone, Debug)]
pub struct Activations<T> {
    /// The weighted inputs z¹, …, zᴸ.
    pub z: Vec<Tensor<T>>,
    /// The activations a⁰ = x, a¹, …, aᴸ.
    pub a: Vec<Tensor<T>>,
}

impl<T> Activations<T> {
    /// aᴸ, the output of the network.
    pub fn output(&self) -> &Tensor<T> {
        self.a.last().expect("the input is there at least")
    }
}

/// What a backward pass finds.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients<T, F = Transfer> {
    /// The errors δ¹, …, δᴸ, the gradients with respect to z¹, …, zᴸ: for a batch each \[n, units\], for one sample
    /// each \[units\].
    pub delta: Vec<Tensor<T>>,
    /// ∇W¹, ∇b¹, …, ∇Wᴸ, ∇bᴸ in the places of the weights and biases, as an optimiser takes them.
    pub nabla: Mlp<Tensor<T>, F>,
}

impl<T: Element, F> Gradients<T, F> {
    /// ∇ₓC = (W¹)ᵀ·δ¹, the gradient with respect to the input, of the shape of x. Training does not need it, so it
    /// costs a product only where it is asked for. `mlp` is the network of the backward pass.
    ///
    /// # Panics
    /// Panics if there is no layer, or if δ¹ does not fit the first weights.
    #[track_caller]
    pub fn nabla_x(&self, mlp: &Mlp<Tensor<T>, F>) -> Tensor<T> {
        let (Some(delta), Some(first)) = (self.delta.first(), mlp.layers.first()) else {
            panic!("nabla_x: there is no layer")
        };
        let (given, weight) = (delta.shape(), first.weight.shape());
        let fits = matches!((&given[..], &weight[..]), ([.., units], [out, _]) if units == out);
        assert!(fits, "nabla_x: δ¹ has shape {given}, but the first weights have shape {weight}");
        delta.matmul(&first.weight)
    }
}

/// The forward pass for a batch x, \[n, in\], or for one sample, \[in\].
///
/// # Panics
/// Panics if `x` does not have as many columns as the first weights, if the layers do not fit each other, or if there
/// are not as many transfer functions as layers.
#[track_caller]
pub fn forward<T: Element, F: TransferFunction>(mlp: &Mlp<Tensor<T>, F>, x: &Tensor<T>) -> Activations<T> {
    forward_as("matrix_form::forward", mlp, x)
}

#[track_caller]
pub(super) fn forward_as<T: Element, F: TransferFunction>(
    function: &'static str,
    mlp: &Mlp<Tensor<T>, F>,
    x: &Tensor<T>,
) -> Activations<T> {
    let input = Input::new(function, "the network", "x");
    let one_or_batch = matches!(x.shape().rank(), 1 | 2);
    assert!(one_or_batch, "{function}: `x` has shape {}, but [n, in] or [in] is needed", x.shape());
    let layers = mlp.layers.len();
    let mut kept = Activations { z: Vec::with_capacity(layers), a: Vec::with_capacity(layers + 1) };
    kept.a.push(x.clone());
    for (l, (layer, f)) in mlp.pairs(function).enumerate() {
        layer.check(&input, l, kept.output().shape());
        let z = kept.output().matmul_t(&layer.weight) + &layer.bias;
        kept.a.push(f.apply(&z));
        kept.z.push(z);
    }
    kept
}

/// The backward pass: the gradients of a cost from ∇ₐC at the output, \[n, out\] for a batch, or \[out\] for one
/// sample.
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
/// let (_, (by_tape, by_x)) = value_and_grad(&(mlp.clone(), x), |_, (mlp, x)| {
///     loss::squared_error(&mlp.forward(&x), &target)
/// });
/// for (by_matrices, by_tape) in by_matrices.nabla.leaves().iter().zip(by_tape.leaves()) {
///     assert!(by_matrices.approx(&by_tape, 1e-14).is_ok());
/// }
/// assert!(by_matrices.nabla_x(&mlp).approx(&by_x, 1e-14).is_ok());
/// assert_eq!(by_matrices.delta[0].shape(), [4, 5]); // δ¹
/// ```
///
/// # Panics
/// Panics if the shapes are not those of this network.
#[track_caller]
pub fn backward<T: Element, F: TransferFunction>(
    mlp: &Mlp<Tensor<T>, F>,
    kept: &Activations<T>,
    cost: &Tensor<T>,
) -> Gradients<T, F> {
    check("matrix_form::backward", mlp, kept, cost);
    let (mut delta, mut layers) = (Vec::with_capacity(mlp.layers.len()), Vec::with_capacity(mlp.layers.len()));
    let mut g = cost.clone(); // the gradient with respect to aˡ
    for (l, (layer, f)) in mlp.pairs("matrix_form::backward").enumerate().rev() {
        let error = f.pull(&kept.z[l], &g);
        layers.push(of_layer(&error, &kept.a[l]));
        if l > 0 {
            g = error.matmul(&layer.weight); // below the first layer is data: see Gradients::nabla_x
        }
        delta.push(error);
    }
    delta.reverse();
    layers.reverse();
    Gradients { delta, nabla: Mlp { layers, transfers: mlp.transfers.clone() } }
}

/// ∇Wˡ = δˡ·(aˡ⁻¹)ᵀ and ∇bˡ = δˡ, summed over a batch.
#[track_caller]
pub(super) fn of_layer<T: Element>(delta: &Tensor<T>, a: &Tensor<T>) -> Linear<Tensor<T>> {
    if delta.shape().rank() == 1 {
        return Linear { weight: delta.unsqueeze(1) * a.unsqueeze(0), bias: delta.clone() };
    }
    Linear { weight: delta.t_matmul(a), bias: delta.sum_axis(0) }
}

/// Panics at the caller's line unless the activations and the cost are those of a network.
#[track_caller]
pub(super) fn check<T: Element, F>(function: &str, mlp: &Mlp<Tensor<T>, F>, kept: &Activations<T>, cost: &Tensor<T>) {
    mlp.check_transfers(function);
    let (layers, z, a) = (mlp.layers.len(), kept.z.len(), kept.a.len());
    let counts = z == layers && a == layers + 1;
    assert!(counts, "{function}: {layers} layers, but {z} weighted inputs and {a} activations");
    let (given, output) = (cost.shape(), kept.output().shape());
    assert!(given == output, "{function}: the cost has shape {given}, but the output of the network has {output}");
}

/// ∇ₐC = 2(a − t)/n of [`loss::squared_error`](crate::loss::squared_error): a and t are \[n, out\], or
/// \[out\] for one sample, with n = 1. The loss takes one sample as a batch, \[1, out\].
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn squared_error_gradient<T: Element>(a: &Tensor<T>, target: &Tensor<T>) -> Tensor<T> {
    same_shape("squared_error_gradient", a.shape(), target.shape());
    (a - target) * (2.0 / samples(a.shape()))
}

/// ∇C = (softmax(z) − t)/n of [`loss::soft_cross_entropy`](crate::loss::soft_cross_entropy), by the logits z of a
/// network with linear output; z and t are \[n, classes\], or \[classes\] for one sample with n = 1, and each row of t
/// sums to 1. For class indices, t is [`one_hot`](crate::data::one_hot).
///
/// # Panics
/// Panics if the shapes differ, or the batch is empty.
#[track_caller]
pub fn cross_entropy_gradient<T: Element>(logits: &Tensor<T>, target: &Tensor<T>) -> Tensor<T> {
    same_shape("cross_entropy_gradient", logits.shape(), target.shape());
    (logits.softmax(-1) - target) * (1.0 / samples(logits.shape()))
}

/// n of an output \[n, out\]; 1 for one sample.
fn samples(output: &Shape) -> f64 {
    if output.rank() == 1 { 1.0 } else { output[0] as f64 }
}

#[track_caller]
fn same_shape(function: &str, y: &Shape, target: &Shape) {
    let fits = y == target && (y.rank() == 1 || y.rank() == 2 && y[0] > 0);
    assert!(fits, "{function}: prediction {y}, target {target}: both must be [n, out] with n > 0, or [out]");
}
