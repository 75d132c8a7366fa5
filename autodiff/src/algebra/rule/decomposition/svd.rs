//! The derivative of singular values and singular vectors.

use super::inverse::{inverse_differences, inverse_sums, inverse_values};
use super::products::{t_times, times, times_t};
use crate::algebra::function::{LinearAlgebra, Math, Structural};
use crate::algebra::value::Reading;
use crate::array::Shape;

/// The singular values and the matrices of their vectors, from rows that each hold a value and its two vectors.
fn factors_of_svd<V: Reading>(shape: &Shape, rows: &V) -> (V, V, V) {
    let (m, n) = (shape[shape.rank() - 2], shape[shape.rank() - 1]);
    (rows.slice(-1, 0, 1).squeeze(-1), rows.slice(-1, 1, 1 + m).t(), rows.slice(-1, 1 + m, 1 + m + n).t())
}

/// Townsend, equations 18 to 22, with the factors 1/(sⱼ² − sᵢ²) split into partial fractions: the vectors on both sides turn
/// together by 1/(sⱼ − sᵢ), which is 0 for equal values, and against each other by 1/(sⱼ + sᵢ), which is not. A singular
/// value of 0 has the derivative 0, the middle of the subdifferential of its absolute value.
pub(super) fn push_svd<V: Reading>(shape: Shape, y: &V, da: &V) -> V {
    let (s, u, v) = factors_of_svd(&shape, y);
    let dav = times(da, &v);
    let p = t_times(&u, &dav);
    let together = (p.clone() + &p.t()).mul_strong_zero(&inverse_differences(&s)).scale(0.5);
    let against = (p.clone() - &p.t()).mul_strong_zero(&inverse_sums(&s)).scale(0.5);
    let inverse = inverse_values(&s);
    let outside = (dav - times(&u, &p)).mul_strong_zero(&inverse.unsqueeze(-2));
    let ds = p.diagonal().mul_strong_zero(&inverse.sign());
    let du = times(&u, &(together.clone() + &against)) + outside;
    let dv = times(&v, &(together - against));
    V::concat(-1, &[&ds.unsqueeze(-1), &du.t(), &dv.t()])
}

/// The transpose of [`push_svd`].
pub(super) fn pull_svd<V: Reading>(shape: Shape, y: &V, g: &V) -> V {
    let ((s, u, v), (gs, gu, gv)) = (factors_of_svd(&shape, y), factors_of_svd(&shape, g));
    let (of_u, of_v) = (t_times(&u, &gu), t_times(&v, &gv));
    let together = (of_u.clone() + &of_v).mul_strong_zero(&inverse_differences(&s)).scale(0.5);
    let against = (of_u.clone() - &of_v).mul_strong_zero(&inverse_sums(&s)).scale(0.5);
    let inverse = inverse_values(&s);
    let of_p = gs.mul_strong_zero(&inverse.sign()).diagonal_matrix();
    let inner = of_p + together.clone() + &together.t() + &against - &against.t();
    let outside = (gu - times(&u, &of_u)).mul_strong_zero(&inverse.unsqueeze(-2));
    times_t(&(times(&u, &inner) + outside), &v)
}
