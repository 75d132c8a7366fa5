//! The contractive penalty of an encoder with two layers (Rifai et al. 2011), by nested differentiation.

use crate::{Step, network, numbers};
use autodiff::prelude::*;
use nn::Transfer;
use nn::autoencoder::contractive;

pub(crate) fn step() -> Step {
    let encoder = network(&[784, 256, 32], Transfer::Tanh).with_output(Transfer::Tanh);
    let x = numbers(7.0, 1.0, [64, 784]);
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, gradient) = tape.value_and_grad_tree(&encoder, |tape, encoder| {
            let x = tape.constant(x.clone());
            contractive::nested(encoder.forward(x), x)
        });
        (loss, gradient.leaves())
    })
}
