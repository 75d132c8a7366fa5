//! The steps by candle alone.

use crate::{Classifier, Step};
use candle_core::{Device, Result, Tensor, Var};
use candle_nn::{Linear, Module, Optimizer, SGD, loss};

pub(crate) fn classifier(case: &Classifier, device: &Device) -> Step {
    prepare(case, device).expect("candle prepares the step")
}

fn prepare(case: &Classifier, device: &Device) -> Result<Step> {
    let host = |x: &autodiff::Tensor<f32>| Tensor::from_vec(x.to_vec(), &**x.shape(), device);
    let (mut variables, mut layers) = (Vec::new(), Vec::new());
    for layer in &case.mlp.layers {
        let [weight, bias] = [Var::from_tensor(&host(&layer.weight)?)?, Var::from_tensor(&host(&layer.bias)?)?];
        layers.push(Linear::new(weight.as_tensor().clone(), Some(bias.as_tensor().clone())));
        variables.extend([weight, bias]);
    }
    let x = host(&case.x)?;
    let classes = Tensor::from_iter(case.classes.iter().map(|class| class as u32), device)?;
    let mut optimizer = SGD::new(variables, 0.01)?;
    let mut step = move || {
        let (last, hidden) = layers.split_last().expect("a network has layers");
        let h = hidden.iter().try_fold(x.clone(), |x, layer| layer.forward(&x)?.relu())?;
        let loss = loss::cross_entropy(&last.forward(&h)?, &classes)?;
        optimizer.backward_step(&loss)?;
        loss.to_scalar::<f32>()
    };
    Ok(Box::new(move || step().expect("candle takes the step").into()))
}
