//! The steps by `autodiff` and `nn`, on any values.

use autodiff::prelude::*;
use autodiff_candle::Array;
use candle_core::Device;
use nn::autoencoder::contractive;
use nn::{Mlp, Sgd, Trainer, loss};

use crate::Step;

pub(crate) fn array(x: &Tensor<f32>, device: &Device) -> Array<f32> {
    Array::from_host(x, device)
}

pub(crate) fn arrays(mlp: &Mlp<Tensor<f32>>, device: &Device) -> Mlp<Array<f32>> {
    mlp.map(&mut |_, leaf| array(leaf, device))
}

pub(crate) fn classifier<V: Value + 'static>(mlp: Mlp<V>, x: V, classes: Tensor<usize>) -> Step {
    let mut trainer = Trainer::new(mlp, Sgd::new(0.01));
    Box::new(move || {
        let means = trainer.step(&(), &mut (), |tape, mlp, _, _| {
            loss::cross_entropy(&mlp.forward(&tape.constant(x.clone())), &classes)
        });
        means.expect("the loss is finite").total
    })
}

pub(crate) fn contraction<V: Value + 'static>(mlp: Mlp<V>, x: V) -> Step {
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, _gradient) = tape.value_and_grad_tree(&mlp, |tape, mlp| {
            let x = tape.constant(x.clone());
            contractive::nested(mlp.forward(&x), x)
        });
        loss.item().to_f64()
    })
}
