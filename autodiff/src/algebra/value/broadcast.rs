//! Broadcasting of operands to a common shape.

use super::traits::Value;
use crate::algebra::op::{Linear, Op, Pointwise};
use crate::array::{Shape, ShapeError};

/// Broadcasts two operands to their common shape by numpy's rule and applies a pointwise operation.
#[track_caller]
#[inline(always)]
pub(crate) fn binary<V: Value>(op: Pointwise, a: &V, b: &V) -> V {
    match V::SCALAR {
        true => V::apply_pointwise(op, &[a, b]),
        false => broadcast_binary(op, a, b),
    }
}

#[track_caller]
fn broadcast_binary<V: Value>(op: Pointwise, a: &V, b: &V) -> V {
    if a.has_shape_of(b) {
        return V::apply_pointwise(op, &[a, b]);
    }
    let shapes = [a.shape(), b.shape()];
    match shapes[0].broadcast(&shapes[1]) {
        Some(shape) => V::apply_pointwise(op, &[&broadcast(a, &shape), &broadcast(b, &shape)]),
        None => panic!("{}", broadcast_error(op, &shapes)),
    }
}

/// Does the same as [`binary`], for three operands.
#[track_caller]
pub(crate) fn ternary<V: Value>(op: Pointwise, x: [&V; 3]) -> V {
    if V::SCALAR {
        return V::apply_pointwise(op, &x);
    }
    let shapes = x.map(|x| x.shape());
    match shapes[0].broadcast(&shapes[1]).and_then(|shape| shape.broadcast(&shapes[2])) {
        Some(shape) => {
            let [a, b, c] = x; // `x.map` with a closure would lose the caller's line
            V::apply_pointwise(op, &[&broadcast(a, &shape), &broadcast(b, &shape), &broadcast(c, &shape)])
        }
        None => panic!("{}", broadcast_error(op, &shapes)),
    }
}

/// Does the same as [`binary`], but returns an error if the shapes do not broadcast.
#[track_caller]
pub(crate) fn try_binary<V: Value>(op: Pointwise, a: &V, b: &V) -> Result<V, ShapeError> {
    let shapes = [a.shape(), b.shape()];
    match shapes[0].broadcast(&shapes[1]) {
        Some(_) => Ok(binary(op, a, b)),
        None => Err(broadcast_error(op, &shapes)),
    }
}

#[cold]
fn broadcast_error(op: Pointwise, shapes: &[Shape]) -> ShapeError {
    ShapeError::new(Op::from(op).name(), shapes, "the shapes do not broadcast")
}

/// Broadcasts to `shape`. A value of this shape is returned as it is, which saves a node on the tape.
#[track_caller]
pub(crate) fn broadcast<V: Value>(x: &V, shape: &Shape) -> V {
    match x.shape() == *shape {
        true => x.clone(),
        false => V::apply(&Linear::Broadcast(shape.clone()).into(), &[x]),
    }
}
