//! Derivatives from values alone, by differences.

use crate::law::{Verdict, agree};
use autodiff::Tensor;

/// How far the points of a difference lie apart: truncation (h⁴) and rounding (ε/h) are both near 10⁻¹².
const STEP: f64 = 1e-3;

/// How f moves as x moves along a direction, by the central difference over four points (Abramowitz and Stegun
/// 25.3.6), whose error is of the order h⁴.
pub fn along(x: &Tensor<f64>, direction: &Tensor<f64>, f: impl Fn(&Tensor<f64>) -> Tensor<f64>) -> Tensor<f64> {
    by_steps_of(STEP, x, direction, f)
}

/// Says that a derivative is the limit of differences, of a function that nobody chose: it may bend sharply within a
/// step. So what is allowed besides `tolerance` is what the difference is known by: how far it moves when the step is
/// halved, of which 1/15 would be left were its error of the order h⁴ alone.
pub fn agree_along(
    what: &str,
    derivative: &Tensor<f64>,
    x: &Tensor<f64>,
    direction: &Tensor<f64>,
    f: impl Fn(&Tensor<f64>) -> Tensor<f64>,
    tolerance: f64,
) -> Verdict {
    let [coarse, fine] = [STEP, STEP / 2.0].map(|h| by_steps_of(h, x, direction, &f));
    let moved = (coarse - &fine).iter().fold(0.0f64, |most, moved| most.max(moved.abs()));
    agree(what, derivative, &fine, tolerance + moved / 4.0)
}

fn by_steps_of(
    h: f64,
    x: &Tensor<f64>,
    direction: &Tensor<f64>,
    f: impl Fn(&Tensor<f64>) -> Tensor<f64>,
) -> Tensor<f64> {
    let at = |steps: f64| f(&(x + direction * (steps * h)));
    ((at(1.0) - at(-1.0)) * 8.0 - (at(2.0) - at(-2.0))) / (12.0 * h)
}
