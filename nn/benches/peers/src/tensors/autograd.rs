//! rust-autograd. The graph is built anew for each step, as in its examples.

use crate::by_hand::{Activation, Cost, Update};
use crate::contender::Peer;
use crate::task::{self, A, B, Layers, Outcome, Step, Task, VAE, VAE_BATCH, Vae, wide};
use crate::work::{Case, Work, weights};
use ::autograd as ag;
use ag::ndarray::{Array, ArrayD, Ix2};
use ag::optimizers::{Adam, Optimizer, SGD};
use ag::prelude::*;
use ag::tensor_ops as ops;
use ag::variable::VariableID;
use ag::{Context, Tensor, VariableEnvironment};

pub(crate) struct Autograd;

impl Peer for Autograd {
    const NAME: &str = "rust-autograd";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Train(case) => Some(train(case)),
            Task::Vae => Some(vae()),
            Task::Chain => Some(chain()),
            Task::Dispatch => Some(dispatch()),
            _ => None,
        }
    }
}

fn matrix(x: Vec<f32>, rows: usize) -> Array<f32, Ix2> {
    Array::from_shape_vec((rows, x.len() / rows), x).expect("the rows have equal length")
}

type Variables = Vec<[VariableID; 2]>;

fn network(layers: Layers, environment: &mut VariableEnvironment<'static, f32>) -> Variables {
    let layer = |(outputs, _, weight)| {
        let weight = matrix(weight, outputs).t().as_standard_layout().into_owned();
        [environment.set(weight), environment.set(ag::ndarray_ext::zeros(&[1, outputs]))]
    };
    layers.into_iter().map(layer).collect()
}

fn forward<'g>(
    c: &'g Context<'_, '_, f32>,
    layers: &Variables,
    x: Tensor<'g, f32>,
    hidden: impl Fn(Tensor<'g, f32>) -> Tensor<'g, f32>,
) -> Tensor<'g, f32> {
    layers.iter().enumerate().fold(x, |x, (l, &[weight, bias])| {
        let z = ops::matmul(x, c.variable(weight)) + c.variable(bias);
        if l + 1 < layers.len() { hidden(z) } else { z }
    })
}

enum Rule {
    Descent(SGD<f32>),
    Adam(Adam<f32>),
}

/// The inputs of the graph, by name.
type Feeds = Vec<(&'static str, ArrayD<f32>)>;

/// A step of an optimiser on a loss.
///
/// The evaluator works from the last tensor to the first, and updates change variables in place. The variables are
/// therefore listed in reverse, or the gradient of the first layer would use the updated weights of later layers.
fn descend(
    environment: VariableEnvironment<'static, f32>,
    optimizer: Rule,
    variables: Variables,
    feeds: Feeds,
    loss: impl for<'g> Fn(&'g Context<'_, '_, f32>) -> Tensor<'g, f32> + 'static,
) -> Step {
    Box::new(move || {
        environment.run(|c| {
            let loss = loss(c);
            let variables: Vec<_> = variables.iter().flatten().rev().map(|&id| c.variable(id)).collect();
            let gradients = ops::grad(&[loss], &variables);
            let updates = match &optimizer {
                Rule::Descent(sgd) => sgd.compute_updates(&variables, &gradients, c),
                Rule::Adam(adam) => adam.compute_updates(&variables, &gradients, c),
            };
            let mut evaluator = c.evaluator();
            for (name, x) in &feeds {
                evaluator.feed(*name, x.view());
            }
            let results = evaluator.extend(&updates).push(loss).run();
            Outcome::loss(
                *results[updates.len()]
                    .as_ref()
                    .expect("the loss was evaluated")
                    .first()
                    .expect("the loss is a scalar"),
            )
        })
    })
}

fn adam(environment: &mut VariableEnvironment<'static, f32>) -> Rule {
    let variables = environment.default_namespace().current_var_ids();
    Rule::Adam(Adam::default("adam", variables, environment))
}

fn train(case: &'static Case) -> Step {
    let work = Work::<f32>::new(case);
    let mut environment = VariableEnvironment::new();
    let layers = network(weights(&work.model), &mut environment);
    let optimizer = match case.update {
        Update::Descent => Rule::Descent(SGD::new(0.01)),
        Update::Adam => adam(&mut environment),
    };
    let classes = work.classes.to_vec().into_iter().map(|class| class as f32).collect();
    let feeds = vec![
        ("x", matrix(work.x.to_vec(), case.batch).into_dyn()),
        ("target", matrix(work.target.to_vec(), case.batch).into_dyn()),
        ("classes", matrix(classes, case.batch).into_dyn()),
    ];
    descend(environment, optimizer, layers.clone(), feeds, move |c| {
        let [x, target, classes] = ["x", "target", "classes"].map(|name| c.placeholder(name, &[-1, -1]));
        let y = forward(c, &layers, x, |z| match case.hidden {
            Activation::Linear => z,
            Activation::Relu => ops::relu(z),
            Activation::Sigmoid => ops::sigmoid(z),
        });
        match case.cost {
            Cost::CrossEntropy => ops::mean_all(ops::sparse_softmax_cross_entropy(y, classes)),
            Cost::SquaredError => ops::sum_all(ops::square(y - target)) / case.batch as f32,
        }
    })
}

fn vae() -> Step {
    let vae = Vae::new();
    let mut environment = VariableEnvironment::new();
    let [encoder, decoder] = vae.layers().map(|layers| network(layers, &mut environment));
    let adam = adam(&mut environment);
    let feeds = vec![
        ("x", matrix(vae.x.to_vec(), VAE_BATCH).into_dyn()),
        ("noise", matrix(vae.noise.to_vec(), VAE_BATCH).into_dyn()),
    ];
    let variables = [&encoder[..], &decoder[..]].concat();
    descend(environment, adam, variables, feeds, move |c| {
        let [x, noise] = ["x", "noise"].map(|name| c.placeholder(name, &[-1, -1]));
        let code = forward(c, &encoder, x, ops::relu);
        let parts = ops::split(code, &[VAE[2], VAE[2]], 1);
        let (mean, log_var) = (parts[0], parts[1]);
        let z = mean + ops::exp(log_var * 0.5) * noise;
        let nats = ops::sum_all(ops::sigmoid_cross_entropy(forward(c, &decoder, z, ops::relu), x));
        let kl = ops::sum_all(ops::square(mean) + ops::exp(log_var) - 1.0 - log_var) * 0.5;
        (nats + kl) / VAE_BATCH as f32
    })
}

/// A step that computes the value and the gradient of a function of one tensor.
fn gradient(x: ArrayD<f32>, function: impl for<'g> Fn(Tensor<'g, f32>) -> Tensor<'g, f32> + 'static) -> Step {
    let mut environment = VariableEnvironment::<f32>::new();
    let x = environment.set(x);
    Box::new(move || {
        environment.run(|c| {
            let x = c.variable(x);
            let y = function(x);
            let gradient = ops::grad(&[y], &[x]);
            let mut results = c.evaluator().push(y).push(gradient[0]).run();
            let gradient = results.pop().expect("two results").expect("the gradient was evaluated");
            let value = *results[0].as_ref().expect("the value was evaluated").first().expect("the value is a scalar");
            Outcome::new(value, move || wide(gradient.iter().copied().collect()))
        })
    })
}

fn chain() -> Step {
    gradient(Array::from(task::chain()).into_dyn(), |x| {
        ops::sum_all(ops::square(ops::tanh(x * A + B)) * ops::exp(ops::neg(x)))
    })
}

fn dispatch() -> Step {
    gradient(matrix(task::dispatch(), 4).into_dyn(), |x| {
        let mut y = x;
        for _ in 0..250 {
            y = ops::tanh((y * x + x) * 0.5);
        }
        ops::sum_all(y)
    })
}
