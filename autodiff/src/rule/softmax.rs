//! The derivatives of y = x − ln Σ eˣ along an axis. Its Jacobian is I − 1·pᵀ with p = softmax(x) = eʸ: a tangent loses
//! its mean under p, everywhere; a cotangent loses its sum, in the proportions of p.

use crate::math::Math;
use crate::structural::Structural;
use crate::value::Value;

pub(crate) fn pull_log_softmax<V: Value>(axis: usize, y: &V, g: &V) -> V {
    g.clone() - y.exp().chain(&g.sum_keep(&[axis as isize]))
}

pub(crate) fn push_log_softmax<V: Value>(axis: usize, y: &V, dx: &V) -> V {
    dx.clone() - dx.chain(&y.exp()).sum_keep(&[axis as isize])
}
