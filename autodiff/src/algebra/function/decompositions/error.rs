//! The error of a function of matrices, and the checks that return it.

use crate::algebra::function::structural::Structural;
use crate::algebra::value::Reading;
use crate::array::{Number, Shape, ShapeError, Tensor};
use std::fmt;

/// The error of a function of matrices, with the function, the shapes and the reason.
///
/// ```
/// use autodiff::prelude::*;
/// let singular = Tensor::from([[1.0, 2.0], [2.0, 4.0]]);
/// assert_eq!(singular.try_inverse().unwrap_err().to_string(), "inverse: [2, 2]: the matrix is singular");
/// let batch = Tensor::stack(0, &[&Tensor::<f64>::eye(2), &-Tensor::eye(2)]);
/// let message = "cholesky: [2, 2, 2]: matrix 1 of the batch is not positive definite";
/// assert_eq!(batch.try_cholesky().unwrap_err().to_string(), message);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatrixError {
    /// The shapes do not fit
    Shape(ShapeError),
    /// A matrix lacks a property that the function needs
    Matrix {
        /// The name of the function
        function: String,
        /// The shape of the matrices, with their batch axes
        shape: Shape,
        /// The place of the first such matrix, in row-major order along the batch axes
        matrix: usize,
        /// What the matrix is, such as “is singular”
        reason: &'static str,
    },
}

impl MatrixError {
    pub(super) fn of_matrix(function: &str, shape: &Shape, matrix: usize, reason: &'static str) -> Self {
        Self::Matrix { function: function.into(), shape: shape.clone(), matrix, reason }
    }
}

impl From<ShapeError> for MatrixError {
    fn from(error: ShapeError) -> Self {
        Self::Shape(error)
    }
}

impl fmt::Display for MatrixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(error) => error.fmt(f),
            Self::Matrix { function, shape, reason, .. } if shape.rank() == 2 => {
                write!(f, "{function}: {shape}: the matrix {reason}")
            }
            Self::Matrix { function, shape, matrix, reason } => {
                write!(f, "{function}: {shape}: matrix {matrix} of the batch {reason}")
            }
        }
    }
}

impl std::error::Error for MatrixError {}

#[track_caller]
pub(super) fn or_panic<T>(result: Result<T, MatrixError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// The rows and columns of a matrix.
pub(super) fn matrix<V: Reading>(name: &str, x: &V) -> Result<[usize; 2], MatrixError> {
    let shape = x.shape();
    match shape.last_chunk() {
        Some(&sizes) => Ok(sizes),
        None => Err(ShapeError::new(name, [&shape], "a matrix is needed, which has rank 2 or more").into()),
    }
}

/// The shape of square matrices.
pub(super) fn square<V: Reading>(name: &str, x: &V) -> Result<Shape, MatrixError> {
    let (shape, [m, n]) = (x.shape(), matrix(name, x)?);
    match m == n {
        true => Ok(shape),
        false => Err(ShapeError::new(name, [&shape], "a square matrix is needed").into()),
    }
}

/// The result, unless a matrix of it begins with NaN although no operand holds one: a kernel fills the result of a matrix
/// that it cannot decompose with NaN.
pub(super) fn checked<V: Reading>(name: &str, reason: &'static str, y: V, x: &[&V]) -> Result<V, MatrixError> {
    let numbers = y.primal();
    let is_empty = numbers.size() == 0;
    let first = |x: &Tensor<V::Elem>| x.slice(-1, 0, 1).slice(-2, 0, 1);
    let failed = if is_empty { None } else { first(&numbers).iter().position(|y| y.to_f64().is_nan()) };
    let has_nan = |x: &&V| x.primal().iter().any(|x| x.to_f64().is_nan());
    match failed.filter(|_| !x.iter().any(has_nan)) {
        Some(matrix) => Err(MatrixError::of_matrix(name, &x[0].primal().shape().clone(), matrix, reason)),
        None => Ok(y),
    }
}
