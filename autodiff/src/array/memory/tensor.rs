//! The array type.

use super::layout::Layout;
use super::storage::Storage;
use crate::array::shape::Shape;

/// An n-dimensional array: a strided view over storage that clones share.
///
/// Cloning, broadcasting, transposing, slicing and reshaping contiguous data copy no elements. Writing to shared
/// storage copies it first ([`update`](Tensor::update)), so a tensor never changes through another one.
///
/// The element type of a tensor that is differentiated is an [`Element`](crate::Element): `f32`, `f64`, or a
/// [`Dual`](crate::Dual) number over them. An index is a `Tensor<usize>`.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!((&x + 10.0).t().to_vec(), [11.0, 13.0, 12.0, 14.0]);
/// assert_eq!(format!("{x}"), "[[1, 2],\n [3, 4]]");
/// ```
#[derive(Clone)]
pub struct Tensor<T> {
    pub(crate) data: Storage<T>,
    pub(crate) offset: usize,
    pub(crate) shape: Shape,
    pub(crate) layout: Layout,
}

impl<T> Tensor<T> {
    /// A tensor of elements in row-major order. The caller ensures that their number fits the shape.
    #[inline]
    pub(crate) fn contiguous_from(shape: Shape, data: Vec<T>) -> Self {
        Self::contiguous_in(shape, Storage::unpooled(data))
    }

    /// As [`contiguous_from`](Self::contiguous_from), for storage that may belong to a pool.
    #[inline]
    pub(crate) fn contiguous_in(shape: Shape, data: Storage<T>) -> Self {
        debug_assert_eq!(shape.checked_size(), Some(data.len()));
        Self { data, offset: 0, layout: Layout::RowMajor, shape }
    }

    /// The sizes of the axes.
    #[inline]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The number of elements.
    #[inline]
    pub fn size(&self) -> usize {
        self.shape.known_size()
    }
}
