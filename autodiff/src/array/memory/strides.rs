//! Strides and offsets of elements in the storage.

use super::layout::Layout;
use super::tensor::Tensor;
use crate::array::axes::Axes;

impl<T> Tensor<T> {
    /// The strides in elements.
    pub(crate) fn strides(&self) -> Axes<isize> {
        match &self.layout {
            Layout::RowMajor => self.shape.strides(),
            Layout::Repeated => Axes::repeat(0, self.shape.rank()),
            Layout::Strided(strides) => (**strides).clone(),
        }
    }

    /// The strides along the last two axes.
    #[inline]
    pub(crate) fn matrix_strides(&self) -> [isize; 2] {
        match &self.layout {
            Layout::RowMajor => [self.shape[self.shape.rank() - 1] as isize, 1],
            Layout::Repeated => [0, 0],
            Layout::Strided(strides) => [strides[strides.len() - 2], strides[strides.len() - 1]],
        }
    }

    /// Whether a stride along the last two axes is negative.
    #[inline]
    pub(crate) fn is_matrix_reversed(&self) -> bool {
        matches!(self.layout, Layout::Strided(_)) && self.matrix_strides().iter().any(|&stride| stride < 0)
    }

    /// The distance in the storage from the first element to the one at `index`.
    #[inline]
    pub(crate) fn distance(&self, index: &[usize]) -> isize {
        match &self.layout {
            Layout::RowMajor => index.iter().zip(&*self.shape).fold(0, |place, (&i, size)| place * size + i) as isize,
            Layout::Repeated => 0,
            Layout::Strided(strides) => index.iter().zip(strides.iter()).map(|(&i, stride)| i as isize * stride).sum(),
        }
    }

    /// Whether the elements are stored in row-major order without gaps.
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        matches!(self.layout, Layout::RowMajor)
    }

    /// Whether all elements are one stored element, so that a pointwise formula is computed once.
    #[inline]
    pub(crate) fn is_one_element(&self) -> bool {
        matches!(self.layout, Layout::Repeated) || self.shape.iter().all(|&size| size == 1)
    }

    /// Whether both tensors are the same view of the same storage.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let place = |x: &Self| (x.data.as_ptr(), x.offset);
        place(self) == place(other) && self.layout == other.layout && self.shape == other.shape
    }

    /// The elements in row-major order, or `None` unless [`is_contiguous`](Tensor::is_contiguous).
    #[inline]
    pub fn as_slice(&self) -> Option<&[T]> {
        if self.is_contiguous() { Some(&self.data[self.offset..][..self.size()]) } else { None }
    }

    /// The one number that all elements repeat, if it is stored once, as in [`full`](Tensor::full).
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// assert_eq!(Tensor::full([2, 3], 0.5).as_repeated(), Some(&0.5));
    /// assert_eq!(Tensor::from([0.5, 0.5]).as_repeated(), None);
    /// ```
    pub fn as_repeated(&self) -> Option<&T> {
        let repeats = self.size() == 1 || self.layout == Layout::Repeated;
        repeats.then(|| &self.data[self.offset])
    }
}
