//! The linear functions on axes by name, for every reading.

use crate::algebra::op::{Linear, Op};
use crate::algebra::value::{Value, broadcast};
use crate::array::{Axes, OrPanic, Shape, ShapeError, Tensor};

/// Functions that move, repeat or add up elements along axes.
///
/// An `axis` may be counted from the end: −1 is the last. A misfit panics at the caller's line with the operation and
/// all shapes; a function with a `try_` twin gives a [`ShapeError`] there instead.
pub trait Structural: Value {
    /// Repeats along new leading axes and along axes of size 1, without a copy.
    #[track_caller]
    fn broadcast_to(&self, shape: impl Into<Shape>) -> Self {
        broadcast(self, &shape.into())
    }

    /// As [`broadcast_to`](Structural::broadcast_to), or an error.
    #[track_caller]
    fn try_broadcast_to(&self, shape: impl Into<Shape>) -> Result<Self, ShapeError> {
        Self::try_apply(&Linear::Broadcast(shape.into()).into(), &[self])
    }

    /// Adds up along all axes that a broadcast from `shape` to this shape would repeat: that broadcast's transpose.
    #[track_caller]
    fn sum_to(&self, shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        match self.shape() == shape {
            true => self.clone(),
            false => linear(self, Linear::SumTo(shape)),
        }
    }

    /// The sum of all elements, of rank 0.
    #[track_caller]
    fn sum(&self) -> Self {
        self.sum_to(Shape::scalar())
    }

    /// The sum along one axis, which goes away.
    #[track_caller]
    fn sum_axis(&self, axis: isize) -> Self {
        let axis = resolve(self, "sum_axis", axis);
        self.sum_to(self.shape().with(axis, 1)).squeeze(axis as isize)
    }

    /// The sum along one axis, which stays with size 1.
    #[track_caller]
    fn sum_keep(&self, axis: isize) -> Self {
        let axis = resolve(self, "sum_keep", axis);
        self.sum_to(self.shape().with(axis, 1))
    }

    /// The same elements in the same row-major order under other axes. No copy where they are contiguous.
    #[track_caller]
    fn reshape(&self, shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        match self.shape() == shape {
            true => self.clone(),
            false => linear(self, Linear::Reshape(shape)),
        }
    }

    /// As [`reshape`](Structural::reshape), or an error.
    #[track_caller]
    fn try_reshape(&self, shape: impl Into<Shape>) -> Result<Self, ShapeError> {
        Self::try_apply(&Linear::Reshape(shape.into()).into(), &[self])
    }

    /// All elements on one axis.
    #[track_caller]
    fn flatten(&self) -> Self {
        self.reshape([self.shape().size()])
    }

    /// Without the given axis, which must have size 1.
    #[track_caller]
    fn squeeze(&self, axis: isize) -> Self {
        let resolved = resolve(self, "squeeze", axis);
        self.reshape(self.shape().remove(resolved))
    }

    /// With a new axis of size 1 before `axis`; −1 appends one.
    #[track_caller]
    fn unsqueeze(&self, axis: isize) -> Self {
        let shape = self.shape();
        let at = if axis < 0 { axis + 1 + shape.rank() as isize } else { axis };
        match usize::try_from(at).ok().filter(|&at| at <= shape.rank()) {
            Some(at) => self.reshape(shape.insert(at, 1)),
            None => panic!("unsqueeze: {shape}: no place {axis} for an axis"),
        }
    }

    /// Axis i of the result is axis `axes[i]`, without a copy.
    #[track_caller]
    fn permute(&self, axes: &[usize]) -> Self {
        linear(self, Linear::Permute(axes.into()))
    }

    /// The last two axes exchanged, without a copy.
    #[track_caller]
    fn t(&self) -> Self {
        self.swap_axes(-2, -1)
    }

    /// Two axes exchanged, without a copy.
    #[track_caller]
    fn swap_axes(&self, a: isize, b: isize) -> Self {
        let mut axes: Axes<usize> = (0..self.shape().rank()).collect();
        axes.swap(resolve(self, "swap_axes", a), resolve(self, "swap_axes", b));
        linear(self, Linear::Permute(axes))
    }

    /// The elements `start..end` of one axis, without a copy.
    #[track_caller]
    fn slice(&self, axis: isize, start: usize, end: usize) -> Self {
        self.slice_by(axis, start, end, 1)
    }

    /// Every `step`-th element of `start..end` of one axis, without a copy.
    #[track_caller]
    fn slice_by(&self, axis: isize, start: usize, end: usize, step: usize) -> Self {
        let axis = resolve(self, "slice", axis);
        let len = end.saturating_sub(start).div_ceil(step.max(1));
        linear(self, Linear::Slice { axis, start, len, step })
    }

    /// One element of an axis, which goes away, without a copy.
    #[track_caller]
    fn index_axis(&self, axis: isize, i: usize) -> Self {
        self.slice(axis, i, i + 1).squeeze(axis)
    }

    /// `before` zeros before and `after` zeros after the elements of one axis.
    #[track_caller]
    fn pad(&self, axis: isize, before: usize, after: usize) -> Self {
        let axis = resolve(self, "pad", axis);
        let size = before + self.shape()[axis] + after;
        linear(self, Linear::Pad { axis, start: before, size, step: 1 })
    }

    /// One axis in reverse order, without a copy.
    #[track_caller]
    fn flip(&self, axis: isize) -> Self {
        linear(self, Linear::Flip(resolve(self, "flip", axis)))
    }

    /// Running sums along one axis: element i is the sum of the elements 0..=i.
    #[track_caller]
    fn cumsum(&self, axis: isize) -> Self {
        linear(self, Linear::CumSum { axis: resolve(self, "cumsum", axis), reverse: false })
    }

    /// Takes elements along an axis: element \[…, j, …\] of the result is element \[…, index\[…, j, …\], …\] of this.
    /// The index has the same rank and, but for `axis`, the same sizes.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let last = Tensor::from([[2], [0]]);
    /// assert_eq!(x.gather(-1, &last), Tensor::from([[3.0], [4.0]]));
    /// ```
    #[track_caller]
    fn gather(&self, axis: isize, index: &Tensor<usize>) -> Self {
        let axis = resolve(self, "gather", axis);
        check_index(self, "gather", index, self.shape()[axis]);
        linear(self, Linear::Gather { axis, index: index.clone().into() })
    }

    /// Adds elements into zeros of `size` along an axis, at the places that the index names: the transpose of
    /// [`gather`](Structural::gather).
    #[track_caller]
    fn scatter_add(&self, axis: isize, index: &Tensor<usize>, size: usize) -> Self {
        let axis = resolve(self, "scatter_add", axis);
        check_index(self, "scatter_add", index, size);
        linear(self, Linear::ScatterAdd { axis, index: index.clone().into(), size })
    }

    /// Whole slices along an axis, in the order of a list: rows of a table, images of a batch.
    #[track_caller]
    fn take(&self, axis: isize, list: &[usize]) -> Self {
        let axis = resolve(self, "take", axis);
        let shape = self.shape().with(axis, list.len());
        let column = Shape::from(&vec![1; shape.rank()][..]).with(axis, list.len());
        let index = Tensor::from_vec(column, list.to_vec()).broadcast_view(&shape);
        self.gather(axis as isize, &index)
    }

    /// The operands one after the other along an axis.
    #[track_caller]
    fn concat(axis: isize, x: &[&Self]) -> Self {
        let Some(first) = x.first() else { panic!("concat: there is nothing to concatenate") };
        let op: Op = Linear::Concat(resolve(*first, "concat", axis)).into();
        let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
        op.infer(&shapes.iter().collect::<Vec<_>>()).or_panic();
        Self::apply(&op, x)
    }

    /// Operands of one shape along a new axis before `axis`; −1 appends one.
    #[track_caller]
    fn stack(axis: isize, x: &[&Self]) -> Self {
        let mut unsqueezed = Vec::with_capacity(x.len());
        for x in x {
            unsqueezed.push(x.unsqueeze(axis));
        }
        Self::concat(axis, &unsqueezed.iter().collect::<Vec<_>>())
    }

    /// The parts of one axis, of the given sizes, which add up to the axis.
    #[track_caller]
    fn split(&self, axis: isize, sizes: &[usize]) -> Vec<Self> {
        let resolved = resolve(self, "split", axis);
        let size = self.shape()[resolved];
        if sizes.iter().sum::<usize>() != size {
            panic!("split: {}: the parts {sizes:?} do not add up to {size}, the size of axis {axis}", self.shape());
        }
        let mut start = 0;
        let mut parts = Vec::with_capacity(sizes.len());
        for len in sizes {
            parts.push(self.slice(axis, start, start + len));
            start += len;
        }
        parts
    }
}

impl<V: Value> Structural for V {}

#[track_caller]
pub(crate) fn linear<V: Value>(x: &V, op: Linear) -> V {
    V::apply(&op.into(), &[x])
}

#[track_caller]
fn resolve<V: Value>(x: &V, name: &str, axis: isize) -> usize {
    let shape = x.shape();
    match shape.axis(axis) {
        Some(axis) => axis,
        None => panic!("{name}: {shape}: axis {axis} is out of range for rank {}", shape.rank()),
    }
}

#[track_caller]
fn check_index<V: Value>(x: &V, name: &str, index: &Tensor<usize>, size: usize) {
    let inside = |i: usize| i < size;
    if index.as_slice().is_some_and(|index| index.iter().all(|&i| inside(i))) {
        return; // the common case, at the speed of memory
    }
    if let Some(worst) = index.iter().find(|&i| !inside(i)) {
        panic!("{name}: {}: index {worst} is out of range for an axis of size {size}", x.shape());
    }
}
