//! dfdx, whose network types fix all sizes at compile time.

use crate::by_hand::{Cost, Update};
use crate::contender::Peer;
use crate::task::{self, A, B, Layers, Outcome, Step, Task, VAE, VAE_BATCH, Vae, wide};
use crate::work::{Case, Work, weights};
use ::dfdx::losses::cross_entropy_with_logits_loss;
use ::dfdx::nn::tensor_collection::{RecursiveWalker, TensorCollection, TensorOptions, TensorVisitor, ViewTensorMut};
use ::dfdx::nn::{BuildOnDevice, DeviceBuildExt, builders::Linear};
use ::dfdx::optim::{Adam, AdamConfig, Optimizer, Sgd, SgdConfig};
use ::dfdx::prelude::*;

pub(crate) struct Dfdx;

type Small = ((Linear<2, 8>, Sigmoid), Linear<8, 1>);
type Middle = ((Linear<64, 32>, ReLU), Linear<32, 10>);
type Digits = ((Linear<784, 256>, ReLU), (Linear<256, 64>, ReLU), Linear<64, 10>);
type Large = ((Linear<784, 1024>, ReLU), (Linear<1024, 1024>, ReLU), Linear<1024, 10>);
type Autoencoder =
    ((Linear<784, 256>, Sigmoid), (Linear<256, 64>, Sigmoid), (Linear<64, 256>, Sigmoid), Linear<256, 784>);

impl Peer for Dfdx {
    const NAME: &str = "dfdx";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Train(case) => match case.sizes {
                [2, ..] => Some(train::<Small, 2, 1>(case)),
                [64, ..] => Some(train::<Middle, 64, 10>(case)),
                [784, 256, 64, 10] => Some(train::<Digits, 784, 10>(case)),
                [784, 1024, ..] => Some(train::<Large, 784, 10>(case)),
                _ => Some(train::<Autoencoder, 784, 784>(case)),
            },
            Task::Vae => Some(vae()),
            Task::Chain => Some(chain()),
            Task::Dispatch => Some(dispatch()),
            _ => None,
        }
    }
}

type Recorded = OwnedTape<f32, Cpu>;
type Batch<const N: usize, T = NoneTape> = Tensor<(usize, Const<N>), f32, Cpu, T>;
type Scalar = Tensor<Rank0, f32, Cpu, Recorded>;

fn batch<const N: usize>(x: Vec<f32>) -> Batch<N> {
    let rows = x.len() / N;
    Cpu::default().tensor_from_vec(x, (rows, Const))
}

/// A model with the given weights.
fn model<M: BuildOnDevice<Cpu, f32>>(layers: Layers) -> M::Built
where
    M::Built: TensorCollection<f32, Cpu>,
{
    let mut model = Cpu::default().build_module::<M, f32>();
    let mut load = Load(layers.into_iter().flat_map(|(outputs, _, weight)| [weight, vec![0.0; outputs]]));
    M::Built::iter_tensors(&mut RecursiveWalker { m: &mut model, f: &mut load })
        .expect("there are weights for each layer");
    model
}

/// Copies the given numbers into one tensor after the other.
struct Load<I>(I);

impl<I: Iterator<Item = Vec<f32>>> TensorVisitor<f32, Cpu> for Load<I> {
    type Viewer = ViewTensorMut;
    type Err = <Cpu as HasErr>::Err;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, f32, Cpu>,
        tensor: &mut Tensor<S, f32, Cpu>,
    ) -> Result<Option<Tensor<S, f32, Cpu>>, Self::Err> {
        tensor.copy_from(&self.0.next().expect("there are numbers for each tensor"));
        Ok(None)
    }
}

/// A step of an optimiser on a loss. The buffers of the gradients are reused.
fn descend<M: TensorCollection<f32, Cpu> + 'static>(
    mut model: M,
    mut optimizer: impl Optimizer<M, Cpu, f32> + 'static,
    loss: impl Fn(&M, Gradients<f32, Cpu>) -> Scalar + 'static,
) -> Step {
    let mut gradients = Some(model.alloc_grads());
    Box::new(move || {
        let loss = loss(&model, gradients.take().expect("the gradients are put back after each step"));
        let value = loss.array();
        let mut computed = loss.backward();
        optimizer.update(&mut model, &computed).expect("each parameter has a gradient");
        model.zero_grads(&mut computed);
        gradients = Some(computed);
        Outcome::loss(value)
    })
}

fn train<M: BuildOnDevice<Cpu, f32>, const I: usize, const O: usize>(case: &'static Case) -> Step
where
    M::Built: TensorCollection<f32, Cpu> + Module<Batch<I, Recorded>, Output = Batch<O, Recorded>> + 'static,
{
    let work = Work::<f32>::new(case);
    let (x, target) = (batch::<I>(work.x.to_vec()), batch::<O>(work.target.to_vec()));
    let classes = batch::<O>(nn::data::one_hot(&work.classes, O).to_vec());
    let model = model::<M>(weights(&work.model));
    let loss = move |model: &M::Built, gradients| {
        let y = model.forward(x.clone().traced(gradients));
        match case.cost {
            Cost::CrossEntropy => cross_entropy_with_logits_loss(y, classes.clone()),
            Cost::SquaredError => (y - target.clone()).square().sum() / case.batch as f32,
        }
    };
    match case.update {
        Update::Adam => {
            let adam = Adam::new(&model, AdamConfig::default());
            descend(model, adam, loss)
        }
        Update::Descent => {
            let sgd = Sgd::new(&model, SgdConfig { lr: 0.01, ..SgdConfig::default() });
            descend(model, sgd, loss)
        }
    }
}

type Encoder = ((Linear<784, 400>, ReLU), Linear<400, 40>);
type Decoder = ((Linear<20, 400>, ReLU), Linear<400, 784>);

fn vae() -> Step {
    let vae = Vae::new();
    let model = model::<(Encoder, Decoder)>(vae.layers().into_iter().flatten().collect());
    let (x, noise) = (batch::<784>(vae.x.to_vec()), batch::<20>(vae.noise.to_vec()));
    let adam = Adam::new(&model, AdamConfig::default());
    descend(model, adam, move |(encoder, decoder), gradients| {
        let code: Batch<40, Recorded> = encoder.forward(x.clone().traced(gradients));
        let again = code.retaped::<Recorded>();
        let mean: Batch<20, Recorded> = code.slice((.., ..VAE[2])).realize();
        let log_var: Batch<20, Recorded> = again.slice((.., VAE[2]..)).realize();
        let twice = log_var.retaped::<Recorded>();
        let kl = mean.retaped::<Recorded>().square() + log_var.retaped::<Recorded>().exp() - twice - 1.0;
        let z = mean + (log_var * 0.5).exp() * noise.clone();
        let nats: Scalar = decoder.forward(z).bce_with_logits(x.clone()).sum();
        let kl: Scalar = kl.sum();
        (nats + kl * 0.5) / VAE_BATCH as f32
    })
}

/// A step that computes the value and the gradient of a function of one tensor.
fn gradient<S: Shape>(
    x: Tensor<S, f32, Cpu>,
    function: impl Fn(Tensor<S, f32, Cpu, Recorded>) -> Tensor<Rank0, f32, Cpu, Recorded> + 'static,
) -> Step {
    Box::new(move || {
        let y = function(x.leaky_trace());
        let value = y.array();
        let gradient = y.backward().get(&x);
        Outcome::new(value, move || wide(gradient.as_vec()))
    })
}

fn chain() -> Step {
    gradient(Cpu::default().tensor_from_vec(task::chain(), (1 << 20,)), |x| {
        let copy = x.retaped::<Recorded>();
        ((x * A + B).tanh().square() * copy.negate().exp()).sum()
    })
}

/// The first product is written as a square, because dfdx cannot multiply a tensor by itself.
fn dispatch() -> Step {
    gradient(batch::<4>(task::dispatch()), |x| {
        let other = x.retaped::<NoneTape>();
        let mut y = ((x.square() + other.retaped::<Recorded>()) * 0.5).tanh();
        for _ in 1..250 {
            y = ((y * other.retaped::<Recorded>() + other.retaped::<Recorded>()) * 0.5).tanh();
        }
        y.sum()
    })
}
