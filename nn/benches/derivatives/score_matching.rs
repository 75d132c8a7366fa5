//! Exact score matching (Hyvärinen 2005): the score s = −∇E of an energy E, with the loss mean(½‖s‖² + tr ∂s/∂x), whose trace
//! comes from the whole Hessian of each sample.

use crate::{Step, network, numbers};
use autodiff::prelude::*;
use nn::Transfer;

pub(crate) fn step() -> Step {
    let energy = network(&[10, 64, 64, 1], Transfer::Tanh);
    let x = numbers(7.0, 1.0, [128, 10]);
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, gradient) = tape.value_and_grad_tree(&energy, |tape, energy| {
            let x = tape.constant(x.clone());
            let [gradient] = energy.forward(x).sum().grad([x]);
            let trace = gradient.batch_jacobian(x).trace();
            (gradient.square().sum_axis(1) * 0.5 - trace).mean()
        });
        (loss, gradient.leaves())
    })
}
