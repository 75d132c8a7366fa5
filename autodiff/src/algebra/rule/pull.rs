//! The rules going back: from the cotangent of a result to those of the operands.

use super::cotangent::OperandCotangents;
use super::{linear, matmul, pointwise, softmax};
use crate::algebra::op::{Op, Pointwise};
use crate::algebra::value::Value;
use crate::array::{Direct, Shape};
use smallvec::SmallVec;

/// `g` times the partial derivative of a pointwise operation by its operand `i`: a tangent going forward, a cotangent
/// going back.
#[inline(always)]
pub(crate) fn slope<V: Value>(op: Pointwise, i: usize, x: &[&V], y: &V, g: &V) -> V {
    // Asked only of values with axes: the rule is the fastest way for numbers, and is inlined.
    let own = if V::SCALAR { None } else { V::own_pull(&Op::Pointwise(op), i, x, y, g) };
    match own {
        Some(slope) => slope,
        None => pointwise::inlined(op, i, Direct { x, y: Some(y), g: Some(g) }), // no closure, which is not inlined by force
    }
}

/// Pulls the cotangent `g` of `y` back to the operands that need theirs.
pub(crate) fn pull<V: Value>(op: &Op, x: &[&V], y: &V, g: &V, parts: &mut OperandCotangents<'_, V>) {
    match op {
        Op::Pointwise(op) => {
            for i in (0..x.len()).filter(|&i| op.differentiable(i)) {
                if let Some(part) = parts.of(i) {
                    part.add(slope(*op, i, x, y, g));
                }
            }
        }
        Op::Linear(linear_op) => {
            let shapes: SmallVec<[Shape; 2]> = x.iter().map(|x| x.shape()).collect();
            for i in 0..x.len() {
                if let Some(part) = parts.of(i) {
                    part.add(V::apply(&linear::transpose(linear_op, i, &shapes).into(), &[g]));
                }
            }
        }
        Op::Matmul(matmul_op) => {
            for i in 0..x.len() {
                if let Some(part) = parts.of(i) {
                    part.add(matmul::pull(*matmul_op, i, x, g));
                }
            }
        }
        Op::LogSoftmax { axis } => {
            if let Some(part) = parts.of(0) {
                part.add(V::own_pull(op, 0, x, y, g).unwrap_or_else(|| softmax::pull(*axis, y, g)));
            }
        }
        Op::Custom(custom) => {
            let mut all = None;
            for i in (0..x.len()).filter(|&i| custom.primitive().differentiable(i)) {
                if let Some(part) = parts.of(i) {
                    let own = V::own_pull(op, i, x, y, g);
                    part.add(own.unwrap_or_else(|| all.get_or_insert_with(|| custom.pull(x, y, g))[i].clone()));
                }
            }
        }
    }
}
