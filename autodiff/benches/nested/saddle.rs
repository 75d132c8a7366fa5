//! A saddle point: one player minimises over x what the other maximises over y. Each descends or climbs along a gradient,
//! the second inside the first.
//!
//! The payoff is |x|² + x·y − |y|². The term x·y, which the original lacks, makes the answer y = x/2 depend on x.

use crate::mode::{Function, Gradient};
use crate::{Program, combinations};
use autodiff::prelude::*;
use std::array::from_fn;
use std::marker::PhantomData;

const OUTER_STEPS: usize = 20;
const INNER_STEPS: usize = 50;

struct Payoff<'a, V>(&'a [V; 2]);

impl<V: Value> Function<V, 2> for Payoff<'_, V> {
    fn at<W: Value>(&self, y: [W; 2], constant: &impl Fn(&V) -> W) -> W {
        let [a, b] = from_fn(|i| {
            let (x, y) = (constant(&self.0[i]), y[i].clone());
            (x.clone() + &y) * x - y.square()
        });
        a + b
    }
}

/// The payoff after the best answer to x, found with the gradients of `Inner`.
struct BestAnswer<Inner>(PhantomData<Inner>);

impl<Inner: Gradient> Function<f64, 2> for BestAnswer<Inner> {
    fn at<W: Value>(&self, x: [W; 2], _: &impl Fn(&f64) -> W) -> W {
        let mut y: [W; 2] = from_fn(|i| x[i].full_like(1.0));
        for _ in 0..INNER_STEPS {
            let slope = Inner::gradient(&y, &Payoff(&x));
            y = from_fn(|i| y[i].clone() + slope[i].clone() * 0.1);
        }
        Payoff(&x).at(y, &W::clone)
    }
}

fn saddle<Outer: Gradient, Inner: Gradient>() -> f64 {
    let mut x = [1.0, -0.5];
    for _ in 0..OUTER_STEPS {
        let slope = Outer::gradient(&x, &BestAnswer::<Inner>(PhantomData));
        x = from_fn(|i| x[i] - 0.05 * slope[i]);
    }
    x[0] - x[1]
}

pub(crate) fn program() -> Program {
    use crate::mode::*;
    Program { name: "saddle", contenders: combinations!(saddle), tolerance: 1e-4 }
}
