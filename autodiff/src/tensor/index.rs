//! Taking elements by an index, and adding them into place by one.

use super::Tensor;
use super::linear::zeroed;
use super::storage::Storage;
use crate::element::Element;
use crate::shape::Shape;

impl<T: Element> Tensor<T> {
    /// Element \[…, j, …\] of the result is element \[…, index\[…, j, …\], …\] of this.
    pub(super) fn gather(&self, axis: usize, index: &Tensor<usize>) -> Self {
        let mut data = Storage::recycled(index.size());
        let stride = self.strides[axis];
        // With stride 0 on the axis, a view of the index's shape starts every lane; the index then says how far to go.
        let lanes = self.slice_view(axis, 0, self.shape[axis].min(1), 1).broadcast_axis(axis, index.shape[axis]);
        for ((y, place), i) in data.iter_mut().zip(lanes.places()).zip(index.iter()) {
            *y = self.data[place.wrapping_add_signed(i as isize * stride)];
        }
        Self::contiguous_in(index.shape.clone(), data)
    }

    /// Adds element \[…, j, …\] of this to element \[…, index\[…, j, …\], …\] of zeros of the given shape.
    pub(super) fn scatter_add(&self, axis: usize, index: &Tensor<usize>, shape: &Shape) -> Self {
        let mut y = zeroed(shape);
        let stride = y.strides[axis];
        let lanes = y.slice_view(axis, 0, shape[axis].min(1), 1).broadcast_axis(axis, index.shape[axis]);
        let places: Vec<usize> = lanes.places().collect();
        drop(lanes); // or the storage would be shared, and copied
        let data = y.as_mut_slice();
        for ((place, i), x) in places.into_iter().zip(index.iter()).zip(self.iter()) {
            let place = place.wrapping_add_signed(i as isize * stride);
            data[place] = data[place] + x;
        }
        y
    }

    /// The places in the storage of all elements, in row-major order.
    fn places(&self) -> impl Iterator<Item = usize> {
        let (starts, len, stride) = self.rows();
        starts.flat_map(move |start| (0..len).map(move |i| start.wrapping_add_signed(i as isize * stride)))
    }

    /// One axis of size at most 1 repeated to `size`.
    fn broadcast_axis(&self, axis: usize, size: usize) -> Self {
        let mut view = self.clone();
        view.shape = self.shape.with(axis, size);
        view.strides[axis] = 0;
        view
    }
}
