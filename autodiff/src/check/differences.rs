//! Finite differences of the derivative one order below.

use super::Stencil;
use super::case::{Case, Direction, Estimate};
use super::methods::reverse;
use super::options::rounding;
use crate::algebra::{Math, Reading};
use crate::array::Number;
use crate::tape::{Mode, Tape};

/// A finite difference, and a bound on its error from rounding and truncation.
pub(super) struct Difference {
    pub(super) value: f64,
    pub(super) error: f64,
}

/// The derivative along all directions, by a difference along the last one.
pub(super) fn difference<V: Reading>(case: &Case<'_, V>, v: &[Direction<V>], stream: u64) -> Difference {
    let (last, before) = v.split_last().expect("at least one direction");
    let h = case.options.step::<V::Elem>();
    let mut scale = 1.0f64;
    let mut at = |steps: f64| {
        let derivative = derivative_at(case, &case.moved(last, steps * h), before, stream);
        scale = scale.max(derivative.scale);
        derivative.value
    };
    let near = at(1.0) - at(-1.0);
    let (value, truncation) = match case.options.stencil {
        Stencil::ThreePoints => (near / (2.0 * h), h * h),
        Stencil::FivePoints => ((8.0 * near - (at(2.0) - at(-2.0))) / (12.0 * h), h.powi(4)),
    };
    Difference { value, error: 32.0 * scale * (rounding::<V::Elem>() / h + truncation) }
}

/// The derivative along the given directions at the point `x`; without a direction, the value.
fn derivative_at<V: Reading>(case: &Case<'_, V>, x: &[V], v: &[Direction<V>], stream: u64) -> Estimate {
    let tape = Tape::new();
    let run = case.run(&tape, x);
    let y = run.weighted_sum(&mut case.weights_rng(stream));
    let modes = case.options.modes;
    match v.split_last() {
        None => {
            let scale = run.y.value().abs().primal().iter().map(Number::to_f64).sum();
            Estimate { value: y.item().to_f64(), scale }
        }
        Some((last, before)) if modes.contains(&Mode::Reverse) => {
            reverse(&run, run.nested_derivative(y, before, &vec![modes[0]; before.len()]), last)
        }
        Some(_) => Estimate::of(&run.nested_derivative(y, v, &vec![modes[0]; v.len()])),
    }
}
