//! The derivatives of the matrix product. With y = a·b + c: a's cotangent is g·bᵀ, b's is aᵀ·g and c's is g, summed where c
//! was broadcast; an operand that is read transposed gets the transpose of that, by exchanging the factors. Going forward,
//! the product rule.

use crate::op::{Matmul, Op};
use crate::structural::Structural;
use crate::value::{Value, broadcast};

pub(crate) fn pull<V: Value>(op: Matmul, i: usize, x: &[&V], g: &V) -> V {
    let Matmul { transpose_lhs, transpose_rhs } = op;
    match (i, transpose_lhs, transpose_rhs) {
        (2, _, _) => g.sum_to(x[2].shape()),
        (0, false, _) => product(g, x[1], false, !transpose_rhs),
        (0, true, _) => product(x[1], g, transpose_rhs, true),
        (_, _, false) => product(x[0], g, !transpose_lhs, false),
        (_, _, true) => product(g, x[0], true, transpose_lhs),
    }
}

/// The part of the tangent that comes from operand `i`.
pub(crate) fn push<V: Value>(op: Matmul, i: usize, x: &[&V], y: &V, dx: &V) -> V {
    match i {
        0 => V::apply(&Op::Matmul(op), &[dx, x[1]]),
        1 => V::apply(&Op::Matmul(op), &[x[0], dx]),
        _ => broadcast(dx, &y.shape()),
    }
}

fn product<V: Value>(lhs: &V, rhs: &V, transpose_lhs: bool, transpose_rhs: bool) -> V {
    V::apply(&Matmul { transpose_lhs, transpose_rhs }.into(), &[lhs, rhs])
}
