//! The linear operations on arrays: views if elements only move, loops if elements are summed or copied.

use crate::algebra::{Element, Linear};
use crate::array::{Shape, Tensor, concat, fold, pad};

/// Applies a linear operation. `shape` is the shape of the result; the caller has checked the operands.
#[inline]
#[track_caller]
pub(super) fn linear<T: Element>(op: &Linear, x: &[&Tensor<T>], shape: &Shape) -> Tensor<T> {
    let first = x[0];
    match op {
        Linear::Broadcast(_) => first.broadcast_view(shape),
        Linear::SumTo(_) => first.sum_to(shape),
        Linear::Reshape(_) => first.reshape_view(shape),
        Linear::Permute(axes) => first.permute_view(axes),
        &Linear::Slice { axis, start, len, step } => first.slice_view(axis, start, len, step),
        &Linear::Pad { axis, start, step, .. } => pad(first, axis, start, step, shape),
        Linear::Flip(axis) => first.flip_view(*axis),
        &Linear::CumSum { axis, reverse } => first.cumsum(axis, reverse),
        &Linear::Unfold { axis, size, step } => first.unfold_view(axis, size, step),
        &Linear::Fold { axis, step, .. } => fold(first, axis, step, shape),
        Linear::Gather { axis, index } => first.gather(*axis, index),
        Linear::ScatterAdd { axis, index, .. } => first.scatter_add(*axis, index, shape),
        Linear::Concat(axis) => concat(x, *axis, shape),
    }
}
