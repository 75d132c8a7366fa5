//! What is done, the same by all.

use crate::work::{CASES, Case, weights};
use autodiff::prelude::*;
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::{Init, Mlp, Transfer};
use rand::{SeedableRng, rngs::StdRng};

/// A task. Those of training are steps with an update, the others give a gradient.
#[derive(Clone, Copy)]
pub(crate) enum Task {
    Train(&'static Case),
    /// A variational autoencoder, by Adam.
    Vae,
    /// Σ tanh(ax + b)²·e⁻ˣ
    Chain,
    /// A thousand operations on small matrices.
    Dispatch,
    /// A product of the Hessian of a network's loss with a vector.
    HessianVector,
    Rosenbrock,
    /// A network written out in numbers.
    Network,
    /// Steps that wait for each other.
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

    /// As the benches call it.
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

    /// How far values may be apart, relatively. dfdx adds a million `f32` one after the other, which costs digits.
    pub(crate) fn tolerance(&self) -> f64 {
        if matches!(self, Task::Chain) { 5e-4 } else { 1e-4 }
    }
}

/// What a step gives: the loss before the update or the value, and the gradient where one was asked for, converted
/// only if somebody reads it.
pub(crate) struct Outcome {
    pub(crate) value: f64,
    pub(crate) gradient: Box<dyn FnOnce() -> Vec<f64>>,
}

pub(crate) type Step = Box<dyn FnMut() -> Outcome>;

impl Outcome {
    /// Of a step that has made its update.
    pub(crate) fn loss(value: impl Into<f64>) -> Self {
        Self::new(value, Vec::new)
    }

    pub(crate) fn new(value: impl Into<f64>, gradient: impl FnOnce() -> Vec<f64> + 'static) -> Self {
        Self { value: value.into(), gradient: Box::new(gradient) }
    }
}

pub(crate) fn wide(x: Vec<f32>) -> Vec<f64> {
    x.into_iter().map(f64::from).collect()
}

/// Of each layer how many outputs and inputs it has, and its weights, a row for each output. Biases are 0 at first.
pub(crate) type Layers = Vec<(usize, usize, Vec<f32>)>;

/// tanh(ax + b)
pub(crate) const A: f32 = 0.7;
pub(crate) const B: f32 = 0.1;

/// 2²⁰ numbers.
pub(crate) fn chain() -> Vec<f32> {
    Tensor::<f32>::linspace(-2.0, 2.0, 1 << 20).to_vec()
}

/// A matrix of 4 × 4.
pub(crate) fn dispatch() -> Vec<f32> {
    Tensor::<f32>::linspace(0.1, 1.0, 16).to_vec()
}

/// The autoencoder, a batch, and its noise.
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

    /// Of the encoder and of the decoder.
    pub(crate) fn layers(&self) -> [Layers; 2] {
        [weights(&self.model.encoder), weights(&self.model.decoder)]
    }
}

/// A network with tanh and cross-entropy, a batch, and its classes. The vector is the network itself.
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
