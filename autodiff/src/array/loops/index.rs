//! Gather and scatter-add.

use super::place::zeroed;
use super::reduce::{BLOCK, Running};
use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use crate::array::shape::{Shape, ShapeError};

impl Tensor<usize> {
    /// The first entry of this index that is out of range for an axis of the given size.
    pub(crate) fn first_outside(&self, size: usize) -> Option<usize> {
        // A contiguous index is checked as a slice, which is faster than the iterator over a view.
        match self.as_slice() {
            Some(index) if index.iter().all(|&i| i < size) => None,
            _ => self.without_repetitions().iter().find(|&i| i >= size),
        }
    }
}

impl<T: Number> Tensor<T> {
    /// Gathers along an axis: element \[…, j, …\] of the result is element \[…, index\[…, j, …\], …\] of this tensor.
    ///
    /// # Panics
    /// Panics if an entry of the index is out of range.
    #[track_caller]
    pub(crate) fn gather(&self, axis: usize, index: &Tensor<usize>) -> Self {
        let size = self.shape[axis];
        let mut data = Storage::recycled(index.size());
        let stride = self.strides()[axis];
        let (starts, len, step) = self.starts_of_lanes(axis, index.shape[axis]).rows();
        let index = index.row_major();
        let elements = data.chunks_mut(len.max(1)).zip(index.data[index.offset..].chunks(len.max(1)));
        for (start, (y, index)) in starts.zip(elements) {
            for (j, (y, &i)) in (0..).zip(y.iter_mut().zip(index)) {
                if i >= size {
                    panic!("{}", ShapeError::out_of_range("gather", &self.shape, i, size));
                }
                *y = self.data[start.wrapping_add_signed(j * step + i as isize * stride)];
            }
        }
        Self::contiguous_in(index.shape.clone(), data)
    }

    /// Adds element \[…, j, …\] of this tensor to element \[…, index\[…, j, …\], …\] of zeros of the given shape. If more
    /// terms may meet in one element than [`sum`](super::sum) adds one by one, the sums are compensated.
    ///
    /// # Panics
    /// Panics if an entry of the index is out of range.
    #[track_caller]
    pub(crate) fn scatter_add(&self, axis: usize, index: &Tensor<usize>, shape: &Shape) -> Self {
        let size = shape[axis];
        let mut y = zeroed(shape);
        // The view is dropped before `y` is written, so `y` is not shared and is written in place.
        let lanes = y.starts_of_lanes(axis, index.shape[axis]);
        if index.shape[axis] <= BLOCK {
            let (places, stride) = (lanes.rows(), y.strides()[axis]);
            drop(lanes);
            let data = y.as_mut_slice();
            self.for_each_place(places, (stride, size), index, |place, x| data[place] = data[place] + x);
        } else {
            let mut sums = vec![Running::default(); shape.size()];
            self.for_each_place(lanes.rows(), (y.strides()[axis], size), index, |place, x| sums[place].add(x));
            drop(lanes);
            y.as_mut_slice().iter_mut().zip(sums).for_each(|(y, sum)| *y = sum.sum);
        }
        y
    }

    /// Calls `add` for each element, with its place in the storage of the result. `stride` and `size` are those of the axis.
    #[inline(always)]
    #[track_caller]
    fn for_each_place(
        &self,
        (starts, len, step): (impl Iterator<Item = usize>, usize, isize),
        (stride, size): (isize, usize),
        index: &Tensor<usize>,
        mut add: impl FnMut(usize, T),
    ) {
        if self.size() == 0 {
            return; // a view without elements may lie in a storage with some
        }
        let (x, index) = (self.row_major(), index.row_major());
        let elements = x.data[x.offset..].chunks(len.max(1)).zip(index.data[index.offset..].chunks(len.max(1)));
        for (start, (x, index)) in starts.zip(elements) {
            for (j, (&x, &i)) in (0..).zip(x.iter().zip(index)) {
                if i >= size {
                    panic!("{}", ShapeError::out_of_range("scatter_add", &self.shape, i, size));
                }
                add(start.wrapping_add_signed(j * step + i as isize * stride), x);
            }
        }
    }

    /// A view of the first element of each lane along an axis, repeated `size` times; an index is a distance from
    /// there.
    fn starts_of_lanes(&self, axis: usize, size: usize) -> Self {
        let start = self.slice_view(axis, 0, self.shape[axis].min(1), 1);
        let mut strides = start.strides();
        strides[axis] = 0;
        start.view(0, start.shape.with(axis, size), strides)
    }
}
