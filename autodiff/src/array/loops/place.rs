//! Padding, concatenation, and sums of windows.

use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use crate::array::shape::Shape;

/// Zeros of the given shape with `x` along one axis, at `start` and every `step`-th index from there.
pub(crate) fn pad<T: Number>(x: &Tensor<T>, axis: usize, start: usize, step: usize, shape: &Shape) -> Tensor<T> {
    let mut y = zeroed(shape);
    place(&mut y, x, axis, start, step);
    y
}

pub(crate) fn concat<T: Number>(x: &[&Tensor<T>], axis: usize, shape: &Shape) -> Tensor<T> {
    let mut y = zeroed(shape);
    let mut start = 0;
    for x in x {
        place(&mut y, x, axis, start, 1);
        start += x.shape[axis];
    }
    y
}

/// Zeros of the given shape, to which the windows along the last axis of `x` are added: window i of `axis` begins at i·step.
pub(crate) fn fold<T: Number>(x: &Tensor<T>, axis: usize, step: usize, shape: &Shape) -> Tensor<T> {
    let mut y = zeroed(shape);
    let windows = y.unfold_view(axis, x.shape[x.shape.rank() - 1], step);
    each_row(&mut y, windows, x, |y, x| *y = *y + x);
    y
}

/// A contiguous tensor of zeros, for writing.
pub(crate) fn zeroed<T: Number>(shape: &Shape) -> Tensor<T> {
    let mut data = Storage::recycled(shape.known_size());
    data.fill(T::from_f64(0.0));
    Tensor::contiguous_in(shape.clone(), data)
}

/// Adds `x` to the elements of `y` along one axis, at `start` and every `step`-th index from there. Returns `false`, and
/// does nothing, if the storage of `y` is shared or not contiguous.
pub(crate) fn add_to_slice<T: Number>(
    y: &mut Tensor<T>,
    x: &Tensor<T>,
    axis: usize,
    start: usize,
    step: usize,
) -> bool {
    let can = y.unshared_slice().is_some();
    if can {
        let target = y.slice_view(axis, start, x.shape[axis], step);
        each_row(y, target, x, |y, x| *y = *y + x);
    }
    can
}

/// Writes `x` into `y` along one axis, at `start` and every `step`-th index from there.
fn place<T: Number>(y: &mut Tensor<T>, x: &Tensor<T>, axis: usize, start: usize, step: usize) {
    if x.size() > 0 {
        let target = y.slice_view(axis, start, x.shape[axis], step);
        each_row(y, target, x, |y, x| *y = x);
    }
}

/// Calls `f` for each element of `x` and the element of `y` at its place in `target`, a view of `y`, which is contiguous.
#[inline]
fn each_row<T: Number>(y: &mut Tensor<T>, target: Tensor<T>, x: &Tensor<T>, f: impl Fn(&mut T, T)) {
    if x.size() == 0 {
        return;
    }
    let (starts, _, stride) = target.last_axis();
    drop(target); // otherwise `y` would be shared, and copied below
    let (x_starts, len, x_stride) = x.last_axis();
    let first = y.offset; // `starts` counts from the beginning of the storage
    let data = y.as_mut_slice();
    for (to, from) in starts.map(|start| start - first).zip(x_starts) {
        if [stride, x_stride] == [1, 1] {
            data[to..][..len].iter_mut().zip(&x.data[from..][..len]).for_each(|(y, &x)| f(y, x));
            continue;
        }
        for i in 0..len as isize {
            f(&mut data[to.wrapping_add_signed(i * stride)], x.data[from.wrapping_add_signed(i * x_stride)]);
        }
    }
}
