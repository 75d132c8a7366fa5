//! A physics-informed network (Raissi, Perdikaris and Karniadakis 2019) for the heat equation ∂u/∂t = k·∂²u/∂x²: the loss is
//! the mean squared residual at n points (t, x).

use crate::{Step, network, numbers};
use autodiff::prelude::*;
use nn::Transfer;

const CONDUCTIVITY: f64 = 0.1;

pub(crate) fn step(n: usize) -> Step {
    let network = network(&[2, 32, 32, 32, 1], Transfer::Tanh);
    let points = numbers(7.0, 1.0, [n, 2]);
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, gradient) = tape.value_and_grad_tree(&network, |tape, network| {
            let points = tape.constant(points.clone());
            let [first] = network.forward(points).sum().grad([points]);
            let (by_t, by_x) = (first.index_axis(1, 0), first.index_axis(1, 1));
            let [second] = by_x.sum().grad([points]);
            (by_t - second.index_axis(1, 1) * CONDUCTIVITY).square().mean()
        });
        (loss, gradient.leaves())
    })
}
