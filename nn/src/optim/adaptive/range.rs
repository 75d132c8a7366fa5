//! Gradients whose squares would overflow.
//!
//! A second moment that has become infinite stays infinite, and its weight would never move again.

use autodiff::prelude::*;

/// Clamps a gradient to half the root of the largest number, so that its square and means of its squares are finite. NaN
/// stays NaN.
pub(super) fn limited<T: Element>() -> impl Fn(T) -> T + Copy + Send {
    let limit = 0.5 * largest::<T>().sqrt();
    let [low, high] = [-limit, limit].map(T::from_f64);
    move |g| {
        let g = if g > high { high } else { g };
        if g < low { low } else { g }
    }
}

/// Replaces a sum that has become infinite by the largest number.
pub(super) fn saturated<T: Element>() -> impl Fn(T) -> T + Copy + Send {
    let largest = T::from_f64(largest::<T>());
    move |sum| if sum > largest { largest } else { sum }
}

/// The largest finite number: that of `f64`, or of `f32` if the type holds no more.
fn largest<T: Element>() -> f64 {
    if T::from_f64(f64::MAX).to_f64().is_finite() { f64::MAX } else { f32::MAX.into() }
}
