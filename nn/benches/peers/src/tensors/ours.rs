//! autodiff and nn.

use crate::by_hand::Update;
use crate::contender::Peer;
use crate::task::{self, A, B, Curvature, Outcome, Step, Task, Vae, wide};
use crate::work::{Case, Work};
use autodiff::prelude::*;
use nn::{Adam, Optimizer, Sgd, Trainer, loss};

pub(crate) struct Ours;

impl Peer for Ours {
    const NAME: &str = "ours";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Train(case) if case.update == Update::Adam => Some(train(case, Adam::new(1e-3))),
            Task::Train(case) => Some(train(case, Sgd::new(0.01))),
            Task::Vae => Some(vae()),
            Task::Chain => Some(chain()),
            Task::Dispatch => Some(dispatch()),
            Task::HessianVector => Some(hessian_vector()),
            _ => None,
        }
    }
}

fn train<O>(case: &'static Case, optimizer: O) -> Step
where
    O: Optimizer<Tensor<f32>> + 'static,
{
    let work = Work::<f32>::new(case);
    let mut trainer = Trainer::new(work.model.clone(), optimizer);
    Box::new(move || Outcome::loss(work.tape_step(case, &mut trainer)))
}

fn vae() -> Step {
    let Vae { model, x, noise } = Vae::new();
    let mut trainer = Trainer::new(model, Adam::new(1e-3));
    Box::new(move || {
        let means = trainer.step(&(), &mut (), |tape, vae, _, _| vae.elbo(&tape.constant(x.clone()), &noise).loss(1.0, 0.0));
        Outcome::loss(means.expect("the loss is finite").total)
    })
}

autodiff::fuse! {
    /// Σ tanh(a·x + b)²·e⁻ˣ
    fn bumps(x; a: f64, b: f64) -> sum { x.scale(a).shift(b).tanh().square() * x.neg().exp() }
}

fn chain() -> Step {
    let (mut tape, x) = (Tape::new(), Tensor::from(task::chain()));
    gradient(move || tape.value_and_grad_tree(&x, |_, x| bumps(&x, A.into(), B.into())))
}

fn dispatch() -> Step {
    let (mut tape, x) = (Tape::new(), Tensor::from(task::dispatch()).reshape([4, 4]));
    gradient(move || {
        tape.value_and_grad_tree(&x, |_, x| {
            let mut y = x;
            for _ in 0..250 {
                y = ((y * x + x) * 0.5).tanh();
            }
            y.sum()
        })
    })
}

fn gradient(mut compute: impl FnMut() -> (Tensor<f32>, Tensor<f32>) + 'static) -> Step {
    Box::new(move || {
        let (value, gradient) = compute();
        Outcome::new(value.item(), move || wide(gradient.to_vec()))
    })
}

fn hessian_vector() -> Step {
    let Curvature { model, x, classes } = Curvature::new();
    Box::new(move || {
        let product = hvp_tree(&model, &model, |tape, mlp| {
            loss::cross_entropy(&mlp.forward(&tape.constant(x.clone())), &classes)
        });
        Outcome::new(0.0, move || product.layers.iter().flat_map(|layer| wide(layer.weight.to_vec())).collect())
    })
}
