//! Views of the same storage. They do not check their arguments: shape inference has.

use crate::array::axes::Axes;
use crate::array::memory::{Layout, Tensor};
use crate::array::shape::Shape;

impl<T> Tensor<T> {
    #[inline]
    pub(crate) fn view(&self, offset: isize, shape: Shape, strides: Axes<isize>) -> Self {
        // An empty view starts at the tensor's own offset: its storage may end where the view would start.
        let offset = if shape.contains(&0) { 0 } else { offset };
        let offset = self.offset.checked_add_signed(offset).expect("a view starts inside its storage");
        Self { data: self.data.clone(), offset, layout: Layout::new(&shape, strides), shape }
    }

    /// This tensor repeated along new leading axes and along axes of size 1, with stride 0.
    #[track_caller]
    pub(crate) fn broadcast_view(&self, shape: &Shape) -> Self {
        debug_assert!(self.shape.broadcasts_to(shape), "{} does not broadcast to {shape}", self.shape);
        if self.is_one_element() {
            let (data, layout) = (self.data.clone(), Layout::repeated(shape));
            return Self { data, offset: self.offset, layout, shape: shape.clone() };
        }
        let new_axes = shape.rank() - self.shape.rank();
        let (mut strides, own) = (Axes::repeat(0, shape.rank()), self.strides());
        for axis in 0..self.shape.rank() {
            strides[new_axes + axis] = if self.shape[axis] == 1 { 0 } else { own[axis] };
        }
        self.view(0, shape.clone(), strides)
    }

    pub(crate) fn permute_view(&self, axes: &[usize]) -> Self {
        let (shape, strides) = (axes.iter().map(|&axis| self.shape[axis]).collect(), self.strides());
        self.view(0, shape, axes.iter().map(|&axis| strides[axis]).collect())
    }

    pub(crate) fn slice_view(&self, axis: usize, start: usize, len: usize, step: usize) -> Self {
        let mut strides = self.strides();
        let offset = if len == 0 { 0 } else { start as isize * strides[axis] };
        strides[axis] *= if len > 1 { step as isize } else { 1 }; // a step of a single element may be of any size
        self.view(offset, self.shape.with(axis, len), strides)
    }

    /// The windows of `size` elements along an axis, in steps of `step`; their elements are on a new last axis. Windows that
    /// overlap share elements.
    pub(crate) fn unfold_view(&self, axis: usize, size: usize, step: usize) -> Self {
        let (mut strides, rank) = (self.strides(), self.shape.rank());
        let windows = (self.shape[axis] - size) / step + 1;
        let along = strides[axis];
        strides[axis] *= if windows > 1 { step as isize } else { 1 }; // the step of a single window may be of any size
        self.view(
            0,
            self.shape.with(axis, windows).insert(rank, size),
            strides.iter().copied().chain([along]).collect(),
        )
    }

    /// A view of the elements without the axes that repeat them: such an axis has size 1 here.
    pub(crate) fn without_repetitions(&self) -> Self {
        let strides = self.strides();
        let once = |(&size, &stride): (&usize, &isize)| if stride == 0 { size.min(1) } else { size };
        self.view(0, self.shape.iter().zip(&strides).map(once).collect(), strides.clone())
    }

    pub(crate) fn flip_view(&self, axis: usize) -> Self {
        let mut strides = self.strides();
        let offset = self.shape[axis].saturating_sub(1) as isize * strides[axis];
        strides[axis] = -strides[axis];
        self.view(offset, self.shape.clone(), strides)
    }
}
