//! A checked function, reduced to a scalar, and its derivatives along directions.

use super::Options;
use crate::algebra::{Math, Reading, Structural};
use crate::array::Number;
use crate::array::Tensor;
use crate::tape::{AsVariables, Mode, Tape, Var, forward};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A function of the leaves of a tree.
pub(super) type Function<'f, V> = dyn for<'t> Fn(&'t Tape<V>, &[Var<'t, V>]) -> Var<'t, V> + 'f;

/// A function, the point at which it is checked, the paths of its inputs, and the options.
pub(super) struct Case<'a, V: Reading> {
    pub(super) f: &'a Function<'a, V>,
    pub(super) x: &'a [V],
    pub(super) paths: &'a [String],
    pub(super) options: &'a Options,
}

/// A tangent for each input.
pub(super) type Direction<V> = Vec<V>;

/// One run of a function: its inputs and its output on a tape.
pub(super) struct Run<'t, V> {
    pub(super) x: Vec<Var<'t, V>>,
    pub(super) y: Var<'t, V>,
}

impl<V: Reading> Case<'_, V> {
    #[track_caller]
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

    /// The inputs moved by `step` along a direction.
    pub(super) fn moved(&self, direction: &[V], step: f64) -> Vec<V> {
        self.x.iter().zip(direction).map(|(x, v)| x.clone() + v.scale(step)).collect()
    }

    pub(super) fn rng(&self, stream: u64) -> StdRng {
        StdRng::seed_from_u64(self.options.seed.wrapping_mul(1 << 20).wrapping_add(stream))
    }

    /// The generator of the weights of [`weighted_sum`](Run::weighted_sum).
    pub(super) fn weights_rng(&self, stream: u64) -> StdRng {
        self.rng(stream | 1 << 40)
    }

    /// A random direction. Each element moves up or down by ½ to 1 times its size, which counts as at least 1.
    pub(super) fn random_direction(&self, rng: &mut StdRng) -> Direction<V> {
        let mut element = |x: &V::Elem| {
            let sign = if rng.random() { 1.0 } else { -1.0 };
            V::Elem::from_f64(sign * rng.random_range(0.5..1.0) * x.to_f64().abs().max(1.0))
        };
        self.x.iter().map(|x| x.lift(&x.primal().map(&mut element))).collect()
    }
}

impl<'t, V: Reading> Run<'t, V> {
    /// ⟨w, y⟩ with random weights w: a scalar to which every element of the output contributes.
    pub(super) fn weighted_sum(&self, rng: &mut StdRng) -> Var<'t, V> {
        let weights = Tensor::from_fn(self.y.shape(), |_| V::Elem::from_f64(rng.random_range(0.5..1.5)));
        (self.y * self.y.lift(&weights)).sum()
    }

    /// The derivative of a scalar along a direction, recorded.
    pub(super) fn derivative(&self, y: Var<'t, V>, v: &Direction<V>, mode: Mode) -> Var<'t, V> {
        let v = || v.iter().map(|v| y.constant(v.clone()));
        match mode {
            Mode::Reverse => {
                let g = y.pull("check_grads", y.full_like(1.0), &self.x);
                g.iter().zip(v()).map(|(g, v)| (*g * v).sum()).reduce(|a, b| a + b).expect("a function has inputs")
            }
            Mode::Forward => {
                let seeds = self.x.iter().map(|x| x.id()).zip(v()).collect();
                let mut dy = forward(y.tape, &AsVariables(y.tape), seeds, &[y.id()]);
                dy.pop().flatten().unwrap_or_else(|| y.unconnected())
            }
        }
    }

    /// The derivative along each direction in turn, recorded.
    pub(super) fn nested_derivative(&self, y: Var<'t, V>, v: &[Direction<V>], modes: &[Mode]) -> Var<'t, V> {
        v.iter().zip(modes).fold(y, |y, (v, &mode)| self.derivative(y, v, mode))
    }
}

/// A computed number, and the sum of the absolute values of its terms. Its rounding error is relative to that sum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) scale: f64,
}

impl Estimate {
    pub(super) const ZERO: Self = Self { value: 0.0, scale: 0.0 };

    /// The value of a scalar.
    pub(super) fn of<V: Reading>(y: &V) -> Self {
        let value = y.item().to_f64();
        Self { value, scale: value.abs() }
    }

    /// The inner product of a gradient with a direction.
    pub(super) fn dot<V: Reading>(g: &[V], v: &[V]) -> Self {
        let mut sum = Self::ZERO;
        for (g, v) in g.iter().zip(v) {
            for (g, v) in g.primal().iter().zip(v.primal().iter()) {
                let product = g.to_f64() * v.to_f64();
                sum = Self { value: sum.value + product, scale: sum.scale + product.abs() };
            }
        }
        sum
    }
}
