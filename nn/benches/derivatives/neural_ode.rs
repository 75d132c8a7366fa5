//! A neural ordinary differential equation (Chen, Rubanova, Bettencourt and Duvenaud 2018): y′ is a network of y, solved by
//! 20 steps of the classical Runge–Kutta method. The loss compares the state after each step with the data.

use crate::{Step, network, numbers};
use autodiff::prelude::*;
use nn::{Mlp, Transfer};

const STEPS: usize = 20;
const SIZE: f64 = 0.05;

pub(crate) fn step() -> Step {
    let field = network(&[2, 50, 2], Transfer::Tanh);
    let start = numbers(7.0, 1.0, [20, 2]);
    let targets: Vec<_> = (0..STEPS).map(|i| numbers(8.0 + i as f64, 1.0, [20, 2])).collect();
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, gradient) = tape.value_and_grad_tree(&field, |tape, field| {
            let mut y = tape.constant(start.clone());
            let mut loss = y.full_like(0.0).sum();
            for target in &targets {
                y = runge_kutta(&field, &y);
                loss += (y - target).square().mean();
            }
            loss
        });
        (loss, gradient.leaves())
    })
}

fn runge_kutta<'t, V: Value>(field: &Mlp<Var<'t, V>>, y: &Var<'t, V>) -> Var<'t, V> {
    let k1 = field.forward(y);
    let k2 = field.forward(*y + k1 * (SIZE / 2.0));
    let k3 = field.forward(*y + k2 * (SIZE / 2.0));
    let k4 = field.forward(*y + k3 * SIZE);
    *y + (k1 + (k2 + k3) * 2.0 + k4) * (SIZE / 6.0)
}
