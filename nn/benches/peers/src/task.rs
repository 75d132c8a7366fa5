//! The tasks, which are the same for all libraries.

use crate::work::{CASES, Case, weights};
use autodiff::prelude::*;
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::{Init, Mlp, Transfer};
use rand::{SeedableRng, rngs::StdRng};

/// A task. Training tasks are steps with an update; all others compute a gradient.
#[derive(Clone, Copy)]
pub(crate) enum Task {
    Train(&'static Case),
    /// A training step of a variational autoencoder by Adam.
    Vae,
    /// Σ tanh(ax + b)²·e⁻ˣ
    Chain,
    /// 1,000 operations on small matrices.
    Dispatch,
    /// The product of the Hessian of a network's loss with a vector.
    HessianVector,
    /// The Rosenbrock function of scalars.
    Rosenbrock,
    /// A network written with scalars.
    Network,
    /// A chain of scalar operations. Each depends on the one before.
    Series,
}

impl Task {
    pub(crate) fn tensors() -> Vec<Task> {
        let others = [Task::Vae, Task::Chain, Task::Dispatch, Task::HessianVector];
        CASES.iter().map(Task::Train).chain(others).collect()
    }

    pub(crate) fn scalars() -> Vec<Task> {
        vec![Task::Rosenbrock, Task::Network, Task::Series]
    }

    /// The name of the task in the benches.
    pub(crate) fn name(&self) -> String {
        match self {
            Task::Train(case) => case.name,
            Task::Vae => "vae_784-400-20_b128",
            Task::Chain => "chain_1e6",
            Task::Dispatch => "1000_ops_4x4",
            Task::HessianVector => "hvp_64-32-10_b32",
            Task::Rosenbrock => "scalar_rosenbrock_1e5",
            Task::Network => "scalar_mlp_64-64-64-1",
            Task::Series => "scalar_chain_1e6",
        }
        .to_owned()
    }

    /// The relative difference allowed between values. dfdx adds a million `f32` in sequence, which costs accuracy.
    pub(crate) fn tolerance(&self) -> f64 {
        if matches!(self, Task::Chain) { 5e-4 } else { 1e-4 }
    }
}

/// The result of a step: the loss before the update, or the value and the gradient of a function. The gradient is
/// converted only if it is read.
pub(crate) struct Outcome {
    pub(crate) value: f64,
    pub(crate) gradient: Box<dyn FnOnce() -> Vec<f64>>,
}

pub(crate) type Step = Box<dyn FnMut() -> Outcome>;

impl Outcome {
    /// The outcome of a training step.
    pub(crate) fn loss(value: impl Into<f64>) -> Self {
        Self::new(value, Vec::new)
    }

    pub(crate) fn new(value: impl Into<f64>, gradient: impl FnOnce() -> Vec<f64> + 'static) -> Self {
        Self { value: value.into(), gradient: Box::new(gradient) }
    }
}

/// Converts to `f64`.
pub(crate) fn wide(x: Vec<f32>) -> Vec<f64> {
    x.into_iter().map(f64::from).collect()
}

/// The number of outputs, the number of inputs, and the weights \[out, in\] of each layer. Biases start at 0.
pub(crate) type Layers = Vec<(usize, usize, Vec<f32>)>;

/// The coefficients in tanh(ax + b).
pub(crate) const A: f32 = 0.7;
pub(crate) const B: f32 = 0.1;

/// The input of [`Task::Chain`]: 2²⁰ numbers.
pub(crate) fn chain() -> Vec<f32> {
    Tensor::<f32>::linspace(-2.0, 2.0, 1 << 20).to_vec()
}

/// The input of [`Task::Dispatch`]: a 4 × 4 matrix.
pub(crate) fn dispatch() -> Vec<f32> {
    Tensor::<f32>::linspace(0.1, 1.0, 16).to_vec()
}

/// The variational autoencoder, a batch, and its noise.
pub(crate) struct Vae {
    pub(crate) model: Variational<Tensor<f32>>,
    pub(crate) x: Tensor<f32>,
    pub(crate) noise: Tensor<f32>,
}

pub(crate) const VAE: [usize; 3] = [784, 400, 20];
pub(crate) const VAE_BATCH: usize = 128;

impl Vae {
    pub(crate) fn new() -> Self {
        let rng = &mut StdRng::seed_from_u64(0);
        let model = Variational::new(&VAE, Likelihood::Bernoulli, Transfer::Relu, Init::GlorotUniform, rng);
        let x = Tensor::uniform([VAE_BATCH, VAE[0]], 0.0, 1.0, rng);
        Self { model, x, noise: Tensor::normal([VAE_BATCH, VAE[2]], 0.0, 1.0, rng) }
    }

    /// The layers of the encoder and of the decoder.
    pub(crate) fn layers(&self) -> [Layers; 2] {
        [weights(&self.model.encoder), weights(&self.model.decoder)]
    }
}

/// A network with tanh and cross-entropy, a batch, and its classes. The weights also serve as the vector.
pub(crate) struct Curvature {
    pub(crate) model: Mlp<Tensor<f32>>,
    pub(crate) x: Tensor<f32>,
    pub(crate) classes: Tensor<usize>,
}

impl Curvature {
    pub(crate) fn new() -> Self {
        let rng = &mut StdRng::seed_from_u64(0);
        let model = Mlp::new(&[64, 32, 10], Transfer::Tanh, Init::GlorotUniform, rng);
        Self { model, x: Tensor::uniform([32, 64], 0.0, 1.0, rng), classes: Tensor::from_fn([32], |i| i[0] % 10) }
    }
}
