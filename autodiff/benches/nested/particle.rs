//! A charged particle in the field of two fixed charges; a parameter w places one of them. The force is the gradient of the
//! potential. The place where the particle reaches the ground is brought to 0 by the derivative with respect to w.

use crate::mode::{Function, Gradient};
use crate::{Program, combinations};
use autodiff::prelude::*;
use std::array::from_fn;
use std::marker::PhantomData;

const OUTER_STEPS: usize = 10;
/// The time of a step of Euler's method.
const DT: f64 = 0.1;

/// 1/|x − (10, 10 − w)| + 1/|x − (10, 0)|.
struct Potential<'a, V>(&'a V);

impl<V: Value> Function<V, 2> for Potential<'_, V> {
    fn at<W: Value>(&self, [x, y]: [W; 2], constant: &impl Fn(&V) -> W) -> W {
        let across = (x - 10.0).square();
        let above = (y.clone() - 10.0 + &constant(self.0)).square();
        (across.clone() + &above).sqrt().recip() + &(across + &y.square()).sqrt().recip()
    }
}

/// The squared distance from 0 at which the particle reaches the ground, with the forces of `Inner`.
struct Error<Inner>(PhantomData<Inner>);

impl<Inner: Gradient> Function<f64, 1> for Error<Inner> {
    fn at<W: Value>(&self, [w]: [W; 1], _: &impl Fn(&f64) -> W) -> W {
        let start = |c: [f64; 2]| -> [W; 2] { from_fn(|i| w.full_like(c[i])) };
        let (mut x, mut speed) = (start([0.0, 8.0]), start([0.75, 0.0]));
        loop {
            let slope = Inner::gradient(&x, &Potential(&w));
            let next: [W; 2] = from_fn(|i| x[i].clone() + speed[i].clone() * DT);
            if next[1].item().to_f64() <= 0.0 {
                let time = -x[1].clone() / &speed[1]; // until the particle reaches the ground
                return (time * &speed[0] + &x[0]).square();
            }
            speed = from_fn(|i| speed[i].clone() - slope[i].clone() * DT);
            x = next;
        }
    }
}

fn particle<Outer: Gradient, Inner: Gradient>() -> f64 {
    let mut w = [0.0];
    for _ in 0..OUTER_STEPS {
        let [slope] = Outer::gradient(&w, &Error::<Inner>(PhantomData));
        w[0] -= 0.01 * slope;
    }
    w[0]
}

pub(crate) fn program() -> Program {
    use crate::mode::*;
    Program { name: "particle", contenders: combinations!(particle), tolerance: 1e-4 }
}
