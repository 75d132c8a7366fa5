//! The derivatives of the matrix product y = a·b + c.
//!
//! From the cotangent g of y, a receives g·bᵀ, b receives aᵀ·g, and c receives g, summed along the axes that were
//! broadcast. An operand that is read transposed receives the transpose, computed as a product with exchanged factors.
//! The tangent follows the product rule.

use crate::algebra::function::Structural;
use crate::algebra::op::{Matmul, Op};
use crate::algebra::value::{Reading, broadcast};

pub(super) fn pull<V: Reading>(op: Matmul, i: usize, x: &[&V], g: &V) -> V {
    match i {
        2 => g.sum_to(x[2].shape()),
        _ => {
            let (op, factors) = factors(op, i, x, g);
            V::apply(&Op::Matmul(op), &factors)
        }
    }
}

/// The tangent of the result of [`pull`], for tangents of the operands and of the cotangent, by the product rule.
pub(crate) fn pull_tangent<V: Reading>(
    op: Matmul,
    i: usize,
    (x, dx): (&[&V], &[Option<&V>]),
    (g, dg): (&V, Option<&V>),
) -> Option<V> {
    match i {
        2 => dg.map(|dg| dg.sum_to(x[2].shape())),
        _ => {
            let (product, values) = factors(op, i, x, g);
            let (_, tangents) = factors(op, i, dx, dg);
            add_products(product, values, tangents, None)
        }
    }
}

/// The operation and the factors of the product that is the cotangent of factor `i`.
fn factors<X: Copy>(op: Matmul, i: usize, x: &[X], g: X) -> (Matmul, [X; 2]) {
    let Matmul { transpose_lhs, transpose_rhs } = op;
    let product = |transpose_lhs, transpose_rhs| Matmul { transpose_lhs, transpose_rhs };
    match (i, transpose_lhs, transpose_rhs) {
        (0, false, _) => (product(false, !transpose_rhs), [g, x[1]]),
        (0, true, _) => (product(transpose_rhs, true), [x[1], g]),
        (_, _, false) => (product(!transpose_lhs, false), [x[0], g]),
        (_, _, true) => (product(true, transpose_lhs), [g, x[0]]),
    }
}

pub(super) fn push<V: Reading>(op: Matmul, x: &[&V], y: &V, dx: &[Option<&V>]) -> Option<V> {
    let addend = dx.get(2).copied().flatten();
    match add_products(op, [x[0], x[1]], [dx[0], dx[1]], addend) {
        None => addend.map(|dx| broadcast(dx, &y.shape())),
        total => total,
    }
}

/// da·b + a·db + c; each product accumulates onto the sum so far. Returns `None` if both da and db are absent.
fn add_products<V: Reading>(op: Matmul, [a, b]: [&V; 2], [da, db]: [Option<&V>; 2], c: Option<&V>) -> Option<V> {
    let add = |[a, b]: [&V; 2], c: Option<&V>| match c {
        Some(c) => V::apply(&Op::Matmul(op), &[a, b, c]),
        None => V::apply(&Op::Matmul(op), &[a, b]),
    };
    let first = da.map(|da| add([da, b], c));
    match db {
        Some(db) => Some(add([a, db], first.as_ref().or(c))),
        None => first,
    }
}
