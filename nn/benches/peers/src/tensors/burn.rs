//! burn, with its CPU backend `flex`.

use crate::by_hand::{Activation, Cost, Update};
use crate::contender::Peer;
use crate::task::{self, A, B, Layers, Outcome, Step, Task, VAE, VAE_BATCH, Vae, wide};
use crate::work::{Case, Work, weights};
use ::burn::module::{Module, Param};
use ::burn::nn::Linear;
use ::burn::nn::loss::CrossEntropyLoss;
use ::burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use ::burn::tensor::activation::{relu, sigmoid, softplus};
use ::burn::tensor::{Device, Int, Tensor, TensorData};

pub(crate) struct Burn;

impl Peer for Burn {
    const NAME: &str = "burn";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Train(case) if case.update == Update::Adam => Some(train(case, adam(), 1e-3)),
            Task::Train(case) => Some(train(case, SgdConfig::new().init(), 0.01)),
            Task::Vae => Some(vae()),
            Task::Chain => Some(chain()),
            Task::Dispatch => Some(dispatch()),
            _ => None,
        }
    }
}

fn adam() -> ModuleOptimizer {
    AdamConfig::new().with_epsilon(1e-8).init()
}

fn device() -> Device {
    Device::default().autodiff()
}

fn tensor<const D: usize>(x: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(x, shape), &device())
}

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

impl Network {
    fn new(layers: &Layers) -> Self {
        let layer = |(outputs, inputs, weight): &(usize, usize, Vec<f32>)| Linear {
            weight: Param::from_tensor(tensor(weight.clone(), [*outputs, *inputs]).transpose().detach()),
            bias: Some(Param::from_tensor(Tensor::zeros([*outputs], &device()))),
        };
        Self { layers: layers.iter().map(layer).collect() }
    }

    fn forward(&self, x: Tensor<2>, hidden: impl Fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
        let (last, before) = self.layers.split_last().expect("a network has layers");
        last.forward(before.iter().fold(x, |x, layer| hidden(layer.forward(x))))
    }
}

/// A step of an optimiser on a loss.
fn descend<M: Module + 'static>(
    model: M,
    mut optimizer: ModuleOptimizer,
    rate: f64,
    loss: impl Fn(&M) -> Tensor<1> + 'static,
) -> Step {
    let mut model = Some(model);
    Box::new(move || {
        let current = model.take().expect("the model is put back after each step");
        let loss = loss(&current);
        let gradients = GradientsParams::from_grads(loss.backward(), &current);
        model = Some(optimizer.step(rate, current, gradients));
        Outcome::loss(loss.into_scalar::<f32>())
    })
}

fn train(case: &'static Case, optimizer: ModuleOptimizer, rate: f64) -> Step {
    let work = Work::<f32>::new(case);
    let x = tensor(work.x.to_vec(), [case.batch, case.sizes[0]]);
    let target = tensor(work.target.to_vec(), [case.batch, work.target.shape()[1]]);
    let classes: Vec<i64> = work.classes.to_vec().into_iter().map(|class| class as i64).collect();
    let classes = Tensor::<1, Int>::from_data(TensorData::new(classes, [case.batch]), &device());
    let entropy = CrossEntropyLoss::new(None, &device());
    descend(Network::new(&weights(&work.model)), optimizer, rate, move |network: &Network| {
        let y = network.forward(x.clone(), |z| match case.hidden {
            Activation::Linear => z,
            Activation::Relu => relu(z),
            Activation::Sigmoid => sigmoid(z),
        });
        match case.cost {
            Cost::CrossEntropy => entropy.forward(y, classes.clone()),
            Cost::SquaredError => (y - target.clone()).square().sum() / case.batch as f32,
        }
    })
}

#[derive(Module, Debug)]
struct Autoencoder {
    encoder: Network,
    decoder: Network,
}

fn vae() -> Step {
    let vae = Vae::new();
    let [encoder, decoder] = vae.layers().map(|layers| Network::new(&layers));
    let x = tensor(vae.x.to_vec(), [VAE_BATCH, VAE[0]]);
    let noise = tensor(vae.noise.to_vec(), [VAE_BATCH, VAE[2]]);
    descend(Autoencoder { encoder, decoder }, adam(), 1e-3, move |vae: &Autoencoder| {
        let code = vae.encoder.forward(x.clone(), relu);
        let (mean, log_var) = (code.clone().narrow(1, 0, VAE[2]), code.narrow(1, VAE[2], VAE[2]));
        let z = mean.clone() + (log_var.clone() * 0.5).exp() * noise.clone();
        let y = vae.decoder.forward(z, relu);
        let nats = (softplus(y.clone(), 1.0) - x.clone() * y).sum();
        let kl = (mean.square() + log_var.clone().exp() - 1.0 - log_var).sum() * 0.5;
        (nats + kl) / VAE_BATCH as f32
    })
}

/// A step that computes the value and the gradient of a function of one tensor.
fn gradient<const D: usize>(x: Tensor<D>, function: impl Fn(Tensor<D>) -> Tensor<1> + 'static) -> Step {
    let x = x.require_grad();
    Box::new(move || {
        let y = function(x.clone());
        let gradient = x.grad_remove(&mut y.backward()).expect("the value depends on x");
        Outcome::new(y.into_scalar::<f32>(), move || wide(gradient.into_data().try_to_vec().expect("numbers")))
    })
}

fn chain() -> Step {
    gradient(tensor(task::chain(), [1 << 20]), |x| ((x.clone() * A + B).tanh().square() * x.neg().exp()).sum())
}

fn dispatch() -> Step {
    gradient(tensor(task::dispatch(), [4, 4]), |x| {
        let mut y = x.clone();
        for _ in 0..250 {
            y = ((y * x.clone() + x.clone()) * 0.5).tanh();
        }
        y.sum()
    })
}
