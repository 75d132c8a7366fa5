//! The derivatives of decompositions and of systems of linear equations.
//!
//! They are written in products and solutions, so they nest. Each formula names its source: Giles, «Collected matrix
//! derivative results for forward and reverse mode algorithmic differentiation» (2008); Murray, «Differentiation of the
//! Cholesky decomposition» (2016); Seeger et al., «Auto-differentiating linear algebra» (2017); Walter and Lehmann,
//! «Algorithmic differentiation of linear algebra functions» (2010); Townsend, «Differentiating the singular value
//! decomposition» (2016).
//!
//! Where eigenvalues or singular values are equal up to rounding, vectors that span one space may be turned in it. The
//! rules turn them not at all: the factor 1/0 counts as 0.

use super::cotangent::OperandCotangents;
use crate::algebra::function::{Composite, LinearAlgebra, Math, Structural};
use crate::algebra::op::{Custom, Decomposition, Dyn, Factors, Matmul, Op, Primitive, Triangle};
use crate::algebra::value::{Element, Reading};
use crate::array::{Number, Shape, Tensor};
use std::sync::Arc;

const PLAIN: Matmul = Matmul { transpose_lhs: false, transpose_rhs: false };

pub(super) fn pull<V: Reading>(op: &Decomposition, x: &[&V], y: &V, g: &V, cotangents: &mut OperandCotangents<'_, V>) {
    match op {
        Decomposition::Solve { transpose, factors } => {
            // Giles, section 2.3.1: B̄ = A⁻ᵀ·X̄ and Ā = −B̄·Xᵀ.
            let of_rhs = solve(factors, !transpose, x[0], g);
            if let Some(cotangent) = cotangents.of(0) {
                cotangent.add(if *transpose { times_t(y, &of_rhs) } else { times_t(&of_rhs, y) }.neg());
            }
            if let Some(cotangent) = cotangents.of(1) {
                cotangent.add(of_rhs);
            }
        }
        Decomposition::TriangularSolve(triangle) => {
            // As above; the elements outside of the triangle have no influence.
            let of_rhs = triangular(triangle.transposed(), &x[0].t(), g);
            if let Some(cotangent) = cotangents.of(0) {
                cotangent.add(inside(*triangle, &times_t(&of_rhs, y)).neg());
            }
            if let Some(cotangent) = cotangents.of(1) {
                cotangent.add(of_rhs);
            }
        }
        Decomposition::Cholesky
        | Decomposition::Det(_)
        | Decomposition::LogDet(_)
        | Decomposition::Qr
        | Decomposition::Eigh
        | Decomposition::Svd => {
            if let Some(cotangent) = cotangents.of(0) {
                cotangent.add(pull_matrix(op, x[0], y, g));
            }
        }
    }
}

/// The cotangent of the matrix that is decomposed.
fn pull_matrix<V: Reading>(op: &Decomposition, a: &V, y: &V, g: &V) -> V {
    match op {
        // Giles, section 2.2.4: Ā = g·det A·A⁻ᵀ, and g·A⁻ᵀ for the logarithm.
        Decomposition::Det(factors) => inverse_transposed(factors, a) * &as_matrix(&g.mul_strong_zero(y)),
        Decomposition::LogDet(factors) => inverse_transposed(factors, a) * &as_matrix(g),
        // Murray, equation 8: Ā = sym(L⁻ᵀ·Φ(Lᵀ·L̄)·L⁻¹).
        Decomposition::Cholesky => {
            let p = lower_with_half_diagonal(&t_times(y, &inside(Triangle::Lower, g)));
            let upper = y.t();
            let half = triangular(Triangle::Upper, &upper, &p); // L⁻ᵀ·P
            symmetric(&triangular(Triangle::Upper, &upper, &half.t()))
        }
        Decomposition::Qr => pull_qr(a.shape(), y, g),
        Decomposition::Eigh => pull_eigh(a, y, g),
        Decomposition::Svd => pull_svd(a.shape(), y, g),
        Decomposition::Solve { .. } | Decomposition::TriangularSolve(_) => {
            unreachable!("systems of equations have two operands")
        }
    }
}

pub(super) fn push<V: Reading>(op: &Decomposition, x: &[&V], y: &V, dx: &[Option<&V>]) -> Option<V> {
    match op {
        // Giles, section 2.3.1: dX = A⁻¹·(dB − dA·X).
        Decomposition::Solve { transpose, factors } => {
            let product = |da: &V| if *transpose { t_times(da, y) } else { times(da, y) };
            Some(solve(factors, *transpose, x[0], &residual(dx, product)?))
        }
        Decomposition::TriangularSolve(triangle) => {
            let product = |da: &V| times(&inside(*triangle, da), y);
            Some(triangular(*triangle, x[0], &residual(dx, product)?))
        }
        Decomposition::Cholesky
        | Decomposition::Det(_)
        | Decomposition::LogDet(_)
        | Decomposition::Qr
        | Decomposition::Eigh
        | Decomposition::Svd => dx[0].map(|da| push_matrix(op, x[0], y, da)),
    }
}

/// The tangent of a decomposition.
fn push_matrix<V: Reading>(op: &Decomposition, a: &V, y: &V, da: &V) -> V {
    match op {
        // Giles, section 2.2.4: d ln|det A| = tr(A⁻¹·dA).
        Decomposition::Det(factors) => solve(factors, false, a, da).trace().mul_strong_zero(y),
        Decomposition::LogDet(factors) => solve(factors, false, a, da).trace(),
        // Murray, equation 6: dL = L·Φ(L⁻¹·dA·L⁻ᵀ).
        Decomposition::Cholesky => {
            let half = triangular(Triangle::Lower, y, &symmetric(da)); // L⁻¹·dA
            times(y, &lower_with_half_diagonal(&triangular(Triangle::Lower, y, &half.t())))
        }
        Decomposition::Qr => push_qr(a.shape(), y, da),
        Decomposition::Eigh => push_eigh(a, y, da),
        Decomposition::Svd => push_svd(a.shape(), y, da),
        Decomposition::Solve { .. } | Decomposition::TriangularSolve(_) => {
            unreachable!("systems of equations have two operands")
        }
    }
}

/// dB − dA·X; `None` if both tangents are absent.
fn residual<V: Reading>(dx: &[Option<&V>], product: impl Fn(&V) -> V) -> Option<V> {
    match (dx[0].map(product), dx[1]) {
        (Some(product), Some(db)) => Some(db.clone() - product),
        (Some(product), None) => Some(product.neg()),
        (None, db) => db.cloned(),
    }
}

/// The columns of Q and R, from rows that each hold a column of Q and a row of R.
fn factors_of_qr<V: Reading>(shape: &Shape, rows: &V) -> (V, V) {
    let m = shape[shape.rank() - 2];
    let width = m + shape[shape.rank() - 1];
    (rows.slice(-1, 0, m).t(), rows.slice(-1, m, width))
}

/// R, or NaN for a matrix whose diagonal holds a 0 up to rounding: it has dependent columns and no derivative.
fn regular<V: Reading>(r: &V) -> V {
    let n = r.shape()[r.shape().rank() - 1];
    if n == 0 {
        return r.clone();
    }
    let size = r.diagonal().abs();
    let bound = size.detach().max_axis(-1).unsqueeze(-1).scale(V::Elem::EPSILON * n as f64);
    let is_regular = size.greater(&(bound + &size.full_like(0.0)));
    let all = is_regular.select(&size.full_like(0.0), &size.full_like(f64::NAN)).sum_axis(-1);
    r.clone() + &as_matrix(&all)
}

/// Walter and Lehmann, section 3: with C = dA·R⁻¹ and M = Qᵀ·C, the product Qᵀ·dQ is antisymmetric and shares its lower
/// triangle with M.
fn push_qr<V: Reading>(shape: Shape, y: &V, da: &V) -> V {
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
fn pull_qr<V: Reading>(shape: Shape, y: &V, g: &V) -> V {
    let ((q, r), (gq, gr)) = (factors_of_qr(&shape, y), factors_of_qr(&shape, g));
    let (of_q, gr) = (t_times(&q, &gq), gr.triu(0));
    let of_turn = of_q.clone() - &times_t(&gr, &r);
    let of_m = (of_turn.clone() - &of_turn.t()).tril(-1) - &of_q;
    let of_c = gq + times(&q, &of_m);
    // X·R⁻ᵀ = (R⁻¹·Xᵀ)ᵀ
    triangular(Triangle::Upper, &regular(&r), &of_c.t()).t() + &times(&q, &gr)
}

/// The eigenvalues and the matrix of their vectors, from rows that each hold a value and its vector.
fn factors_of_eigh<V: Reading>(rows: &V) -> (V, V) {
    let n = rows.shape()[rows.shape().rank() - 2];
    (rows.slice(-1, 0, 1).squeeze(-1), rows.slice(-1, 1, 1 + n).t())
}

/// Giles, section 3.1: Ā = V·(diag(w̄) + F∘(Vᵀ·V̄))·Vᵀ, symmetrised, with Fᵢⱼ = 1/(wⱼ − wᵢ).
fn pull_eigh<V: Reading>(a: &V, y: &V, g: &V) -> V {
    let ((w, v), (gw, gv)) = (factors_of_eigh(y), factors_of_eigh(g));
    let inner = gw.diagonal_matrix() + turn(a, &w, &v, &t_times(&v, &gv));
    symmetric(&times_t(&times(&v, &inner), &v))
}

/// Giles, section 3.1: with M = Vᵀ·dA·V, the tangents are dw = diag(M) and dV = V·(F∘M).
fn push_eigh<V: Reading>(a: &V, y: &V, da: &V) -> V {
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
        x[1].mul_strong_zero(&inverse_differences(&x[0].diagonal()))
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

/// 1/(wⱼ − wᵢ) for each i and j.
fn inverse_differences<V: Reading>(w: &V) -> V {
    inverse_or_zero(&(w.unsqueeze(-2) - &w.unsqueeze(-1)), w)
}

/// 1/(wⱼ + wᵢ) for each i and j.
fn inverse_sums<V: Reading>(w: &V) -> V {
    inverse_or_zero(&(w.unsqueeze(-2) + &w.unsqueeze(-1)), w)
}

/// 1/x, and 0 where x is 0 up to rounding, for sums of values w along the last axis.
fn inverse_or_zero<V: Reading>(x: &V, w: &V) -> V {
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

/// The singular values and the matrices of their vectors, from rows that each hold a value and its two vectors.
fn factors_of_svd<V: Reading>(shape: &Shape, rows: &V) -> (V, V, V) {
    let (m, n) = (shape[shape.rank() - 2], shape[shape.rank() - 1]);
    (rows.slice(-1, 0, 1).squeeze(-1), rows.slice(-1, 1, 1 + m).t(), rows.slice(-1, 1 + m, 1 + m + n).t())
}

/// 1/s.
fn inverse_values<V: Reading>(s: &V) -> V {
    inverse_or_zero(s, s)
}

/// Townsend, equations 18 to 22, with the factors 1/(sⱼ² − sᵢ²) split into partial fractions: the vectors on both sides turn
/// together by 1/(sⱼ − sᵢ), which is 0 for equal values, and against each other by 1/(sⱼ + sᵢ), which is not. A singular
/// value of 0 has the derivative 0, the middle of the subdifferential of its absolute value.
fn push_svd<V: Reading>(shape: Shape, y: &V, da: &V) -> V {
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
fn pull_svd<V: Reading>(shape: Shape, y: &V, g: &V) -> V {
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

/// (X + Xᵀ)/2.
fn symmetric<V: Reading>(x: &V) -> V {
    (x.clone() + &x.t()).scale(0.5)
}

/// Murray's Φ: the lower triangle with half of the diagonal.
fn lower_with_half_diagonal<V: Reading>(x: &V) -> V {
    let n = x.shape()[x.shape().rank() - 1];
    let weight = |i: &[usize]| if i[0] == i[1] { 0.5 } else { f64::from(i[1] < i[0]) };
    x.mul_strong_zero(&x.lift(&Tensor::from_fn([n, n], |i| Number::from_f64(weight(i)))))
}

fn inside<V: Reading>(triangle: Triangle, x: &V) -> V {
    match triangle {
        Triangle::Lower => x.tril(0),
        Triangle::Upper => x.triu(0),
    }
}

fn inverse_transposed<V: Reading>(factors: &Factors, a: &V) -> V {
    let shape = a.shape();
    let n = shape[shape.rank() - 1];
    let identity = a.lift(&Tensor::eye(n)).broadcast_to(shape);
    solve(factors, true, a, &identity)
}

/// A number for each matrix, as a matrix of one element.
fn as_matrix<V: Reading>(x: &V) -> V {
    x.unsqueeze(-1).unsqueeze(-1)
}

fn solve<V: Reading>(factors: &Factors, transpose: bool, a: &V, b: &V) -> V {
    V::apply(&Decomposition::Solve { transpose, factors: factors.clone() }.into(), &[a, b])
}

fn triangular<V: Reading>(triangle: Triangle, a: &V, b: &V) -> V {
    V::apply(&Decomposition::TriangularSolve(triangle).into(), &[a, b])
}

fn times<V: Reading>(a: &V, b: &V) -> V {
    V::apply(&PLAIN.into(), &[a, b])
}

fn t_times<V: Reading>(a: &V, b: &V) -> V {
    V::apply(&Matmul { transpose_lhs: true, ..PLAIN }.into(), &[a, b])
}

fn times_t<V: Reading>(a: &V, b: &V) -> V {
    V::apply(&Matmul { transpose_rhs: true, ..PLAIN }.into(), &[a, b])
}
