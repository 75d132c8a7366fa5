//! A function of a list of values as a scalar one, and its derivatives along directions.

use super::Options;
use crate::algebra::{Structural, Value};
use crate::array::Number;
use crate::array::Tensor;
use crate::tape::{AsVariables, Mode, Tape, Var, forward_in};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A function of the leaves of a tree.
pub(super) type Function<'f, V> = dyn for<'t> Fn(&'t Tape<V>, &[Var<'t, V>]) -> Var<'t, V> + 'f;

/// A function, where it is checked, and how.
pub(super) struct Case<'a, V: Value> {
    pub(super) f: &'a Function<'a, V>,
    pub(super) x: &'a [V],
    pub(super) paths: &'a [String],
    pub(super) options: &'a Options,
}

/// A tangent for each input.
pub(super) type Direction<V> = Vec<V>;

/// A function that was run: its inputs on the tape, and its output.
pub(super) struct Run<'t, V> {
    pub(super) x: Vec<Var<'t, V>>,
    pub(super) y: Var<'t, V>,
}

impl<V: Value> Case<'_, V> {
    pub(super) fn run<'t>(&self, tape: &'t Tape<V>, x: &[V]) -> Run<'t, V> {
        let named = |(x, path): (&V, &String)| match path.is_empty() {
            true => tape.variable(x.clone()),
            false => tape.variable(x.clone()).named(path),
        };
        let x: Vec<_> = x.iter().zip(self.paths).map(named).collect();
        let y = (self.f)(tape, &x);
        y.check_tape("check_grads", &x);
        Run { x, y }
    }

    pub(super) fn rng(&self, stream: u64) -> StdRng {
        StdRng::seed_from_u64(self.options.seed.wrapping_mul(1 << 20).wrapping_add(stream))
    }

    /// The random numbers of the weights of [`projected`](Run::projected).
    pub(super) fn weights(&self, stream: u64) -> StdRng {
        self.rng(stream | 1 << 40)
    }

    /// A random direction: each element moves by ½ to 1 of its size, or of 1 if that is more, up or down.
    pub(super) fn direction(&self, rng: &mut StdRng) -> Direction<V> {
        let mut element = |x: &V::Elem| {
            let sign = if rng.random() { 1.0 } else { -1.0 };
            V::Elem::from_f64(sign * rng.random_range(0.5..1.0) * x.to_f64().abs().max(1.0))
        };
        self.x.iter().map(|x| x.lift(&x.primal().map(&mut element))).collect()
    }
}

impl<'t, V: Value> Run<'t, V> {
    /// ⟨w, y⟩ for random weights w: a scalar, in which each element of the output counts.
    pub(super) fn projected(&self, rng: &mut StdRng) -> Var<'t, V> {
        let weights = Tensor::from_fn(self.y.shape(), |_| V::Elem::from_f64(rng.random_range(0.5..1.5)));
        (self.y * self.y.lift(&weights)).sum()
    }

    /// The derivative of a scalar on the tape along a direction, recorded.
    pub(super) fn along(&self, y: Var<'t, V>, v: &Direction<V>, mode: Mode) -> Var<'t, V> {
        let v = || v.iter().map(|v| y.constant(v.clone()));
        match mode {
            Mode::Reverse => {
                let g = y.pull(y.full_like(1.0), &self.x);
                g.iter().zip(v()).map(|(g, v)| (*g * v).sum()).reduce(|a, b| a + b).expect("a function has inputs")
            }
            Mode::Forward => {
                let seeds = self.x.iter().map(|x| x.id()).zip(v()).collect();
                let mut dy = forward_in(y.tape, &AsVariables(y.tape), seeds, &[y.id()]);
                dy.pop().flatten().unwrap_or_else(|| y.unconnected())
            }
        }
    }

    /// The derivative along several directions, one after the other.
    pub(super) fn along_all(&self, y: Var<'t, V>, v: &[Direction<V>], modes: &[Mode]) -> Var<'t, V> {
        v.iter().zip(modes).fold(y, |y, (v, &mode)| self.along(y, v, mode))
    }
}

/// A number with the size of what it was added up from: what its rounding is relative to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) value: f64,
    pub(super) size: f64,
}

impl Sum {
    pub(super) const ZERO: Self = Self { value: 0.0, size: 0.0 };
}

/// The inner product of gradients with a direction.
pub(super) fn dot<V: Value>(g: &[V], v: &[V]) -> Sum {
    let mut sum = Sum { value: 0.0, size: 0.0 };
    for (g, v) in g.iter().zip(v) {
        for (g, v) in g.primal().iter().zip(v.primal().iter()) {
            let product = g.to_f64() * v.to_f64();
            sum = Sum { value: sum.value + product, size: sum.size + product.abs() };
        }
    }
    sum
}

/// The number of a scalar.
pub(super) fn number<V: Value>(y: &V) -> Sum {
    let value = y.item().to_f64();
    Sum { value, size: value.abs() }
}
