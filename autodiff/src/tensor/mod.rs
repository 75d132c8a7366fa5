//! Plain arrays: strided views over shared storage, and the loops over them. No derivatives here.

mod approx;
mod copy;
mod create;
mod display;
mod elementwise;
mod error_function;
pub(crate) mod fused;
pub(crate) mod gemm;
#[cfg(test)]
mod golden;
mod index;
mod layout;
mod linear;
mod many;
mod matmul;
pub(crate) mod number;
mod order;
mod parallel;
mod read;
mod reduce;
mod runs;
mod simd;
mod softmax;
mod storage;
mod trigonometric;
#[cfg(test)]
mod ulps;
mod update;
mod value;
mod vector_math;
mod view;

pub use approx::{Mismatch, assert_close};
pub use create::Nested;
pub(crate) use elementwise::{Loop, elementwise};
pub use gemm::Matrix;
pub use parallel::{set_threads, threads};
pub(crate) use value::{apply, slope};

use crate::shape::Shape;
use layout::Layout;
use storage::Storage;

/// An n-dimensional array: a strided view over storage that clones share.
///
/// Cloning, broadcasting, transposing, slicing and reshaping contiguous data copy no elements. Writing copies first
/// where the storage is shared ([`update`](Tensor::update)), so a tensor never changes behind another one's back.
///
/// The element type of a value is an [`Element`](crate::Element): `f32`, `f64`, or a [`Dual`](crate::Dual) number over
/// them; an index is a `Tensor<usize>`.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!((&x + 10.0).t().to_vec(), [11.0, 13.0, 12.0, 14.0]);
/// assert_eq!(format!("{x}"), "[[1, 2],\n [3, 4]]");
/// ```
#[derive(Clone)]
pub struct Tensor<T> {
    data: Storage<T>,
    offset: usize,
    shape: Shape,
    layout: Layout,
}

impl<T> Tensor<T> {
    /// A tensor of the given shape over elements in row-major order; the caller has made sure that they fit.
    #[inline]
    fn contiguous_from(shape: Shape, data: Vec<T>) -> Self {
        Self::contiguous_in(shape, Storage::once(data))
    }

    /// As [`contiguous_from`](Self::contiguous_from), over storage that knows where it goes afterwards.
    #[inline]
    fn contiguous_in(shape: Shape, data: Storage<T>) -> Self {
        debug_assert_eq!(shape.size(), data.len());
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
        self.shape.size()
    }
}
