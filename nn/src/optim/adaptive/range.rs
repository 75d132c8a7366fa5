//! Numbers that an element type cannot hold: gradients whose squares would overflow, and an ε that would be rounded to 0.
//!
//! A second moment that has become infinite stays infinite, and its weight would never move again.

use autodiff::prelude::*;

/// Half the root of the largest number: up to this, the square of a gradient and means of its squares are finite.
pub(super) fn limit<V: Reading>() -> f64 {
    0.5 * V::Elem::MAX.sqrt()
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
