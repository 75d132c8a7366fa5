//! The products, solutions and triangles in which the rules are written.

use crate::algebra::function::{LinearAlgebra, Math, Structural};
use crate::algebra::op::{Decomposition, Factors, Matmul, Triangle};
use crate::algebra::value::Reading;
use crate::array::{Number, Tensor};

const PLAIN: Matmul = Matmul { transpose_lhs: false, transpose_rhs: false };

/// (X + Xᵀ)/2.
pub(super) fn symmetric<V: Reading>(x: &V) -> V {
    (x.clone() + &x.t()).scale(0.5)
}

/// Murray's Φ: the lower triangle with half of the diagonal.
pub(super) fn lower_with_half_diagonal<V: Reading>(x: &V) -> V {
    let n = x.shape()[x.shape().rank() - 1];
    let weight = |i: &[usize]| if i[0] == i[1] { 0.5 } else { f64::from(i[1] < i[0]) };
    x.mul_strong_zero(&x.lift(&Tensor::from_fn([n, n], |i| Number::from_f64(weight(i)))))
}

pub(super) fn inside<V: Reading>(triangle: Triangle, x: &V) -> V {
    match triangle {
        Triangle::Lower => x.tril(0),
        Triangle::Upper => x.triu(0),
    }
}

pub(super) fn inverse_transposed<V: Reading>(factors: &Factors, a: &V) -> V {
    let shape = a.shape();
    let n = shape[shape.rank() - 1];
    let identity = a.identity(n).broadcast_to(shape);
    solve(factors, true, a, &identity)
}

/// A number for each matrix, as a matrix of one element.
pub(super) fn as_matrix<V: Reading>(x: &V) -> V {
    x.unsqueeze(-1).unsqueeze(-1)
}

pub(super) fn solve<V: Reading>(factors: &Factors, transpose: bool, a: &V, b: &V) -> V {
    V::apply(&Decomposition::Solve { transpose, factors: factors.clone() }.into(), &[a, b])
}

pub(super) fn triangular<V: Reading>(triangle: Triangle, a: &V, b: &V) -> V {
    V::apply(&Decomposition::TriangularSolve(triangle).into(), &[a, b])
}

pub(super) fn times<V: Reading>(a: &V, b: &V) -> V {
    V::apply(&PLAIN.into(), &[a, b])
}

pub(super) fn t_times<V: Reading>(a: &V, b: &V) -> V {
    V::apply(&Matmul { transpose_lhs: true, ..PLAIN }.into(), &[a, b])
}

pub(super) fn times_t<V: Reading>(a: &V, b: &V) -> V {
    V::apply(&Matmul { transpose_rhs: true, ..PLAIN }.into(), &[a, b])
}
