//! Derivatives from values alone, by differences.

use autodiff::Tensor;

/// How far the points of a difference lie apart: truncation (h⁴) and rounding (ε/h) are both near 10⁻¹².
const STEP: f64 = 1e-3;

/// How f moves as x moves along a direction, by the central difference over four points (Abramowitz and Stegun
/// 25.3.6), whose error is of the order h⁴.
pub fn along(x: &Tensor<f64>, direction: &Tensor<f64>, f: impl Fn(&Tensor<f64>) -> Tensor<f64>) -> Tensor<f64> {
    let at = |steps: f64| f(&(x + direction * (steps * STEP)));
    ((at(1.0) - at(-1.0)) * 8.0 - (at(2.0) - at(-2.0))) / (12.0 * STEP)
}
