//! The sine and cosine of multiples of π.

use std::f64::consts::PI;

/// sin πx and cos πx. The argument is reduced before it is multiplied by π, so that zeros are exact. Only the sine of −0 is −0.
pub(super) fn sin_cos_pi(x: f64) -> (f64, f64) {
    let turns = x % 2.0;
    let quarter = (2.0 * turns).round();
    let rest = if x == 0.0 { x } else { turns - 0.5 * quarter };
    let (sin, cos) = (rest * PI).sin_cos();
    match quarter as i8 & 3 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}
