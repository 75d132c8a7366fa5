//! Systems of linear equations, determinants, and decompositions of matrices.

use super::linear_algebra::LinearAlgebra;
use super::math::Math;
use super::structural::Structural;
use crate::algebra::op::{Decomposition, Factors, Op, Triangle};
use crate::algebra::value::{Operand, Reading, broadcast};
use crate::array::{Axes, Number, Shape, ShapeError, Tensor};
use std::fmt;

/// Systems of linear equations, determinants, and decompositions of matrices, with derivatives of every order.
///
/// The functions act on the last two axes; the axes before them are batch axes. The library `faer` decomposes in the
/// precision of the elements, `f32` or `f64`. Dual numbers as elements are decomposed by their values, and the rules push
/// their tangents.
///
/// [`kinks`](crate::kinks) lists where a decomposition has no derivative, as for equal eigenvalues.
///
/// # Panics
/// Each function panics at the caller's line if the shapes do not fit, or if a matrix is singular or not positive definite
/// where it must not be. A function whose name begins with `try_` returns a [`MatrixError`] instead. A NaN in a matrix is
/// no error: it makes the result NaN.
///
/// ```
/// use autodiff::prelude::*;
/// let a = Tensor::from([[4.0, 1.0], [1.0, 3.0]]);
/// let b = Tensor::from([1.0, 2.0]);
/// assert_close(&a.matmul(&a.solve(&b)), &b, 1e-15);
/// // The gradient of ln det A is A⁻ᵀ.
/// assert_close(&grad(&a, |a| a.log_det()), &a.inverse().t(), 1e-15);
/// ```
pub trait Decompositions: Reading {
    /// The solution x of the system A·x = b, for this matrix A: \[…, n, n\] × \[n\] → \[…, n\] or
    /// \[…, n, n\] × \[…, n, k\] → \[…, n, k\].
    ///
    /// Batch axes are broadcast. By the LU decomposition with row exchanges, which a backward pass uses again.
    ///
    /// # Panics
    /// Panics if a matrix is singular: if a pivot is exactly 0.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let a = Tensor::from([[2.0, 0.0], [0.0, 4.0]]);
    /// assert_eq!(a.solve(&Tensor::from([1.0, 1.0])).to_vec(), [0.5, 0.25]);
    /// ```
    #[track_caller]
    fn solve(&self, rhs: impl Operand<Self>) -> Self {
        or_panic(solve(self, &rhs.cast(self)))
    }

    /// Does the same as [`solve`](Decompositions::solve), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the shapes do not fit or a matrix is singular.
    #[track_caller]
    fn try_solve(&self, rhs: &Self) -> Result<Self, MatrixError> {
        solve(self, rhs)
    }

    /// The solution x of the system T·x = b, where T is one triangle of this matrix; shapes as for
    /// [`solve`](Decompositions::solve). For the transposed system, transpose the matrix and take the other triangle: no
    /// elements are copied.
    ///
    /// # Panics
    /// Panics if an element of the diagonal is 0.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let l = Tensor::from([[2.0, 0.0], [1.0, 1.0]]);
    /// assert_eq!(l.triangular_solve(Triangle::Lower, &Tensor::from([2.0, 3.0])).to_vec(), [1.0, 2.0]);
    /// assert_eq!(l.t().triangular_solve(Triangle::Upper, &Tensor::from([3.0, 1.0])).to_vec(), [1.0, 1.0]);
    /// ```
    #[track_caller]
    fn triangular_solve(&self, triangle: Triangle, rhs: impl Operand<Self>) -> Self {
        or_panic(triangular_solve(self, triangle, &rhs.cast(self)))
    }

    /// Does the same as [`triangular_solve`](Decompositions::triangular_solve), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the shapes do not fit or an element of the diagonal is 0.
    #[track_caller]
    fn try_triangular_solve(&self, triangle: Triangle, rhs: &Self) -> Result<Self, MatrixError> {
        triangular_solve(self, triangle, rhs)
    }

    /// The inverse of each matrix: \[…, n, n\] → \[…, n, n\]. A⁻¹·b is faster and more accurate as
    /// [`a.solve(&b)`](Decompositions::solve).
    ///
    /// # Panics
    /// Panics if a matrix is singular.
    #[track_caller]
    fn inverse(&self) -> Self {
        or_panic(self.try_inverse())
    }

    /// Does the same as [`inverse`](Decompositions::inverse), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the shape does not fit or a matrix is singular.
    #[track_caller]
    fn try_inverse(&self) -> Result<Self, MatrixError> {
        let shape = square("inverse", self)?;
        let identity = self.lift(&Tensor::eye(shape[shape.rank() - 1]));
        let inverse = Self::apply(
            &Decomposition::Solve { transpose: false, factors: Factors::default() }.into(),
            &[self, &broadcast(&identity, &shape)],
        );
        checked("inverse", "is singular", inverse, &[self])
    }

    /// The lower triangular factor L of A = L·Lᵀ: \[…, n, n\] → \[…, n, n\]. Only the symmetric part (A + Aᵀ)/2 is used,
    /// so derivatives by A are symmetric.
    ///
    /// # Panics
    /// Panics if a matrix is not positive definite.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let l = Tensor::from([[4.0, 2.0], [2.0, 5.0]]).cholesky();
    /// assert_eq!(l, Tensor::from([[2.0, 0.0], [1.0, 2.0]]));
    /// ```
    #[track_caller]
    fn cholesky(&self) -> Self {
        or_panic(self.try_cholesky())
    }

    /// Does the same as [`cholesky`](Decompositions::cholesky), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the shape does not fit or a matrix is not positive definite.
    #[track_caller]
    fn try_cholesky(&self) -> Result<Self, MatrixError> {
        square("cholesky", self)?;
        let factor = Self::apply(&Decomposition::Cholesky.into(), &[self]);
        checked("cholesky", "is not positive definite", factor, &[self])
    }

    /// The determinant of each matrix: \[…, n, n\] → \[…\]. The determinant of a singular matrix is 0 up to rounding, and
    /// its derivatives of every order are right too.
    #[track_caller]
    fn det(&self) -> Self {
        or_panic(det(self))
    }

    /// ln |det A| for each matrix, without overflow: \[…, n, n\] → \[…\]. For a positive definite matrix,
    /// `a.cholesky().diagonal().ln().sum_axis(-1) * 2.0` takes half the time.
    ///
    /// # Panics
    /// Panics if a matrix is singular.
    #[track_caller]
    fn log_det(&self) -> Self {
        or_panic(self.try_log_det())
    }

    /// Does the same as [`log_det`](Decompositions::log_det), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the shape does not fit or a matrix is singular.
    #[track_caller]
    fn try_log_det(&self) -> Result<Self, MatrixError> {
        let shape = square("log_det", self)?;
        let y = Self::apply(&Decomposition::LogDet(Factors::default()).into(), &[self]);
        match y.primal().iter().position(|y| y.to_f64() == f64::NEG_INFINITY) {
            Some(matrix) => Err(MatrixError::of_matrix("log_det", &shape, matrix, "is singular")),
            None => Ok(y),
        }
    }

    /// The factors of A = Q·R with k = min(m, n): Q of shape \[…, m, k\] has orthonormal columns, and R of shape
    /// \[…, k, n\] is upper triangular without a negative element on its diagonal.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let a = Tensor::from([[3.0, 1.0], [4.0, 2.0], [0.0, 5.0]]);
    /// let (q, r) = a.qr();
    /// assert_close(&q.matmul(&r), &a, 1e-15);
    /// assert_close(&q.t_matmul(&q), &Tensor::eye(2), 1e-15);
    /// ```
    #[track_caller]
    fn qr(&self) -> (Self, Self) {
        let [m, n] = or_panic(matrix("qr", self));
        if m < n {
            let (q, r) = self.slice(-1, 0, m).qr();
            let rest = q.t_matmul(&self.slice(-1, m, n));
            return (q.clone(), Self::concat(-1, &[&r, &rest]));
        }
        let rows = Self::apply(&Decomposition::Qr.into(), &[self]);
        (rows.slice(-1, 0, m).t(), rows.slice(-1, m, m + n))
    }

    /// The eigenvalues w of the symmetric part (A + Aᵀ)/2 in ascending order, and the matrix V whose columns are their
    /// orthonormal vectors: \[…, n, n\] → \[…, n\] and \[…, n, n\]. So A = V·diag(w)·Vᵀ for a symmetric A.
    ///
    /// The sign of a vector is arbitrary, and so is the choice of vectors for equal eigenvalues; a loss should not depend on
    /// either.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let a = Tensor::from([[2.0, 1.0], [1.0, 2.0]]);
    /// let (w, v) = a.eigh();
    /// assert_close(&w, &Tensor::from([1.0, 3.0]), 1e-15);
    /// assert_close(&((v.clone() * &w.unsqueeze(-2)).matmul_t(&v)), &a, 1e-15);
    /// ```
    #[track_caller]
    fn eigh(&self) -> (Self, Self) {
        let shape = or_panic(square("eigh", self));
        let rows = Self::apply(&Decomposition::Eigh.into(), &[self]);
        (rows.slice(-1, 0, 1).squeeze(-1), rows.slice(-1, 1, 1 + shape[shape.rank() - 1]).t())
    }

    /// The factors of A = U·diag(s)·Vᵀ with k = min(m, n), as (U, s, V): \[…, m, k\], \[…, k\] and \[…, n, k\]. The columns
    /// of U and V are orthonormal, and the singular values s are in descending order.
    ///
    /// The common sign of two vectors is arbitrary, and so is the choice of vectors for equal singular values; a loss should
    /// not depend on either.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let a = Tensor::from([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]]);
    /// let (u, s, v) = a.svd();
    /// assert_close(&s, &Tensor::from([2.0, 1.0]), 1e-15);
    /// assert_close(&((u * &s.unsqueeze(-2)).matmul_t(&v)), &a, 1e-15);
    /// ```
    #[track_caller]
    fn svd(&self) -> (Self, Self, Self) {
        let [m, n] = or_panic(matrix("svd", self));
        if m < n {
            let (v, s, u) = self.t().svd();
            return (u, s, v);
        }
        svd_of_tall(self, [m, n])
    }

    /// The singular values in descending order: \[…, m, n\] → \[…, min(m, n)\].
    #[track_caller]
    fn singular_values(&self) -> Self {
        or_panic(matrix("singular_values", self));
        self.svd().1
    }
}

impl<V: Reading> Decompositions for V {}

fn svd_of_tall<V: Reading>(a: &V, [m, n]: [usize; 2]) -> (V, V, V) {
    let rows = V::apply(&Decomposition::Svd.into(), &[a]);
    let part = |start, end| rows.slice(-1, start, end);
    (part(1, 1 + m).t(), part(0, 1).squeeze(-1), part(1 + m, 1 + m + n).t())
}

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
        /// What the matrix is, such as «is singular»
        reason: &'static str,
    },
}

impl MatrixError {
    fn of_matrix(function: &str, shape: &Shape, matrix: usize, reason: &'static str) -> Self {
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
fn or_panic<T>(result: Result<T, MatrixError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// The rows and columns of a matrix.
fn matrix<V: Reading>(name: &str, x: &V) -> Result<[usize; 2], MatrixError> {
    let shape = x.shape();
    match shape.last_chunk() {
        Some(&sizes) => Ok(sizes),
        None => Err(ShapeError::new(name, [&shape], "a matrix is needed, which has rank 2 or more").into()),
    }
}

/// The shape of square matrices.
fn square<V: Reading>(name: &str, x: &V) -> Result<Shape, MatrixError> {
    let (shape, [m, n]) = (x.shape(), matrix(name, x)?);
    match m == n {
        true => Ok(shape),
        false => Err(ShapeError::new(name, [&shape], "a square matrix is needed").into()),
    }
}

/// The result, unless a matrix of it begins with NaN although no operand holds one: a kernel fills the result of a matrix
/// that it cannot decompose with NaN.
fn checked<V: Reading>(name: &str, reason: &'static str, y: V, x: &[&V]) -> Result<V, MatrixError> {
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

#[track_caller]
fn solve<V: Reading>(a: &V, b: &V) -> Result<V, MatrixError> {
    let op = Decomposition::Solve { transpose: false, factors: Factors::default() };
    let (a, b, system) = System::new("solve", a, b)?;
    let x = V::apply(&op.into(), &[&a, &b]);
    Ok(system.restore(checked("solve", "is singular", x, &[&a, &b])?))
}

#[track_caller]
fn triangular_solve<V: Reading>(a: &V, triangle: Triangle, b: &V) -> Result<V, MatrixError> {
    const NAME: &str = "triangular_solve";
    let (a, b, system) = System::new(NAME, a, b)?;
    let diagonal = a.primal().diagonal();
    if let Some(place) = diagonal.iter().position(|x| x.to_f64() == 0.0) {
        let n = diagonal.shape()[diagonal.shape().rank() - 1];
        return Err(MatrixError::of_matrix(NAME, &a.primal().shape().clone(), place / n, "is singular"));
    }
    Ok(system.restore(V::apply(&Decomposition::TriangularSolve(triangle).into(), &[&a, &b])))
}

/// How the operands of a system of equations were changed to equal batch axes.
struct System {
    /// Whether the right side is a vector
    is_vector: bool,
    /// The shape of a batch of right sides that became columns of one
    folded: Option<Shape>,
}

impl System {
    /// The matrix and the right sides with equal batch axes.
    #[track_caller]
    fn new<V: Reading>(name: &str, a: &V, b: &V) -> Result<(V, V, Self), MatrixError> {
        let given = [a.shape(), b.shape()];
        let error = |reason: String| MatrixError::from(ShapeError::new(name, &given, reason));
        let Some((a_batch, &[rows, n])) = given[0].split_last_chunk() else {
            return Err(error("a matrix is needed, which has rank 2 or more".into()));
        };
        if rows != n {
            return Err(error("a square matrix is needed".into()));
        }
        let is_vector = given[1].rank() == 1;
        let b = if is_vector { b.unsqueeze(-1) } else { b.clone() };
        let b_shape = b.shape();
        let Some((b_batch, &[b_rows, k])) = b_shape.split_last_chunk() else {
            return Err(error("the right side is a vector or a matrix".into()));
        };
        if b_rows != n {
            return Err(error(format!("the matrix has {n} rows and the right side has {b_rows}")));
        }
        if a_batch == b_batch {
            return Ok((a.clone(), b, Self { is_vector, folded: None }));
        }
        if a_batch.is_empty() {
            let folded = rows_first(&b).reshape([n, b_batch.iter().product::<usize>() * k]);
            return Ok((a.clone(), folded, Self { is_vector, folded: Some(b_shape) }));
        }
        let Some(batch) = Shape::from(a_batch).broadcast(&b_batch.into()) else {
            return Err(error("the batch axes do not broadcast".into()));
        };
        let with_batch = |sizes: [usize; 2]| batch.iter().copied().chain(sizes).collect::<Shape>();
        let (a, b) = (broadcast(a, &with_batch([n, n])), broadcast(&b, &with_batch([n, k])));
        Ok((a, b, Self { is_vector, folded: None }))
    }

    /// The solutions in the shape of the right sides.
    fn restore<V: Reading>(self, x: V) -> V {
        let x = match self.folded {
            None => x,
            Some(shape) => {
                let (batch, last) = (shape.rank() - 2, shape[shape.rank() - 1]);
                let rows_first: Shape =
                    [shape[batch]].into_iter().chain(shape[..batch].iter().copied()).chain([last]).collect();
                let back: Axes<usize> = (1..=batch).chain([0, batch + 1]).collect();
                x.reshape(rows_first).permute(&back)
            }
        };
        if self.is_vector { x.squeeze(-1) } else { x }
    }
}

/// \[…, n, k\] → \[n, …, k\].
fn rows_first<V: Reading>(b: &V) -> V {
    let batch = b.shape().rank() - 2;
    b.permute(&[batch].into_iter().chain(0..batch).chain([batch + 1]).collect::<Vec<_>>())
}

#[track_caller]
fn det<V: Reading>(a: &V) -> Result<V, MatrixError> {
    let shape = square("det", a)?;
    let factors = Factors::default();
    let y = V::apply(&Decomposition::Det(factors.clone()).into(), &[a]);
    let is_regular = factors.smallest_pivot() > V::Elem::EPSILON * shape[shape.rank() - 1] as f64;
    Ok(if is_regular { y } else { det_of_singular(a, shape[shape.rank() - 1]) })
}

/// The determinant of matrices of which one is singular up to rounding.
///
/// In the coordinates of the singular vectors, which are constants here, a matrix is a regular block beside a block of
/// zeros. The determinant is that of the regular block times that of its Schur complement, which is computed without
/// division. So all derivatives are right, although A⁻¹ does not exist.
fn det_of_singular<V: Reading>(a: &V, n: usize) -> V {
    let (u, s, v) = svd_of_tall(&a.detach(), [n, n]);
    let rank = smallest_rank(&s.primal());
    let rotated = u.t_matmul(&a.matmul(&v));
    let block =
        |rows: [usize; 2], columns: [usize; 2]| rotated.slice(-2, rows[0], rows[1]).slice(-1, columns[0], columns[1]);
    let (large, small) = ([0, rank], [rank, n]);
    let factors = Factors::default();
    let regular = block(large, large);
    let solve: Op = Decomposition::Solve { transpose: false, factors: factors.clone() }.into();
    let eliminated = block(small, large).matmul(&V::apply(&solve, &[&regular, &block(large, small)]));
    let complement = block(small, small) - eliminated;
    let det = |a: &V, factors: Factors| V::apply(&Decomposition::Det(factors).into(), &[a]);
    let sign = (det(&u, Factors::default()) * det(&v, Factors::default())).sign();
    det(&regular, factors) * &det_without_division(&complement, n - rank) * &sign
}

/// The smallest rank of a batch of matrices with these singular values.
fn smallest_rank<T: crate::algebra::value::Element>(s: &Tensor<T>) -> usize {
    let n = s.shape()[s.shape().rank() - 1];
    let s: Vec<f64> = s.iter().map(|s| s.to_f64()).collect();
    let rank = |s: &[f64]| s.iter().filter(|&&x| x > s[0] * T::EPSILON * n as f64).count();
    s.chunks_exact(n).map(rank).min().unwrap_or(n)
}

/// The determinant by Bird's algorithm: «A simple division-free algorithm for computing determinants» (2011).
fn det_without_division<V: Reading>(a: &V, n: usize) -> V {
    let mut f = a.clone();
    for _ in 1..n {
        let diagonal = f.diagonal();
        // Element i is the sum of the diagonal elements behind i.
        let behind = diagonal.flip(-1).cumsum(-1).flip(-1) - &diagonal;
        f = (f.triu(1) - &behind.diagonal_matrix()).matmul(a);
    }
    let corner = f.index_axis(-1, 0).index_axis(-1, 0);
    if n.is_multiple_of(2) { corner.neg() } else { corner }
}
