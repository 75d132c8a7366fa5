//! Reading elements.

use super::starts::Starts;
use crate::array::memory::Tensor;

impl<T> Tensor<T> {
    /// The offset in the storage of the element at an index, or `None` if the index is out of range.
    #[inline]
    fn offset_of(&self, index: &[usize]) -> Option<usize> {
        let inside = index.len() == self.shape.rank() && index.iter().zip(&*self.shape).all(|(i, size)| i < size);
        if inside { self.offset.checked_add_signed(self.distance(index)) } else { None }
    }

    /// The element at an index, or `None` if the index is out of range.
    #[inline]
    pub fn get(&self, index: &[usize]) -> Option<&T> {
        self.offset_of(index).map(|offset| &self.data[offset])
    }

    /// The starts of the longest rows with a single stride, in row-major order, with their length and stride. A row
    /// spans the last axis and the axes before it that continue it.
    pub(crate) fn rows(&self) -> (Starts, usize, isize) {
        let strides = self.strides();
        let (mut outer, mut len, mut stride) = (self.shape.rank(), 1, 1);
        while let Some(axis) = outer.checked_sub(1) {
            match (self.shape[axis], strides[axis]) {
                (1, _) => {}
                (size, step) if len == 1 => (len, stride) = (size, step),
                (size, step) if step == stride * len as isize => len *= size,
                _ => break,
            }
            outer = axis;
        }
        (Starts::new(&self.shape[..outer], &strides[..outer], self.offset), len, stride)
    }

    /// The starts of the rows along the last axis, in row-major order, with the length and stride of a row.
    pub(crate) fn last_axis(&self) -> (impl Iterator<Item = usize> + use<T>, usize, isize) {
        let strides = self.strides();
        let (outer, len, stride) = match self.shape.rank() {
            0 => (0, 1, 1),
            rank => (rank - 1, self.shape[rank - 1], strides[rank - 1]),
        };
        let starts = Starts::new(&self.shape[..outer], &strides[..outer], self.offset);
        (starts, len, stride)
    }

    pub(crate) fn refs(&self) -> impl Iterator<Item = &T> {
        let (starts, len, stride) = self.rows();
        starts.flat_map(move |start| (0..len).map(move |i| &self.data[start.wrapping_add_signed(i as isize * stride)]))
    }
}

impl<T: Clone> Tensor<T> {
    /// The single element.
    ///
    /// # Panics
    /// Panics if the tensor does not have exactly one element.
    #[track_caller]
    pub fn item(&self) -> T {
        match self.size() {
            1 => self.data[self.offset].clone(),
            n => panic!("item: {}: one element was expected, not {n}", self.shape),
        }
    }

    /// The elements in row-major order.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.refs().cloned()
    }

    /// Applies `f` to each element.
    pub fn map<U>(&self, f: impl FnMut(&T) -> U) -> Tensor<U> {
        Tensor::contiguous_from(self.shape.clone(), self.refs().map(f).collect())
    }
}

impl<T> std::ops::Index<&[usize]> for Tensor<T> {
    type Output = T;
    #[inline]
    #[track_caller]
    fn index(&self, index: &[usize]) -> &T {
        match self.get(index) {
            Some(element) => element,
            None if index.len() != self.shape.rank() => {
                let (n, rank) = (index.len(), self.shape.rank());
                panic!("index {index:?} has length {n}, but shape {} has rank {rank}", self.shape)
            }
            None => panic!("index {index:?} is outside of shape {}", self.shape),
        }
    }
}

impl<T, const N: usize> std::ops::Index<[usize; N]> for Tensor<T> {
    type Output = T;
    #[inline]
    #[track_caller]
    fn index(&self, index: [usize; N]) -> &T {
        &self[&index[..]]
    }
}

impl<T: PartialEq> PartialEq for Tensor<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.refs().eq(other.refs())
    }
}
