//! A derivative by differences of the one an order below.

use super::Stencil;
use super::case::{Case, Direction, Sum, number};
use super::options::rounding;
use super::ways::reverse;
use crate::algebra::{Math, Value};
use crate::tape::{Mode, Tape};

/// Differences, and the error that they have whatever the function is: by rounding, and by the length of the step.
pub(super) struct Difference {
    pub(super) value: f64,
    pub(super) error: f64,
}

/// The derivative along all of some directions, by differences along the last one.
pub(super) fn along<V: Value>(case: &Case<'_, V>, v: &[Direction<V>], stream: u64) -> Difference {
    let (last, before) = v.split_last().expect("a direction");
    let h = case.options.step::<V::Elem>();
    let mut size = 1.0f64;
    let mut at = |steps: f64| {
        let moved: Vec<V> = case.x.iter().zip(last).map(|(x, v)| x.clone() + v.scale(steps * h)).collect();
        let sum = below(case, &moved, before, stream);
        size = size.max(sum.size);
        sum.value
    };
    let near = at(1.0) - at(-1.0);
    let (value, truncation) = match case.options.stencil {
        Stencil::ThreePoints => (near / (2.0 * h), h * h),
        Stencil::FivePoints => ((8.0 * near - (at(2.0) - at(-2.0))) / (12.0 * h), h.powi(4)),
    };
    Difference { value, error: 32.0 * size * (rounding::<V::Elem>() / h + truncation) }
}

/// The derivative along all but the last direction, at some point.
fn below<V: Value>(case: &Case<'_, V>, x: &[V], v: &[Direction<V>], stream: u64) -> Sum {
    let tape = Tape::new();
    let run = case.run(&tape, x);
    let y = run.projected(&mut case.weights(stream));
    let modes = case.options.modes;
    match v.split_last() {
        None => Sum { value: number(&y).value, size: run.size() },
        Some((last, before)) if modes.contains(&Mode::Reverse) => {
            reverse(&run, run.along_all(y, before, &vec![modes[0]; before.len()]), last)
        }
        Some(_) => number(&run.along_all(y, v, &vec![modes[0]; v.len()])),
    }
}
