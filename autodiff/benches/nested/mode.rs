//! The gradient of a function of a few numbers, by each mode.

use autodiff::prelude::*;
use std::array::from_fn;

/// A function of N numbers whose other arguments are values of type `V`.
pub(crate) trait Function<V, const N: usize> {
    /// The value at `x`. `constant` turns an argument into a constant beside `x`.
    fn at<W: Value>(&self, x: [W; N], constant: &impl Fn(&V) -> W) -> W;
}

pub(crate) trait Gradient {
    fn gradient<V: Value, const N: usize>(x: &[V; N], f: &impl Function<V, N>) -> [V; N];
}

/// One pass for each number.
pub(crate) struct Forward;

pub(crate) struct Reverse;

/// Central differences.
pub(crate) struct Differences;

impl Gradient for Forward {
    fn gradient<V: Value, const N: usize>(x: &[V; N], f: &impl Function<V, N>) -> [V; N] {
        from_fn(|i| {
            let unit = from_fn(|j| x[j].full_like(if i == j { 1.0 } else { 0.0 }));
            jvp_tree(x, &unit, |x| f.at(x, &|c| Dual::constant(c.clone()))).1
        })
    }
}

impl Gradient for Reverse {
    fn gradient<V: Value, const N: usize>(x: &[V; N], f: &impl Function<V, N>) -> [V; N] {
        value_and_grad(x, |tape, x| f.at(x, &|c| tape.constant(c.clone()))).1
    }
}

impl Gradient for Differences {
    fn gradient<V: Value, const N: usize>(x: &[V; N], f: &impl Function<V, N>) -> [V; N] {
        const H: f64 = 1e-4;
        let moved = |i: usize, h: f64| from_fn(|j| if i == j { x[j].clone() + h } else { x[j].clone() });
        from_fn(|i| (f.at(moved(i, H), &V::clone) - f.at(moved(i, -H), &V::clone)) / (2.0 * H))
    }
}
