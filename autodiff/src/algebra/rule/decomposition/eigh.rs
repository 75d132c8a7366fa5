//! The derivative of the eigenvalues and eigenvectors of a symmetric matrix.

use super::inverse::inverse_differences;
use super::products::{symmetric, t_times, times, times_t};
use crate::algebra::function::{LinearAlgebra, Math, Structural};
use crate::algebra::op::{Custom, Dyn, Op, Primitive};
use crate::algebra::value::{Element, Reading};
use crate::array::Tensor;
use std::sync::Arc;

/// The eigenvalues and the matrix of their vectors, from rows that each hold a value and its vector.
fn factors_of_eigh<V: Reading>(rows: &V) -> (V, V) {
    let n = rows.shape()[rows.shape().rank() - 2];
    (rows.slice(-1, 0, 1).squeeze(-1), rows.slice(-1, 1, 1 + n).t())
}

/// Giles, section 3.1: Ā = V·(diag(w̄) + F∘(Vᵀ·V̄))·Vᵀ, symmetrised, with Fᵢⱼ = 1/(wⱼ − wᵢ).
pub(super) fn pull_eigh<V: Reading>(a: &V, y: &V, g: &V) -> V {
    let ((w, v), (gw, gv)) = (factors_of_eigh(y), factors_of_eigh(g));
    let inner = gw.diagonal_matrix() + turn(a, &w, &v, &t_times(&v, &gv));
    symmetric(&times_t(&times(&v, &inner), &v))
}

/// Giles, section 3.1: with M = Vᵀ·dA·V, the tangents are dw = diag(M) and dV = V·(F∘M).
pub(super) fn push_eigh<V: Reading>(a: &V, y: &V, da: &V) -> V {
    let (w, v) = factors_of_eigh(y);
    let m = t_times(&v, &times(&symmetric(da), &v));
    let dv = times(&v, &turn(a, &w, &v, &m));
    V::concat(-1, &[&m.diagonal().unsqueeze(-1), &dv.t()])
}

/// F∘M: the turn of the vectors if the matrix changes by M in their coordinates.
fn turn<V: Reading>(a: &V, w: &V, v: &V, m: &V) -> V {
    if !has_equal(&w.primal()) {
        return m.mul_strong_zero(&inverse_differences(w));
    }
    let diagonal = t_times(v, &times(&symmetric(a), v));
    V::apply(&Op::Custom(Arc::new(Custom::new(Turn))), &[&diagonal, m])
}

/// Whether two of the eigenvalues of a matrix, which are in ascending order, are equal up to rounding.
fn has_equal<T: Element>(w: &Tensor<T>) -> bool {
    let n = w.shape()[w.shape().rank() - 1];
    let w: Vec<f64> = w.iter().map(|w| w.to_f64()).collect();
    let has_equal = |w: &[f64]| {
        let bound = w[0].abs().max(w[n - 1].abs()) * T::EPSILON * n as f64;
        w.windows(2).any(|w| w[1] - w[0] <= bound)
    };
    w.chunks_exact(n.max(1)).any(has_equal)
}

/// The solution N of N·W − W·N = M for W = Vᵀ·A·V, which is diagonal; 0 where two elements of its diagonal are equal.
///
/// If eigenvalues are equal, W changes within their space also off its diagonal. The eigenvalues do not show that, so a
/// derivative of F∘M by them would be wrong. The derivative of the equation is right at every order, for all functions that
/// do not depend on the choice of vectors in the space.
struct Turn;

impl Primitive for Turn {
    fn name(&self) -> &str {
        "turn"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[1].mul_strong_zero(inverse_differences(&x[0].diagonal()))
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let of_m = solve_turn(x[0], g);
        vec![times_t(&of_m, &y) - t_times(&y, &of_m), of_m]
    }

    fn push<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        Some(solve_turn(x[0], dx[1] - times(&y, &dx[0]) + times(&dx[0], &y)))
    }
}

fn solve_turn<'a>(w: Dyn<'a>, m: Dyn<'a>) -> Dyn<'a> {
    Dyn::apply(&Op::Custom(Arc::new(Custom::new(Turn))), &[&w, &m])
}
