//! The measured training steps, shared by all benches.

use crate::by_hand::functions::Number;
use crate::by_hand::{Activation, Cost, Network, Update};
use autodiff::prelude::*;
use nn::data::one_hot;
use nn::{Init, Mlp, Optimizer, Sgd, Trainer, Transfer, loss, matrix_form};
use rand::{SeedableRng, rngs::StdRng};

/// A training step: a network, a batch size, a loss and an update.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) sizes: &'static [usize],
    pub(crate) batch: usize,
    pub(crate) hidden: Activation,
    pub(crate) cost: Cost,
    pub(crate) update: Update,
}

pub(crate) const CASES: [Case; 6] = [
    mlp("mlp_2-8-1_b4", &[2, 8, 1], 4, Activation::Sigmoid, Cost::SquaredError),
    mlp("mlp_64-32-10_b32", &[64, 32, 10], 32, Activation::Relu, Cost::CrossEntropy),
    mlp("mlp_784-256-64-10_b128", &[784, 256, 64, 10], 128, Activation::Relu, Cost::CrossEntropy),
    Case {
        update: Update::Adam,
        ..mlp("mlp_784-256-64-10_b128_adam", &[784, 256, 64, 10], 128, Activation::Relu, Cost::CrossEntropy)
    },
    mlp("mlp_784-1024-1024-10_b512", &[784, 1024, 1024, 10], 512, Activation::Relu, Cost::CrossEntropy),
    mlp("ae_784-256-64-256-784_b128", &[784, 256, 64, 256, 784], 128, Activation::Sigmoid, Cost::SquaredError),
];

const fn mlp(name: &'static str, sizes: &'static [usize], batch: usize, hidden: Activation, cost: Cost) -> Case {
    Case { name, sizes, batch, hidden, cost, update: Update::Descent }
}

impl Activation {
    fn transfer(self) -> Transfer {
        match self {
            Activation::Linear => Transfer::Linear,
            Activation::Relu => Transfer::Relu,
            Activation::Sigmoid => Transfer::Sigmoid,
        }
    }
}

/// The network, batch and targets of a case.
pub(crate) struct Work<T> {
    pub(crate) model: Mlp<Tensor<T>>,
    pub(crate) x: Tensor<T>,
    pub(crate) target: Tensor<T>,
    pub(crate) classes: Tensor<usize>,
}

impl<T: Element + Number> Work<T> {
    pub(crate) fn new(case: &Case) -> Self {
        let rng = &mut StdRng::seed_from_u64(0);
        let model = Mlp::new(case.sizes, case.hidden.transfer(), Init::GlorotUniform, rng);
        let outputs = *case.sizes.last().expect("sizes");
        Self {
            model,
            x: Tensor::uniform([case.batch, case.sizes[0]], 0.0, 1.0, rng),
            target: Tensor::uniform([case.batch, outputs], 0.0, 1.0, rng),
            classes: Tensor::from_fn([case.batch], |i| i[0] % outputs),
        }
    }

    pub(crate) fn by_hand(&self, case: &Case) -> Network<T> {
        Network::new(weights(&self.model), case.hidden, Activation::Linear, case.batch, case.cost, case.update)
    }

    /// A step of gradient descent in the [`matrix_form`]. Returns the loss before the step.
    pub(crate) fn matrix_step(&self, case: &Case, model: &mut Mlp<Tensor<T>>) -> f64 {
        let activations = matrix_form::forward(model, &self.x);
        let y = activations.output();
        let (loss, cost) = match case.cost {
            Cost::CrossEntropy => {
                let hot = one_hot(&self.classes, y.shape()[1]);
                (loss::cross_entropy(y, &self.classes), matrix_form::cross_entropy_gradient(y, &hot))
            }
            Cost::SquaredError => {
                (loss::squared_error(y, &self.target), matrix_form::squared_error_gradient(y, &self.target))
            }
        };
        let gradients = matrix_form::backward(model, &activations, &cost);
        Sgd::new(0.01).step(model, &gradients.nabla);
        Number::to_f64(loss.item())
    }

    /// A step of the trainer, on the tape. Returns the loss before the step.
    pub(crate) fn tape_step<O: Optimizer<Tensor<T>>>(
        &self,
        case: &Case,
        trainer: &mut Trainer<Mlp<Tensor<T>>, O>,
    ) -> f64 {
        let means = trainer.step(&(), &mut (), |tape, mlp, _, _| {
            let y = mlp.forward(tape.constant(self.x.clone()));
            match case.cost {
                Cost::CrossEntropy => loss::cross_entropy(&y, &self.classes),
                Cost::SquaredError => loss::squared_error(&y, tape.constant(self.target.clone())),
            }
        });
        means.expect("the loss is finite").total
    }
}

/// The number of outputs, the number of inputs, and the weights \[out, in\] of each layer.
pub(crate) fn weights<T: Element>(mlp: &Mlp<Tensor<T>>) -> Vec<(usize, usize, Vec<T>)> {
    let layer =
        |layer: &nn::Linear<Tensor<T>>| (layer.weight.shape()[0], layer.weight.shape()[1], layer.weight.to_vec());
    mlp.layers.iter().map(layer).collect()
}

pub(crate) fn slice<T>(x: &Tensor<T>) -> &[T] {
    x.as_slice().expect("contiguous")
}
