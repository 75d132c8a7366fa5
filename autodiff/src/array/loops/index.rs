//! Gather and scatter-add.

use super::place::zeroed;
use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use crate::array::shape::{Shape, ShapeError};

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

    /// Adds element \[…, j, …\] of this tensor to element \[…, index\[…, j, …\], …\] of zeros of the given shape.
    ///
    /// # Panics
    /// Panics if an entry of the index is out of range.
    #[track_caller]
    pub(crate) fn scatter_add(&self, axis: usize, index: &Tensor<usize>, shape: &Shape) -> Self {
        let size = shape[axis];
        let mut y = zeroed(shape);
        let stride = y.strides()[axis];
        // The view is dropped here, so `y` is not shared and is written in place.
        let (starts, len, step) = y.starts_of_lanes(axis, index.shape[axis]).rows();
        let (x, index) = (self.row_major(), index.row_major());
        let elements = x.data[x.offset..].chunks(len.max(1)).zip(index.data[index.offset..].chunks(len.max(1)));
        let data = y.as_mut_slice();
        for (start, (x, index)) in starts.zip(elements) {
            for (j, (&x, &i)) in (0..).zip(x.iter().zip(index)) {
                if i >= size {
                    panic!("{}", ShapeError::out_of_range("scatter_add", &self.shape, i, size));
                }
                let place = start.wrapping_add_signed(j * step + i as isize * stride);
                data[place] = data[place] + x;
            }
        }
        y
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
