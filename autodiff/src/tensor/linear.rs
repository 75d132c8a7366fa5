//! The linear operations on arrays: views where the elements only move, loops where they are added up.

use super::Tensor;
use super::storage::Storage;
use crate::element::Element;
use crate::op::Linear;
use crate::shape::Shape;

/// Applies a linear operation whose operands were checked; `shape` is the result's.
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
        Linear::Gather { axis, index } => first.gather(*axis, index),
        Linear::ScatterAdd { axis, index, .. } => first.scatter_add(*axis, index, shape),
        Linear::Concat(axis) => concat(x, *axis, shape),
    }
}

fn pad<T: Element>(x: &Tensor<T>, axis: usize, start: usize, step: usize, shape: &Shape) -> Tensor<T> {
    let mut y = zeroed(shape);
    place(&mut y, x, axis, start, step);
    y
}

fn concat<T: Element>(x: &[&Tensor<T>], axis: usize, shape: &Shape) -> Tensor<T> {
    let mut y = zeroed(shape);
    let mut start = 0;
    for x in x {
        place(&mut y, x, axis, start, 1);
        start += x.shape[axis];
    }
    y
}

/// Zeros that are stored one by one, to be written over.
pub(super) fn zeroed<T: Element>(shape: &Shape) -> Tensor<T> {
    let mut data = Storage::recycled(shape.size());
    data.fill(T::from_f64(0.0));
    Tensor::contiguous_in(shape.clone(), data)
}

/// Writes `x` into `y` along one axis, at `start` and every `step`-th place from there.
fn place<T: Element>(y: &mut Tensor<T>, x: &Tensor<T>, axis: usize, start: usize, step: usize) {
    if x.size() == 0 {
        return;
    }
    let target = y.slice_view(axis, start, x.shape[axis], step);
    let (starts, _, stride) = target.last_axis();
    let starts: Vec<usize> = starts.collect();
    drop(target); // or the storage would be shared, and copied
    let (x_starts, len, x_stride) = x.last_axis();
    let data = y.as_mut_slice();
    for (to, from) in starts.into_iter().zip(x_starts) {
        for i in 0..len as isize {
            data[to.wrapping_add_signed(i * stride)] = x.data[from.wrapping_add_signed(i * x_stride)];
        }
    }
}
