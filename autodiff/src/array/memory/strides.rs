//! The place of an element in the storage.

use super::layout::Layout;
use super::tensor::Tensor;
use crate::array::axes::Axes;

impl<T> Tensor<T> {
    /// The distances, in elements of the storage, along the axes.
    pub(crate) fn strides(&self) -> Axes<isize> {
        match &self.layout {
            Layout::RowMajor => self.shape.strides(),
            Layout::Repeated => Axes::repeat(0, self.shape.rank()),
            Layout::Strided(strides) => (**strides).clone(),
        }
    }

    /// The distances along the last two axes.
    #[inline]
    pub(crate) fn matrix_strides(&self) -> [isize; 2] {
        match &self.layout {
            Layout::RowMajor => [self.shape[self.shape.rank() - 1] as isize, 1],
            Layout::Repeated => [0, 0],
            Layout::Strided(strides) => [strides[strides.len() - 2], strides[strides.len() - 1]],
        }
    }

    /// Whether an index along one of the last two axes goes back in the storage.
    #[inline]
    pub(crate) fn is_matrix_reversed(&self) -> bool {
        matches!(self.layout, Layout::Strided(_)) && self.matrix_strides().iter().any(|&stride| stride < 0)
    }

    /// How far from the first element the one at an index is.
    #[inline]
    pub(crate) fn distance(&self, index: &[usize]) -> isize {
        match &self.layout {
            Layout::RowMajor => index.iter().zip(&*self.shape).fold(0, |place, (&i, size)| place * size + i) as isize,
            Layout::Repeated => 0,
            Layout::Strided(strides) => index.iter().zip(strides.iter()).map(|(&i, stride)| i as isize * stride).sum(),
        }
    }

    /// Whether the elements lie in row-major order without gaps.
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        matches!(self.layout, Layout::RowMajor)
    }

    /// Whether this is one element, repeated or single; its formula is computed once.
    #[inline]
    pub(crate) fn is_one_element(&self) -> bool {
        matches!(self.layout, Layout::Repeated) || self.shape.iter().all(|&size| size == 1)
    }

    /// Whether the other is this one: not equal elements, but the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let place = |x: &Self| (x.data.as_ptr(), x.offset);
        place(self) == place(other) && self.layout == other.layout && self.shape == other.shape
    }

    /// The elements in row-major order, where they lie so; see [`contiguous`](Tensor::contiguous).
    #[inline]
    pub fn as_slice(&self) -> Option<&[T]> {
        self.is_contiguous().then(|| &self.data[self.offset..][..self.size()])
    }
}
