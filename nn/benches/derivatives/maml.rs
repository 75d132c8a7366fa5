//! Model-agnostic meta-learning (Finn, Abbeel and Levine 2017): a step of gradient descent on one set of points, and
//! the loss of the network after it on another, differentiated with respect to the network before it.

use crate::{Step, network, numbers};
use autodiff::prelude::*;
use nn::{Transfer, loss};

const RATE: f64 = 0.01;

pub(crate) fn step() -> Step {
    let network = network(&[1, 40, 40, 1], Transfer::Relu);
    let [x, y, new_x, new_y] = [7.0, 8.0, 9.0, 10.0].map(|seed| numbers(seed, 1.0, [10, 1]));
    let mut tape = Tape::new();
    Box::new(move || {
        let (loss, gradient) = tape.value_and_grad_tree(&network, |tape, network| {
            let [x, y, new_x, new_y] = [&x, &y, &new_x, &new_y].map(|x| tape.constant(x.clone()));
            let gradient = loss::squared_error(&network.forward(x), y).grad_tree(&network);
            let steps = network.leaves().into_iter().zip(gradient.leaves());
            let adapted = network.with_leaves(steps.map(|(w, g)| w - g * RATE).collect());
            loss::squared_error(&adapted.forward(new_x), new_y)
        });
        (loss, gradient.leaves())
    })
}
