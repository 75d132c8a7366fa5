//! The derivative of A = Q·R.

use super::products::{as_matrix, t_times, times, times_t, triangular};
use crate::algebra::function::{Composite, LinearAlgebra, Math, Structural};
use crate::algebra::op::Triangle;
use crate::algebra::value::Reading;
use crate::array::{Number, Shape};

/// The columns of Q and R, from rows that each hold a column of Q and a row of R.
fn factors_of_qr<V: Reading>(shape: &Shape, rows: &V) -> (V, V) {
    let m = shape[shape.rank() - 2];
    let width = m + shape[shape.rank() - 1];
    (rows.slice(-1, 0, m).t(), rows.slice(-1, m, width))
}

/// R, or NaN for a matrix whose diagonal holds a 0 up to the rounding of its column: it has dependent columns and no
/// derivative.
fn regular<V: Reading>(r: &V) -> V {
    let n = r.shape()[r.shape().rank() - 1];
    if n == 0 {
        return r.clone();
    }
    let size = r.diagonal().abs();
    let bound = r.detach().abs().max_axis(-2).scale(V::Elem::EPSILON * n as f64);
    let is_regular = size.greater(&(bound + &size.full_like(0.0)));
    let all = is_regular.select(&size.full_like(0.0), &size.full_like(f64::NAN)).sum_axis(-1);
    r.clone() + &as_matrix(&all)
}

/// Walter and Lehmann, section 3: with C = dA·R⁻¹ and M = Qᵀ·C, the product Qᵀ·dQ is antisymmetric and shares its lower
/// triangle with M.
pub(super) fn push_qr<V: Reading>(shape: Shape, y: &V, da: &V) -> V {
    let (q, r) = factors_of_qr(&shape, y);
    // dA·R⁻¹ = (R⁻ᵀ·dAᵀ)ᵀ
    let c = triangular(Triangle::Lower, &regular(&r).t(), &da.t()).t();
    let m = t_times(&q, &c);
    let below = m.tril(-1);
    let turn = below.clone() - &below.t();
    let dq = c + &times(&q, &(turn.clone() - &m));
    // R changes by the part of Qᵀ·dA that turning Q does not explain.
    let dr = (t_times(&q, da) - times(&turn, &r)).triu(0);
    V::concat(-1, &[&dq.t(), &dr])
}

/// The transpose of [`push_qr`]. Where R is regular, it equals the formula of Seeger et al., section 4.3.
pub(super) fn pull_qr<V: Reading>(shape: Shape, y: &V, g: &V) -> V {
    let ((q, r), (gq, gr)) = (factors_of_qr(&shape, y), factors_of_qr(&shape, g));
    let (of_q, gr) = (t_times(&q, &gq), gr.triu(0));
    let of_turn = of_q.clone() - &times_t(&gr, &r);
    let of_m = (of_turn.clone() - &of_turn.t()).tril(-1) - &of_q;
    let of_c = gq + times(&q, &of_m);
    // X·R⁻ᵀ = (R⁻¹·Xᵀ)ᵀ
    triangular(Triangle::Upper, &regular(&r), &of_c.t()).t() + &times(&q, &gr)
}
