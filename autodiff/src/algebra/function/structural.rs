//! Linear functions on axes: broadcasts, sums, reshapes, slices, gathers.

use crate::algebra::op::{Linear, Op};
use crate::algebra::value::Reading;
use crate::array::{Axes, OrPanic, Shape, ShapeError, TOO_LARGE, Tensor};

/// Linear functions that move, repeat or sum elements along axes.
///
/// # Axes
/// One rule holds for the axes of all functions here, in [`Composite`](crate::Composite) and in
/// [`LinearAlgebra`](crate::LinearAlgebra):
///
/// - The axis is the first argument. A negative axis counts from the end: −1 is the last axis.
/// - A function whose name ends in `_axis` removes that axis. `logsumexp`, [`argmax`](Tensor::argmax) and
///   [`argmin`](Tensor::argmin), which exist for one axis only, remove it too.
/// - [`sum_keep`](Structural::sum_keep) keeps the axis, with size 1.
/// - A reduction without an axis takes all elements and returns a scalar (rank 0).
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// assert_eq!(x.sum_axis(-1), Tensor::from([6.0, 15.0]));
/// assert_eq!(x.sum_keep(-1), Tensor::from([[6.0], [15.0]]));
/// assert_eq!(x.sum(), Tensor::scalar(21.0));
/// ```
///
/// # Panics
/// Each function panics at the caller's line if the shapes or the axes do not fit. The message names the function and
/// all shapes. A function whose name begins with `try_` returns a [`ShapeError`] instead.
pub trait Structural: Reading {
    /// Broadcasts to `shape` by numpy's rule, without a copy: elements are repeated along new leading axes and along
    /// axes of size 1.
    #[track_caller]
    fn broadcast_to(&self, shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        match self.shape() == shape {
            true => self.clone(),
            false => linear_as(self, "broadcast_to", Linear::Broadcast(shape)),
        }
    }

    /// Does the same as [`broadcast_to`](Structural::broadcast_to), or returns an error.
    ///
    /// # Errors
    /// Returns an error if this shape does not broadcast to `shape`.
    #[track_caller]
    fn try_broadcast_to(&self, shape: impl Into<Shape>) -> Result<Self, ShapeError> {
        Self::try_apply(&Linear::Broadcast(shape.into()).into(), &[self])
    }

    /// Sums along the axes that a broadcast from `shape` to this shape repeats. This is the transpose of
    /// [`broadcast_to`](Structural::broadcast_to).
    #[track_caller]
    fn sum_to(&self, shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        match self.shape() == shape {
            true => self.clone(),
            false => linear(self, Linear::SumTo(shape)),
        }
    }

    /// The sum of all elements, a scalar.
    #[track_caller]
    fn sum(&self) -> Self {
        self.sum_to(Shape::scalar())
    }

    /// The sum along one axis, which is removed.
    #[track_caller]
    fn sum_axis(&self, axis: isize) -> Self {
        let (axis, shape) = (checked_axis(self, "sum_axis", axis), self.shape());
        self.sum_to(shape.with(axis, 1)).reshape(shape.remove(axis))
    }

    /// The sum along one axis, which is kept with size 1.
    #[track_caller]
    fn sum_keep(&self, axis: isize) -> Self {
        let axis = checked_axis(self, "sum_keep", axis);
        self.sum_to(self.shape().with(axis, 1))
    }

    /// The same elements in row-major order, in another shape of the same size. Copies only if the elements are not
    /// contiguous.
    #[track_caller]
    fn reshape(&self, shape: impl Into<Shape>) -> Self {
        let shape = shape.into();
        match self.shape() == shape {
            true => self.clone(),
            false => linear(self, Linear::Reshape(shape)),
        }
    }

    /// Does the same as [`reshape`](Structural::reshape), or returns an error.
    ///
    /// # Errors
    /// Returns an error if `shape` has another number of elements.
    #[track_caller]
    fn try_reshape(&self, shape: impl Into<Shape>) -> Result<Self, ShapeError> {
        Self::try_apply(&Linear::Reshape(shape.into()).into(), &[self])
    }

    /// All elements in row-major order, on one axis.
    #[track_caller]
    fn flatten(&self) -> Self {
        flattened(self, "flatten")
    }

    /// Removes an axis of size 1.
    #[track_caller]
    fn squeeze(&self, axis: isize) -> Self {
        let (axis, shape) = (checked_axis(self, "squeeze", axis), self.shape());
        match shape[axis] {
            1 => self.reshape(shape.remove(axis)),
            size => panic!("squeeze: {shape}: axis {axis} has size {size}, not 1"),
        }
    }

    /// Inserts an axis of size 1. It is axis `axis` of the result, so −1 appends it.
    #[track_caller]
    fn unsqueeze(&self, axis: isize) -> Self {
        linear_as(self, "unsqueeze", Linear::Reshape(with_new_axis("unsqueeze", &self.shape(), axis)))
    }

    /// Reorders the axes, without a copy: axis i of the result is axis `axes[i]` of this value. Here axes count from
    /// the start only.
    #[track_caller]
    fn permute(&self, axes: &[usize]) -> Self {
        linear(self, Linear::Permute(axes.into()))
    }

    /// Transposes the last two axes, without a copy.
    #[track_caller]
    fn t(&self) -> Self {
        checked_axis(self, "t", -2);
        self.swap_axes(-2, -1)
    }

    /// Exchanges two axes, without a copy.
    #[track_caller]
    fn swap_axes(&self, a: isize, b: isize) -> Self {
        let mut axes: Axes<usize> = (0..self.shape().rank()).collect();
        axes.swap(checked_axis(self, "swap_axes", a), checked_axis(self, "swap_axes", b));
        linear(self, Linear::Permute(axes))
    }

    /// The elements `start..end` of one axis, without a copy.
    #[track_caller]
    fn slice(&self, axis: isize, start: usize, end: usize) -> Self {
        slice(self, "slice", axis, (start, end, 1))
    }

    /// Every `step`-th element of `start..end` of one axis, without a copy.
    #[track_caller]
    fn slice_by(&self, axis: isize, start: usize, end: usize, step: usize) -> Self {
        slice(self, "slice_by", axis, (start, end, step))
    }

    /// The slice at index `i` of one axis, which is removed, without a copy.
    #[doc(alias = "select")]
    #[doc(alias = "unbind")]
    #[track_caller]
    fn index_axis(&self, axis: isize, i: usize) -> Self {
        let (axis, shape) = (checked_axis(self, "index_axis", axis), self.shape());
        if i >= shape[axis] {
            panic!("index_axis: {shape}: index {i} is out of range for axis {axis} of size {}", shape[axis]);
        }
        linear(self, Linear::Slice { axis, start: i, len: 1, step: 1 }).reshape(shape.remove(axis))
    }

    /// The element at an index, a scalar.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(grad(&x, |x| x.at([0, 1]) * x.at([1, 0])).to_vec(), [0.0, 3.0, 2.0, 0.0]);
    /// ```
    #[doc(alias = "get")]
    #[doc(alias = "item")]
    #[track_caller]
    fn at(&self, index: impl AsRef<[usize]>) -> Self {
        let (index, shape) = (index.as_ref(), self.shape());
        if index.len() != shape.rank() || index.iter().zip(&*shape).any(|(i, size)| i >= size) {
            panic!("at: {shape}: there is no element at {index:?}");
        }
        let mut x = self.clone();
        for &i in index {
            x = x.index_axis(0, i);
        }
        x
    }

    /// Pads one axis with `before` zeros in front and `after` zeros behind.
    #[track_caller]
    fn pad(&self, axis: isize, before: usize, after: usize) -> Self {
        let axis = checked_axis(self, "pad", axis);
        let size = before.saturating_add(self.shape()[axis]).saturating_add(after);
        linear(self, Linear::Pad { axis, start: before, size, step: 1 })
    }

    /// Reverses the order of the elements along one axis, without a copy.
    #[track_caller]
    fn flip(&self, axis: isize) -> Self {
        linear(self, Linear::Flip(checked_axis(self, "flip", axis)))
    }

    /// The cumulative sum along one axis: element i of the result is the sum of the elements 0..=i.
    ///
    /// The sums are compensated, so each has the error of one rounding if its terms have one sign, even for 10⁷ terms in
    /// `f32`.
    #[track_caller]
    fn cumsum(&self, axis: isize) -> Self {
        linear(self, Linear::CumSum { axis: checked_axis(self, "cumsum", axis), reverse: false })
    }

    /// The windows of `size` elements along one axis, from its start in steps of `step`, without a copy. The axis counts the
    /// windows, and a new last axis holds their elements: \[…, n, …\] → \[…, (n − size)/step + 1, …, size\]. Elements
    /// behind the last whole window are left out.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([1.0, 2.0, 4.0, 8.0, 16.0]);
    /// assert_eq!(x.unfold(0, 3, 1), Tensor::from([[1.0, 2.0, 4.0], [2.0, 4.0, 8.0], [4.0, 8.0, 16.0]]));
    /// assert_eq!(x.unfold(0, 2, 2).sum_axis(-1), Tensor::from([3.0, 12.0]));
    /// ```
    ///
    /// # Panics
    /// Panics if the axis has fewer than `size` elements, or if `size` or `step` is 0.
    #[doc(alias = "sliding_window_view")]
    #[track_caller]
    fn unfold(&self, axis: isize, size: usize, step: usize) -> Self {
        linear(self, Linear::Unfold { axis: checked_axis(self, "unfold", axis), size, step })
    }

    /// Gathers elements along one axis: element \[…, j, …\] of the result is element \[…, index\[…, j, …\], …\] of this
    /// value.
    ///
    /// The result has the shape of `index`. The index must have the rank of this value and, except on `axis`, its
    /// sizes.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    /// let last = Tensor::from([[2], [0]]);
    /// assert_eq!(x.gather(-1, &last), Tensor::from([[3.0], [4.0]]));
    /// ```
    #[track_caller]
    fn gather(&self, axis: isize, index: &Tensor<usize>) -> Self {
        let axis = checked_axis(self, "gather", axis);
        linear(self, Linear::Gather { axis, index: index.clone().into() })
    }

    /// Adds each element to a tensor of zeros, at its index along one axis. The axis has `size` in the result. This is
    /// the transpose of [`gather`](Structural::gather); the index must have the shape of this value.
    ///
    /// If the axis has more than 128 elements, the sums are compensated, as in [`cumsum`](Structural::cumsum). The gradients
    /// of `gather` and [`take`](Structural::take) are computed by this function.
    #[track_caller]
    fn scatter_add(&self, axis: isize, index: &Tensor<usize>, size: usize) -> Self {
        let axis = checked_axis(self, "scatter_add", axis);
        linear(self, Linear::ScatterAdd { axis, index: index.clone().into(), size })
    }

    /// Selects slices along one axis by their indices, in the order of the list: rows of a table, images of a batch.
    #[track_caller]
    fn take(&self, axis: isize, list: &[usize]) -> Self {
        let axis = checked_axis(self, "take", axis);
        let shape = self.shape();
        if let Some(i) = list.iter().find(|&&i| i >= shape[axis]) {
            panic!("take: {shape}: index {i} is out of range for axis {axis} of size {}", shape[axis]);
        }
        let result = shape.with(axis, list.len());
        if result.checked_size().is_none() {
            panic!("take: {shape}: the result is {result}: {TOO_LARGE}");
        }
        let along_axis = Shape::from(&vec![1; shape.rank()][..]).with(axis, list.len());
        let index = Tensor::from_vec(along_axis, list.to_vec()).broadcast_view(&result);
        self.gather(axis as isize, &index)
    }

    /// Concatenates the operands along one axis. Their other sizes must be equal.
    ///
    /// # Panics
    /// Panics if the list is empty or the shapes do not fit.
    #[track_caller]
    fn concat(axis: isize, x: &[&Self]) -> Self {
        if x.is_empty() {
            panic!("concat: at least one operand is needed");
        }
        let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
        let Some(axis) = shapes[0].axis(axis) else {
            let reason = format!("axis {axis} is out of range for rank {}", shapes[0].rank());
            panic!("{}", ShapeError::new("concat", &shapes, reason))
        };
        let op: Op = Linear::Concat(axis).into();
        op.infer(&shapes.iter().collect::<Vec<_>>()).or_panic();
        Self::apply(&op, x)
    }

    /// Stacks operands of one shape along a new axis. It is axis `axis` of the result, so −1 appends it.
    ///
    /// # Panics
    /// Panics if the list is empty or the shapes differ.
    #[track_caller]
    fn stack(axis: isize, x: &[&Self]) -> Self {
        let Some(first) = x.first() else { panic!("stack: at least one operand is needed") };
        let shape = first.shape();
        if x.iter().any(|x| !x.has_shape_of(first)) {
            let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
            panic!("{}", ShapeError::new("stack", &shapes, "the shapes differ"));
        }
        let stacked = with_new_axis("stack", &shape, axis);
        let mut unsqueezed = Vec::with_capacity(x.len());
        for x in x {
            // A closure would lose the caller's line.
            unsqueezed.push(linear_as(*x, "stack", Linear::Reshape(stacked.clone())));
        }
        Self::concat(axis, &unsqueezed.iter().collect::<Vec<_>>())
    }

    /// Splits one axis into consecutive parts of the given sizes.
    ///
    /// # Panics
    /// Panics if the sizes do not add up to the size of the axis.
    #[track_caller]
    fn split(&self, axis: isize, sizes: &[usize]) -> Vec<Self> {
        let (axis, shape) = (checked_axis(self, "split", axis), self.shape());
        let (size, total) = (shape[axis], sizes.iter().try_fold(0usize, |total, &size| total.checked_add(size)));
        if total != Some(size) {
            panic!("split: {shape}: the sizes {sizes:?} do not add up to {size}, the size of axis {axis}");
        }
        let mut start = 0;
        let mut parts = Vec::with_capacity(sizes.len());
        for &len in sizes {
            parts.push(linear(self, Linear::Slice { axis, start, len, step: 1 }));
            start += len;
        }
        parts
    }
}

impl<V: Reading> Structural for V {}

#[track_caller]
pub(crate) fn linear<V: Reading>(x: &V, op: Linear) -> V {
    V::apply(&op.into(), &[x])
}

/// As [`linear`]. A message bears the name of the calling function.
#[track_caller]
pub(super) fn linear_as<V: Reading>(x: &V, name: &str, op: Linear) -> V {
    let op = op.into();
    match Op::infer(&op, &[&x.shape()]) {
        Err(error) => panic!("{}", error.of(name)),
        Ok(shape) if V::SCALAR && shape.rank() > 0 => panic!("{}", ShapeError::of_plain_number(name, &shape)),
        Ok(_) => V::apply(&op, &[x]),
    }
}

/// All elements on one axis. A message bears the name of the calling function.
#[track_caller]
pub(super) fn flattened<V: Reading>(x: &V, name: &str) -> V {
    let shape = x.shape();
    match shape.rank() {
        1 => x.clone(),
        _ => linear_as(x, name, Linear::Reshape([shape.size()].into())),
    }
}

/// Every `step`-th element of `start..end` of one axis.
#[track_caller]
fn slice<V: Reading>(x: &V, name: &str, axis: isize, (start, end, step): (usize, usize, usize)) -> V {
    let (axis, shape) = (checked_axis(x, name, axis), x.shape());
    let op = Linear::Slice { axis, start, len: end.saturating_sub(start).div_ceil(step.max(1)), step };
    if Op::infer(&op.clone().into(), &[&shape]).is_err() {
        panic!("{name}: {shape}: {start}..{end} in steps of {step} is not within axis {axis} of size {}", shape[axis]);
    }
    linear(x, op)
}

/// The shape with a new axis of size 1, which is axis `axis` of the result.
#[track_caller]
fn with_new_axis(name: &str, shape: &Shape, axis: isize) -> Shape {
    let position = if axis < 0 { axis + 1 + shape.rank() as isize } else { axis };
    match usize::try_from(position).ok().filter(|&position| position <= shape.rank()) {
        Some(position) => shape.insert(position, 1),
        None => panic!("{name}: {shape}: position {axis} is out of range for a new axis"),
    }
}

/// The axis counted from the start.
///
/// # Panics
/// Panics with the name of the function if there is no such axis.
#[track_caller]
pub(super) fn checked_axis<V: Reading>(x: &V, name: &str, axis: isize) -> usize {
    x.shape().checked_axis(name, axis)
}
