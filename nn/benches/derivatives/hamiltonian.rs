//! A Hamiltonian network (Greydanus, Dzamba and Yosinski 2019): the network is the energy H(q, p), and the loss compares
//! its field (∂H/∂p, −∂H/∂q) with the velocities of the data.

use crate::{Step, network, numbers};
use autodiff::prelude::*;
use nn::Transfer;

pub(crate) fn step() -> Step {
    let energy = network(&[2, 200, 200, 1], Transfer::Tanh);
    let (x, velocity) = (numbers(7.0, 1.0, [200, 2]), numbers(8.0, 1.0, [200, 2]));
    let rotation = Tensor::<f32>::from([[0.0, -1.0], [1.0, 0.0]]);
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, gradient) = tape.value_and_grad_tree(&energy, |tape, energy| {
            let x = tape.constant(x.clone());
            let [gradient] = energy.forward(x).sum().grad([x]);
            (gradient.matmul(&rotation) - &velocity).square().mean()
        });
        (loss, gradient.leaves())
    })
}
