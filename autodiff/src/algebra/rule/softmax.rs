//! The derivatives of y = x − ln Σ eˣ along an axis.
//!
//! The Jacobian is I − 1·pᵀ with p = softmax(x) = eʸ. So the tangent is dx − Σ p·dx, and the cotangent is g − p·Σ g.

use crate::algebra::function::{Math, Structural};
use crate::algebra::value::Reading;

pub(super) fn pull<V: Reading>(axis: usize, y: &V, g: &V) -> V {
    g.clone() - y.exp().mul_strong_zero(&g.sum_keep(axis as isize))
}

pub(super) fn push<V: Reading>(axis: usize, y: &V, dx: &V) -> V {
    dx.clone() - dx.mul_strong_zero(&y.exp()).sum_keep(axis as isize)
}
