//! candle.

use crate::by_hand::{Activation, Cost, Update};
use crate::contender::Peer;
use crate::task::{self, A, B, Curvature, Layers, Outcome, Step, Task, VAE, VAE_BATCH, Vae, wide};
use crate::work::{Case, Work, weights};
use candle_core::{Device::Cpu, Result, Tensor, Var};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, SGD, loss};

pub(crate) struct Candle;

impl Peer for Candle {
    const NAME: &str = "candle";

    fn step(task: Task) -> Option<Step> {
        let step = match task {
            Task::Train(case) if case.update == Update::Adam => train::<AdamW>(case, adam()),
            Task::Train(case) => train::<SGD>(case, 0.01),
            Task::Vae => vae(),
            Task::Chain => chain(),
            Task::Dispatch => dispatch(),
            Task::HessianVector => hessian_vector(),
            _ => return None,
        };
        Some(step.expect("candle prepares the task"))
    }
}

/// AdamW without weight decay is Adam.
fn adam() -> ParamsAdamW {
    ParamsAdamW { weight_decay: 0.0, ..ParamsAdamW::default() }
}

/// The variables, and the layers that share their storage.
fn network(layers: &Layers) -> Result<(Vec<Var>, Vec<Linear>)> {
    let (mut variables, mut linear) = (Vec::new(), Vec::new());
    for (outputs, inputs, weight) in layers {
        let weight = Var::from_slice(weight, (*outputs, *inputs), &Cpu)?;
        let bias = Var::zeros(*outputs, candle_core::DType::F32, &Cpu)?;
        linear.push(Linear::new(weight.as_tensor().clone(), Some(bias.as_tensor().clone())));
        variables.extend([weight, bias]);
    }
    Ok((variables, linear))
}

fn forward(layers: &[Linear], x: &Tensor, hidden: impl Fn(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
    let (last, before) = layers.split_last().expect("a network has layers");
    let h = before.iter().try_fold(x.clone(), |x, layer| hidden(&layer.forward(&x)?))?;
    last.forward(&h)
}

/// A step of an optimiser on a loss.
fn descend(mut optimizer: impl Optimizer + 'static, loss: impl Fn() -> Result<Tensor> + 'static) -> Step {
    Box::new(move || {
        let loss = loss().expect("a loss");
        optimizer.backward_step(&loss).expect("a step");
        Outcome::loss(loss.to_scalar::<f32>().expect("a scalar"))
    })
}

fn train<O: Optimizer + 'static>(case: &'static Case, config: O::Config) -> Result<Step> {
    let work = Work::<f32>::new(case);
    let (variables, layers) = network(&weights(&work.model))?;
    let x = Tensor::from_vec(work.x.to_vec(), (case.batch, case.sizes[0]), &Cpu)?;
    let target = Tensor::from_vec(work.target.to_vec(), (case.batch, work.target.shape()[1]), &Cpu)?;
    let classes = Tensor::from_iter(work.classes.to_vec().into_iter().map(|class| class as u32), &Cpu)?;
    Ok(descend(O::new(variables, config)?, move || {
        let y = forward(&layers, &x, |z| match case.hidden {
            Activation::Linear => Ok(z.clone()),
            Activation::Relu => z.relu(),
            Activation::Sigmoid => candle_nn::ops::sigmoid(z),
        })?;
        match case.cost {
            Cost::CrossEntropy => loss::cross_entropy(&y, &classes),
            Cost::SquaredError => (y - &target)?.sqr()?.sum_all()? / case.batch as f64,
        }
    }))
}

fn vae() -> Result<Step> {
    let vae = Vae::new();
    let [(mut variables, encoder), (others, decoder)] = match vae.layers().each_ref().map(network) {
        [Ok(encoder), Ok(decoder)] => [encoder, decoder],
        [encoder, decoder] => return Err(encoder.and(decoder).expect_err("one network failed")),
    };
    variables.extend(others);
    let x = Tensor::from_vec(vae.x.to_vec(), (VAE_BATCH, VAE[0]), &Cpu)?;
    let noise = Tensor::from_vec(vae.noise.to_vec(), (VAE_BATCH, VAE[2]), &Cpu)?;
    Ok(descend(AdamW::new(variables, adam())?, move || {
        let code = forward(&encoder, &x, Tensor::relu)?;
        let (mean, log_var) = (code.narrow(1, 0, VAE[2])?, code.narrow(1, VAE[2], VAE[2])?);
        let z = (&mean + ((&log_var * 0.5)?.exp()? * &noise)?)?;
        let y = forward(&decoder, &z, Tensor::relu)?;
        let nats = (loss::binary_cross_entropy_with_logit(&y, &x)? * VAE[0] as f64)?;
        let kl = (((mean.sqr()? + log_var.exp()?)? - 1.0)? - log_var)?.sum_all()?;
        nats + (kl * (0.5 / VAE_BATCH as f64))?
    }))
}

/// A step that computes the value and the gradient of a function of one tensor.
fn gradient(x: Var, function: impl Fn(&Tensor) -> Result<Tensor> + 'static) -> Result<Step> {
    let compute = move || {
        let y = function(&x)?;
        let gradient = y.backward()?.remove(&x).expect("the value depends on x");
        Ok::<_, candle_core::Error>((y.to_scalar::<f32>()?, gradient))
    };
    Ok(Box::new(move || {
        let (y, gradient) = compute().expect("a gradient");
        Outcome::new(y, move || flat(&gradient))
    }))
}

fn flat(x: &Tensor) -> Vec<f64> {
    wide(x.flatten_all().and_then(|x| x.to_vec1()).expect("numbers"))
}

fn chain() -> Result<Step> {
    let x = Var::from_vec(task::chain(), 1 << 20, &Cpu)?;
    gradient(x, |x| (x.affine(A.into(), B.into())?.tanh()?.sqr()? * x.neg()?.exp()?)?.sum_all())
}

fn dispatch() -> Result<Step> {
    let x = Var::from_vec(task::dispatch(), (4, 4), &Cpu)?;
    gradient(x, |x| {
        let mut y = x.clone();
        for _ in 0..250 {
            y = (((y * x)? + x)? * 0.5)?.tanh()?;
        }
        y.sum_all()
    })
}

fn hessian_vector() -> Result<Step> {
    let work = Curvature::new();
    let (variables, layers) = network(&weights(&work.model))?;
    let x = Tensor::from_vec(work.x.to_vec(), (32, 64), &Cpu)?;
    let classes = Tensor::from_iter(work.classes.to_vec().into_iter().map(|class| class as u32), &Cpu)?;
    let direction: Vec<Tensor> = variables.iter().map(|w| w.as_tensor().detach()).collect();
    let compute = move || {
        let loss = loss::cross_entropy(&forward(&layers, &x, Tensor::tanh)?, &classes)?;
        let gradient = loss.backward()?;
        let mut directional = Tensor::zeros((), candle_core::DType::F32, &Cpu)?;
        for (w, v) in variables.iter().zip(&direction) {
            directional =
                (directional + (gradient.get(w).expect("the loss depends on all weights") * v)?.sum_all()?)?;
        }
        let product = directional.backward()?;
        let product = |w: &Var| product.get(w).expect("the loss depends on all weights").clone();
        Ok::<_, candle_core::Error>([product(&variables[0]), product(&variables[2])])
    };
    Ok(Box::new(move || {
        let product = compute().expect("a product");
        Outcome::new(0.0, move || product.iter().flat_map(flat).collect())
    }))
}
