//! The rules of a backward pass: the cotangents of the operands from the cotangent of the result.

use super::cotangent::OperandCotangents;
use super::{linear, matmul, pointwise, softmax};
use crate::algebra::op::{Linear, Op, Pointwise};
use crate::algebra::value::Reading;
use crate::array::Direct;

/// `g` times the partial derivative of a pointwise operation with respect to operand `i`. In a forward pass `g` is a
/// tangent, in a backward pass a cotangent.
#[inline(always)]
pub(crate) fn slope<V: Reading>(op: Pointwise, i: usize, x: &[&V], y: &V, g: &V) -> V {
    // For numbers the inlined rule is the fastest way, so only values with axes are asked for their own.
    match V::SCALAR {
        true => pointwise::inlined(op, i, Direct { x, y: Some(y), g: Some(g) }),
        false => slope_of_arrays(&Op::Pointwise(op), op, i, (x, y, g)),
    }
}

/// As [`slope`], for values with axes. The operation comes in both forms, so that it is not made and dropped again.
pub(super) fn slope_of_arrays<V: Reading>(op: &Op, pointwise: Pointwise, i: usize, (x, y, g): (&[&V], &V, &V)) -> V {
    let by_rule = || pointwise::pointwise(pointwise, i, Direct { x, y: Some(y), g: Some(g) });
    V::own_pull(op, i, x, y, g).unwrap_or_else(by_rule)
}

/// Adds the contributions of the cotangent `g` of `y` to the cotangents of the operands that need them.
pub(crate) fn pull<V: Reading>(op: &Op, x: &[&V], y: &V, g: &V, cotangents: &mut OperandCotangents<'_, V>) {
    match op {
        Op::Pointwise(pointwise) => {
            for i in (0..x.len()).filter(|&i| pointwise.differentiable(i)) {
                if let Some(cotangent) = cotangents.of(i) {
                    cotangent.add(slope_of_arrays(op, *pointwise, i, (x, y, g)));
                }
            }
        }
        Op::Linear(linear_op) => {
            let mut start = 0; // of the operand, in a concatenation
            for (i, x) in x.iter().enumerate() {
                let shape = x.shape();
                if let Some(cotangent) = cotangents.of(i)
                    && !cotangent.add_in_slice(linear_op, g)
                {
                    cotangent.add(V::apply(&linear::transpose(linear_op, &shape, start).into(), &[g]));
                }
                if let Linear::Concat(axis) = linear_op {
                    start += shape[*axis];
                }
            }
        }
        Op::Matmul(matmul_op) => {
            for i in 0..x.len() {
                if let Some(cotangent) = cotangents.of(i) {
                    cotangent.add(matmul::pull(*matmul_op, i, x, g));
                }
            }
        }
        Op::LogSoftmax { axis } => {
            if let Some(cotangent) = cotangents.of(0) {
                cotangent.add(V::own_pull(op, 0, x, y, g).unwrap_or_else(|| softmax::pull(*axis, y, g)));
            }
        }
        #[cfg(feature = "linalg")]
        Op::Decomposition(op) => super::decomposition::pull(op, x, y, g, cotangents),
        Op::Custom(custom) => {
            let mut all = None;
            for i in (0..x.len()).filter(|&i| custom.primitive().differentiable(i)) {
                if let Some(cotangent) = cotangents.of(i) {
                    let own = V::own_pull(op, i, x, y, g);
                    cotangent.add(own.unwrap_or_else(|| all.get_or_insert_with(|| custom.pull(x, y, g))[i].clone()));
                }
            }
        }
    }
}
