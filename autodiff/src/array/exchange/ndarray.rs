//! Tensors from and to the arrays of the crate `ndarray` 0.17 (feature `ndarray`).
//!
//! | from | to | elements |
//! |---|---|---|
//! | `&Tensor<T>` | `ArrayViewD<T>` | are borrowed, in every memory layout |
//! | `&mut Tensor<T>` | `ArrayViewMutD<T>` | are borrowed; copied first if they are shared or not contiguous |
//! | `Tensor<T>` | `ArrayD<T>` | are moved; copied if they are shared, repeated, or do not begin the buffer |
//! | `Array<T, D>` | `Tensor<T>` | are moved, in every memory layout |
//! | `&Array<T, D>`, `ArrayView<T, D>` | `Tensor<T>` | are copied |
//!
//! Elements are shared while a clone or a view of the tensor exists. They are repeated after a broadcast and in
//! [`Tensor::zeros`], which stores one element. A moved array keeps its strides, so one in Fortran order becomes a
//! tensor in Fortran order.
//!
//! ```
//! use autodiff::prelude::*;
//! use ndarray::{ArrayD, ArrayViewD, Axis, Ix2, array};
//!
//! let x = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]); // moved
//! let gradient = grad(&x, |x| x.square().sum());
//!
//! let view = ArrayViewD::from(&gradient); // borrowed
//! assert_eq!(view.sum_axis(Axis(0)).as_slice(), Some(&[8.0, 12.0][..]));
//!
//! let matrix = ArrayD::from(gradient).into_dimensionality::<Ix2>()?; // moved
//! assert_eq!(matrix, array![[2.0, 4.0], [6.0, 8.0]]);
//! # Ok::<(), ndarray::ShapeError>(())
//! ```
//!
//! The feature also makes [`Dual`](crate::Dual) numbers operands beside arrays of dual numbers, as in `&a * x`.

use crate::array::memory::Tensor;
use crate::array::shape::{Shape, TOO_LARGE};
use ndarray::{
    Array, ArrayBase, ArrayD, ArrayView, ArrayViewD, ArrayViewMutD, Data, Dimension, IxDyn, ShapeBuilder, StrideShape,
};

impl<T> Tensor<T> {
    /// The shape with the strides of the layout. An array without elements has none that another library would accept.
    fn strided(&self) -> StrideShape<IxDyn> {
        let shape = IxDyn(self.shape());
        match self.size() {
            0 => shape.into(),
            // Negative strides are passed as the `usize` with the same bits.
            _ => shape.strides(IxDyn(&self.strides().iter().map(|&stride| stride as usize).collect::<Vec<_>>())),
        }
    }

    /// The place in the storage of the element that is stored first. Strides below 0 lead from the tensor's offset to
    /// it.
    fn lowest(&self) -> usize {
        let strides = self.strides();
        let back = self.shape.iter().zip(strides.iter()).map(|(&size, &stride)| {
            let steps = size.saturating_sub(1);
            steps as isize * stride.min(0)
        });
        self.offset.checked_add_signed(back.sum()).expect("a tensor lies inside its storage")
    }
}

/// Borrows the elements.
impl<'a, T> From<&'a Tensor<T>> for ArrayViewD<'a, T> {
    fn from(x: &'a Tensor<T>) -> Self {
        let elements = if x.size() == 0 { &[] } else { &x.data[x.lowest()..] };
        ArrayView::from_shape(x.strided(), elements).expect("a tensor lies inside its storage")
    }
}

/// Borrows the elements; copies them first if they are shared or not contiguous.
impl<'a, T: Copy + Default + Send + Sync + 'static> From<&'a mut Tensor<T>> for ArrayViewMutD<'a, T> {
    fn from(x: &'a mut Tensor<T>) -> Self {
        let shape = IxDyn(x.shape());
        ArrayViewMutD::from_shape(shape, x.as_mut_slice()).expect("the slice holds all elements")
    }
}

/// Moves the elements; copies them if they are shared, repeated, or do not begin the buffer.
impl<T: Clone> From<Tensor<T>> for ArrayD<T> {
    fn from(mut x: Tensor<T>) -> Self {
        let (shape, begins) = (x.strided(), x.size() > 0 && x.lowest() == 0);
        // An array owns each element once, so the strides of a broadcast tensor do not fit one.
        let moved = x.data.unshared().and_then(|elements| {
            let fits = begins && ArrayViewMutD::from_shape(shape.clone(), elements).is_ok();
            fits.then(|| std::mem::take(elements))
        });
        match moved {
            Some(elements) => Array::from_shape_vec(shape, elements).expect("the layout fits: that was checked"),
            None => ArrayViewD::from(&x).to_owned(),
        }
    }
}

/// Moves the elements.
///
/// # Panics
/// Panics if there are too many elements, see [`Shape::checked_size`].
impl<T, D: Dimension> From<Array<T, D>> for Tensor<T> {
    #[track_caller]
    fn from(array: Array<T, D>) -> Self {
        let (shape, strides) = (shape_of(&array), array.strides().iter().copied().collect());
        let (elements, offset) = array.into_raw_vec_and_offset();
        Self::strided_from(shape, strides, offset.unwrap_or(0), elements)
    }
}

/// Copies the elements.
///
/// # Panics
/// Panics if there are too many elements, see [`Shape::checked_size`].
impl<T: Clone, D: Dimension, S: Data<Elem = T>> From<&ArrayBase<S, D>> for Tensor<T> {
    #[track_caller]
    fn from(array: &ArrayBase<S, D>) -> Self {
        Self::contiguous_from(shape_of(array), array.iter().cloned().collect())
    }
}

/// Copies the elements.
///
/// # Panics
/// Panics if there are too many elements, see [`Shape::checked_size`].
impl<T: Clone, D: Dimension> From<ArrayView<'_, T, D>> for Tensor<T> {
    #[track_caller]
    fn from(view: ArrayView<'_, T, D>) -> Self {
        Self::from(&view)
    }
}

#[track_caller]
fn shape_of<S: Data, D: Dimension>(array: &ArrayBase<S, D>) -> Shape {
    let shape = Shape::from(array.shape());
    assert!(shape.checked_size().is_some(), "Tensor::from: {shape}: {TOO_LARGE}");
    shape
}
