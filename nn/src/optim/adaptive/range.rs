//! Numbers that an element type cannot hold: gradients whose squares would overflow, and an ε that would be rounded to 0.
//!
//! A second moment that has become infinite stays infinite, and its weight would never move again.

use autodiff::prelude::*;

/// Half the root of the largest number: up to this, the square of a gradient and means of its squares are finite.
pub(super) fn limit<V: Reading>() -> f64 {
    0.5 * largest::<V>().sqrt()
}

/// A gradient clamped to a limit. NaN stays NaN.
#[inline(always)]
pub(super) fn limited<V: Reading>(g: V, limit: f64) -> V {
    g.clamp_max(limit).clamp_min(-limit)
}

/// A positive number as an element: at least the smallest normal number, because a smaller one may be rounded to 0.
pub(super) fn representable<V: Reading>(number: f64) -> f64 {
    number.max(V::Elem::MIN_POSITIVE)
}

/// The largest finite number: that of `f64`, or of `f32` if the elements hold no more.
pub(super) fn largest<V: Reading>() -> f64 {
    if V::Elem::from_f64(f64::MAX).to_f64().is_finite() { f64::MAX } else { f32::MAX.into() }
}
