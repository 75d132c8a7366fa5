//! Broadcasting of operands to a common shape.

use super::traits::Reading;
use crate::algebra::op::{Linear, Op, Pointwise};
use crate::array::{Shape, ShapeError, TOO_LARGE};

/// Broadcasts two operands to their common shape by numpy's rule and applies a pointwise operation.
#[track_caller]
#[inline(always)]
pub fn binary<V: Reading>(op: Pointwise, a: &V, b: &V) -> V {
    match V::SCALAR {
        true => V::apply_pointwise(op, &[a, b]),
        false => broadcast_binary(op, a, b),
    }
}

#[track_caller]
fn broadcast_binary<V: Reading>(op: Pointwise, a: &V, b: &V) -> V {
    if a.has_shape_of(b) {
        return V::apply_pointwise(op, &[a, b]);
    }
    let shapes = [a.shape(), b.shape()];
    match common_shape(&shapes) {
        Some(shape) => V::apply_pointwise(op, &[&broadcast(a, &shape), &broadcast(b, &shape)]),
        None => panic!("{}", broadcast_error(&Op::from(op).name(), &shapes)),
    }
}

/// Does the same as [`binary`], for three operands.
#[track_caller]
#[inline(always)]
pub(crate) fn ternary<V: Reading>(op: Pointwise, x: [&V; 3]) -> V {
    match V::SCALAR {
        true => V::apply_pointwise(op, &x),
        false => broadcast_ternary(op, x),
    }
}

#[track_caller]
fn broadcast_ternary<V: Reading>(op: Pointwise, x: [&V; 3]) -> V {
    let shapes = x.map(|x| x.shape());
    match common_shape(&shapes) {
        Some(shape) => {
            let [a, b, c] = x; // `x.map` with a closure would lose the caller's line
            V::apply_pointwise(op, &[&broadcast(a, &shape), &broadcast(b, &shape), &broadcast(c, &shape)])
        }
        None => panic!("{}", broadcast_error(&Op::from(op).name(), &shapes)),
    }
}

/// Does the same as [`binary`], but returns an error if the shapes do not broadcast.
#[track_caller]
pub(crate) fn try_binary<V: Reading>(op: Pointwise, a: &V, b: &V) -> Result<V, ShapeError> {
    let shapes = [a.shape(), b.shape()];
    match common_shape(&shapes) {
        Some(_) => Ok(binary(op, a, b)),
        None => Err(broadcast_error(&Op::from(op).name(), &shapes)),
    }
}

/// Panics under the name of the calling function, which applies several operations, unless its operands broadcast.
#[track_caller]
pub(crate) fn check_broadcast<V: Reading>(name: &str, a: &V, b: &V) {
    if V::SCALAR || a.has_shape_of(b) {
        return;
    }
    let shapes = [a.shape(), b.shape()];
    if common_shape(&shapes).is_none() {
        panic!("{}", broadcast_error(name, &shapes));
    }
}

/// The shape to which two or more operands broadcast, if there is one and it has not too many elements.
#[inline]
fn common_shape(shapes: &[Shape]) -> Option<Shape> {
    broadcast_all(shapes).filter(|shape| shape.checked_size().is_some())
}

/// The shape to which two or more operands broadcast.
#[inline]
fn broadcast_all(shapes: &[Shape]) -> Option<Shape> {
    let common = shapes[0].broadcast(&shapes[1])?;
    shapes[2..].iter().try_fold(common, |common, shape| common.broadcast(shape))
}

#[cold]
fn broadcast_error(name: &str, shapes: &[Shape]) -> ShapeError {
    let reason = match broadcast_all(shapes) {
        Some(common) => format!("the result is {common}: {TOO_LARGE}"),
        None => "the shapes do not broadcast".into(),
    };
    ShapeError::new(name, shapes, reason)
}

/// Broadcasts to `shape`. A value of this shape is returned as it is, which saves a node on the tape.
#[track_caller]
pub(crate) fn broadcast<V: Reading>(x: &V, shape: &Shape) -> V {
    match x.shape() == *shape {
        true => x.clone(),
        false => V::apply(&Linear::Broadcast(shape.clone()).into(), &[x]),
    }
}
