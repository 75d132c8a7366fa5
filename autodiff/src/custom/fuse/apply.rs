//! Applies a formula as one operation.

use super::formula::Formula;
use super::primitive::Fusion;
use crate::algebra::{Custom, Op, Reading, broadcast};
use crate::array::{Shape, ShapeError};
use std::sync::Arc;

/// Applies a [`Formula`] as one operation. The operands are broadcast to their common shape by numpy's rule, and the
/// result has that shape.
///
/// # Panics
/// Panics if the shapes do not broadcast.
#[track_caller]
pub fn fuse<V: Reading, F: Formula<N>, const N: usize>(formula: F, x: [&V; N]) -> V {
    apply(F::NAME, op(formula, false, V::RECORDS), x)
}

/// Applies a [`Formula`] and sums over all elements in the same loop. The result is a scalar; the elements are not
/// stored.
///
/// # Panics
/// Panics if the shapes do not broadcast.
#[track_caller]
pub fn fuse_sum<V: Reading, F: Formula<N>, const N: usize>(formula: F, x: [&V; N]) -> V {
    apply(F::NAME, op(formula, true, V::RECORDS), x)
}

/// A formula, or its sum, as an operation. If it is recorded, the derivatives are computed together with the result.
pub fn op<F: Formula<N>, const N: usize>(formula: F, is_sum: bool, records: bool) -> Op {
    Op::Custom(Arc::new(Custom::new(Fusion::new(formula, is_sum, records))))
}

/// Applies the operation of a formula to operands that are broadcast to their common shape.
#[track_caller]
pub fn apply<V: Reading, const N: usize>(name: &str, op: Op, x: [&V; N]) -> V {
    let shapes = x.map(|x| x.shape());
    let common = shapes.iter().try_fold(Shape::scalar(), |common, shape| common.broadcast(shape));
    let Some(common) = common.filter(|shape| shape.checked_size().is_some()) else {
        panic!("{}", ShapeError::new(name, &shapes, "the shapes do not broadcast"))
    };
    let mut operands = Vec::with_capacity(N);
    for x in x {
        operands.push(broadcast(x, &common)); // `x.map` with a closure would lose the caller's line
    }
    V::apply(&op, &operands.iter().collect::<Vec<_>>())
}
