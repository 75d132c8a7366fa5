//! Tensors from and to the matrices and vectors of the crate `nalgebra` 0.35 (feature `nalgebra`).
//!
//! | from | to | elements |
//! |---|---|---|
//! | `DMatrix<T>`, `DVector<T>` | `Tensor<T>` | are moved |
//! | `SMatrix<T, R, C>`, `SVector<T, N>` | `Tensor<T>` | are copied |
//! | `&Matrix<T, R, C, S>`: each kind of matrix, vector and view | `Tensor<T>` | are copied |
//! | `Tensor<T>` | `DMatrix<T>`, `DVector<T>` | are moved if they are not shared and stored by columns without gaps; else copied |
//! | `&Tensor<T>` | `DMatrix<T>`, `DVector<T>` | are copied |
//! | `Tensor<T>`, `&Tensor<T>` | `SMatrix<T, R, C>`, `SVector<T, N>` | are copied |
//!
//! `nalgebra` stores a matrix by columns. So a moved `DMatrix` becomes a tensor that is the transpose of a contiguous
//! one, and such a tensor, or the [transpose](crate::Structural::t) of a contiguous one, is moved back. Only a
//! vector type becomes a tensor with one axis: `DVector`, and an `SMatrix` with one column, since that is the type
//! `SVector`. All others become \[rows, columns\].
//!
//! Conversions to `nalgebra` return a [`ShapeError`] if the tensor has another number of axes, or other sizes than the
//! type.
//!
//! ```
//! use autodiff::prelude::*;
//! use nalgebra::{DMatrix, Matrix2x3, Vector3};
//!
//! let x = Tensor::from(DMatrix::from_row_slice(2, 2, &[2.0, 1.0, 1.0, 3.0])); // moved
//! let gradient = grad(&x, |x| x.square().sum());
//! let inverse = DMatrix::try_from(gradient)?.try_inverse().expect("regular");
//! assert_eq!(inverse.shape(), (2, 2));
//!
//! let w = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
//! let product = Matrix2x3::try_from(&w)? * Vector3::new(1.0, 0.0, -1.0);
//! assert_eq!(Tensor::from(product), Tensor::from([-2.0, -2.0]));
//! let error = Vector3::try_from(&w).unwrap_err();
//! assert_eq!(error.to_string(), "SMatrix::try_from: [2, 3]: a tensor of shape [3, 1] or [3] was expected");
//! # Ok::<(), autodiff::ShapeError>(())
//! ```
//!
//! The feature also makes [`Dual`](crate::Dual) numbers elements of these matrices, so that factorisations, solutions
//! and norms are differentiated.

use crate::array::axes::Axes;
use crate::array::memory::Tensor;
use crate::array::shape::{Shape, ShapeError};
use nalgebra::{DMatrix, DVector, Dim, Matrix, RawStorage, SMatrix, Scalar};

/// The strides of a matrix that is stored by columns without gaps.
fn by_columns(rows: usize) -> Axes<isize> {
    [1, rows as isize][..].into()
}

/// Moves the elements.
impl<T: Scalar> From<DMatrix<T>> for Tensor<T> {
    fn from(matrix: DMatrix<T>) -> Self {
        let (rows, columns) = matrix.shape();
        Self::strided_from([rows, columns].into(), by_columns(rows), 0, matrix.data.into())
    }
}

/// Moves the elements.
impl<T: Scalar> From<DVector<T>> for Tensor<T> {
    fn from(vector: DVector<T>) -> Self {
        Self::contiguous_from([vector.len()].into(), vector.data.into())
    }
}

/// Copies the elements. A matrix with one column is a vector, so its tensor has one axis.
impl<T: Scalar, const R: usize, const C: usize> From<SMatrix<T, R, C>> for Tensor<T> {
    fn from(matrix: SMatrix<T, R, C>) -> Self {
        Self::from(&matrix)
    }
}

/// Copies the elements, in row-major order. A vector type, with one column, becomes a tensor with one axis.
impl<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>> From<&Matrix<T, R, C, S>> for Tensor<T> {
    fn from(matrix: &Matrix<T, R, C, S>) -> Self {
        let (rows, columns) = matrix.shape();
        let shape = match C::try_to_usize() {
            Some(1) => Shape::from([rows]),
            _ => [rows, columns].into(),
        };
        let elements = (0..rows).flat_map(|i| (0..columns).map(move |j| matrix[(i, j)].clone()));
        Self::contiguous_from(shape, elements.collect())
    }
}

impl<T: Scalar> Tensor<T> {
    /// The elements by columns without gaps, for a matrix of a type with the name in messages.
    fn into_columns(mut self, name: &str, rank: usize) -> Result<(Shape, Vec<T>), ShapeError> {
        let shape = self.shape().clone();
        if shape.rank() != rank {
            let expected = if rank == 1 { "one axis" } else { "two axes, [rows, columns]," };
            return Err(ShapeError::new(name, [&shape], format!("a tensor with {expected} was expected")));
        }
        let strides = if rank == 1 { [1][..].into() } else { by_columns(shape[0]) };
        let fits = self.offset == 0
            && shape.iter().zip(self.strides().iter().zip(&*strides)).all(|(&n, (a, b))| n == 1 || a == b);
        let size = shape.known_size();
        let moved = self.data.unshared().filter(|_| fits).map(std::mem::take);
        let elements = moved.map(|mut elements| {
            elements.truncate(size);
            elements
        });
        Ok((shape, elements.unwrap_or_else(|| self.columns())))
    }

    /// A copy of the elements of a vector or matrix, by columns.
    fn columns(&self) -> Vec<T> {
        let reversed = (0..self.shape.rank()).rev().collect::<Vec<_>>();
        self.permute_view(&reversed).refs().cloned().collect()
    }
}

/// Moves the elements if they are not shared and stored by columns without gaps; else copies them.
///
/// # Errors
/// Returns an error unless the tensor has two axes.
impl<T: Scalar> TryFrom<Tensor<T>> for DMatrix<T> {
    type Error = ShapeError;

    fn try_from(x: Tensor<T>) -> Result<Self, ShapeError> {
        let (shape, columns) = x.into_columns("DMatrix::try_from", 2)?;
        Ok(Self::from_vec(shape[0], shape[1], columns))
    }
}

/// Copies the elements.
///
/// # Errors
/// Returns an error unless the tensor has two axes.
impl<T: Scalar> TryFrom<&Tensor<T>> for DMatrix<T> {
    type Error = ShapeError;

    fn try_from(x: &Tensor<T>) -> Result<Self, ShapeError> {
        x.clone().try_into()
    }
}

/// Moves the elements if they are contiguous and not shared; else copies them.
///
/// # Errors
/// Returns an error unless the tensor has one axis.
impl<T: Scalar> TryFrom<Tensor<T>> for DVector<T> {
    type Error = ShapeError;

    fn try_from(x: Tensor<T>) -> Result<Self, ShapeError> {
        let (_, elements) = x.into_columns("DVector::try_from", 1)?;
        Ok(Self::from_vec(elements))
    }
}

/// Copies the elements.
///
/// # Errors
/// Returns an error unless the tensor has one axis.
impl<T: Scalar> TryFrom<&Tensor<T>> for DVector<T> {
    type Error = ShapeError;

    fn try_from(x: &Tensor<T>) -> Result<Self, ShapeError> {
        x.clone().try_into()
    }
}

/// Copies the elements.
///
/// # Errors
/// Returns an error unless the tensor has the shape \[R, C\], or \[R\] if C is 1.
impl<T: Scalar, const R: usize, const C: usize> TryFrom<&Tensor<T>> for SMatrix<T, R, C> {
    type Error = ShapeError;

    fn try_from(x: &Tensor<T>) -> Result<Self, ShapeError> {
        let shape = x.shape();
        if **shape == [R, C] || C == 1 && **shape == [R] {
            return Ok(Self::from_iterator(x.columns()));
        }
        let vector = if C == 1 { format!(" or [{R}]") } else { String::new() };
        let reason = format!("a tensor of shape [{R}, {C}]{vector} was expected");
        Err(ShapeError::new("SMatrix::try_from", [shape], reason))
    }
}

/// Copies the elements.
///
/// # Errors
/// Returns an error unless the tensor has the shape \[R, C\], or \[R\] if C is 1.
impl<T: Scalar, const R: usize, const C: usize> TryFrom<Tensor<T>> for SMatrix<T, R, C> {
    type Error = ShapeError;

    fn try_from(x: Tensor<T>) -> Result<Self, ShapeError> {
        Self::try_from(&x)
    }
}
