//! Inverses of sums and differences of eigenvalues or singular values; those of 0 count as 0.

use crate::algebra::function::{Composite, Math, Structural};
use crate::algebra::value::Reading;
use crate::array::Number;

/// 1/(wⱼ − wᵢ) for each i and j.
pub(super) fn inverse_differences<V: Reading>(w: &V) -> V {
    inverse_or_zero(&(w.unsqueeze(-2) - &w.unsqueeze(-1)), w)
}

/// 1/(wⱼ + wᵢ) for each i and j.
pub(super) fn inverse_sums<V: Reading>(w: &V) -> V {
    inverse_or_zero(&(w.unsqueeze(-2) + &w.unsqueeze(-1)), w)
}

/// 1/x, and 0 where x is 0 up to rounding, for sums of values w along the last axis.
pub(super) fn inverse_or_zero<V: Reading>(x: &V, w: &V) -> V {
    let n = w.shape()[w.shape().rank() - 1];
    if n == 0 {
        return x.clone();
    }
    let largest = w.detach().abs().max_axis(-1).unsqueeze(-1);
    let largest = if x.shape().rank() > w.shape().rank() { largest.unsqueeze(-1) } else { largest };
    let bound = largest.scale(V::Elem::EPSILON * n as f64);
    let is_apart = x.abs().greater(&(bound + &x.full_like(0.0)));
    let inverse = is_apart.select(x, &x.full_like(1.0)).recip();
    is_apart.select(&inverse, &x.full_like(0.0))
}

/// 1/s.
pub(super) fn inverse_values<V: Reading>(s: &V) -> V {
    inverse_or_zero(s, s)
}
