//! Derivatives computed from function values alone.

use crate::law::{Verdict, agree};
use autodiff::Tensor;

/// The step of a difference. The truncation error (h⁴) and the rounding error (ε/h) are both near 10⁻¹².
const STEP: f64 = 1e-3;

/// The derivative of `f` at `x` along `direction`, by the four-point central difference (Abramowitz and Stegun 25.3.6),
/// whose error is of order h⁴.
pub fn directional(x: &Tensor<f64>, direction: &Tensor<f64>, f: impl Fn(&Tensor<f64>) -> Tensor<f64>) -> Tensor<f64> {
    with_step(STEP, x, direction, f)
}

/// Compares a derivative with a difference of a random function, which may bend sharply within one step.
///
/// The difference itself shows its accuracy: it is computed again with half the step, and a quarter of the change is
/// allowed besides `tolerance`. An error of order h⁴ alone would leave 1/15 of the change.
pub fn agree_with_difference(
    what: &str,
    derivative: &Tensor<f64>,
    x: &Tensor<f64>,
    direction: &Tensor<f64>,
    f: impl Fn(&Tensor<f64>) -> Tensor<f64>,
    tolerance: f64,
) -> Verdict {
    let [coarse, fine] = [STEP, STEP / 2.0].map(|h| with_step(h, x, direction, &f));
    let change = (coarse - &fine).iter().fold(0.0f64, |largest, change| largest.max(change.abs()));
    if !change.is_finite() {
        return Err(format!("{what}: the differences are not finite"));
    }
    agree(what, derivative, &fine, tolerance + change / 4.0)
}

fn with_step(h: f64, x: &Tensor<f64>, direction: &Tensor<f64>, f: impl Fn(&Tensor<f64>) -> Tensor<f64>) -> Tensor<f64> {
    let value_after = |steps: f64| f(&(x + direction * (steps * h)));
    ((value_after(1.0) - value_after(-1.0)) * 8.0 - (value_after(2.0) - value_after(-2.0))) / (12.0 * h)
}
