//! The derivatives of decompositions and of systems of linear equations.
//!
//! They are written in products and solutions, so they nest. Each formula names its source: Giles, “Collected matrix
//! derivative results for forward and reverse mode algorithmic differentiation” (2008); Murray, “Differentiation of the
//! Cholesky decomposition” (2016); Seeger et al., “Auto-differentiating linear algebra” (2017); Walter and Lehmann,
//! “Algorithmic differentiation of linear algebra functions” (2010); Townsend, “Differentiating the singular value
//! decomposition” (2016).
//!
//! Where eigenvalues or singular values are equal up to rounding, vectors that span one space may be turned in it. The
//! rules turn them not at all: the factor 1/0 counts as 0.

mod eigh;
mod inverse;
mod products;
mod qr;
mod svd;

use super::cotangent::OperandCotangents;
use crate::algebra::function::{LinearAlgebra, Math, Structural};
use crate::algebra::op::{Decomposition, Triangle};
use crate::algebra::value::Reading;
use eigh::{pull_eigh, push_eigh};
use products::{
    as_matrix, inside, inverse_transposed, lower_with_half_diagonal, solve, symmetric, t_times, times, times_t,
    triangular,
};
use qr::{pull_qr, push_qr};
use svd::{pull_svd, push_svd};

pub(in crate::algebra::rule) fn pull<V: Reading>(
    op: &Decomposition,
    x: &[&V],
    y: &V,
    g: &V,
    cotangents: &mut OperandCotangents<'_, V>,
) {
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

pub(in crate::algebra::rule) fn push<V: Reading>(op: &Decomposition, x: &[&V], y: &V, dx: &[Option<&V>]) -> Option<V> {
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
