//! Systems of linear equations, determinants, and decompositions of matrices.

mod determinant;
mod error;
mod system;

use super::linear_algebra::LinearAlgebra;
use super::structural::Structural;
use crate::algebra::op::{Decomposition, Factors, Triangle};
use crate::algebra::value::{Operand, Reading, broadcast};
use crate::array::Number;
use determinant::det;
pub use error::MatrixError;
use error::{checked, matrix, or_panic, square};
use system::{solve, triangular_solve};

/// Systems of linear equations, determinants, and decompositions of matrices, with derivatives of every order.
///
/// The functions act on the last two axes; the axes before them are batch axes. The library `faer` decomposes in the
/// precision of the elements, `f32` or `f64`. Dual numbers as elements are decomposed by their values, and the rules
/// push their tangents.
///
/// [`kinks`](crate::kinks) lists where a decomposition has no derivative, as for equal eigenvalues.
///
/// # Panics
/// Each function panics at the caller's line if the shapes do not fit, or if a matrix is singular or not positive
/// definite where it must not be. A function whose name begins with `try_` returns a [`MatrixError`] instead. A NaN in
/// a matrix is no error: it makes the result NaN.
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
    /// [`solve`](Decompositions::solve). For the transposed system, transpose the matrix and take the other triangle:
    /// no elements are copied.
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
        let identity = self.identity(shape[shape.rank() - 1]);
        let inverse = Self::apply(
            &Decomposition::Solve { transpose: false, factors: Factors::default() }.into(),
            &[self, &broadcast(&identity, &shape)],
        );
        checked("inverse", "is singular", inverse, &[self])
    }

    /// The lower triangular factor L of A = L·Lᵀ: \[…, n, n\] → \[…, n, n\]. Only the symmetric part (A + Aᵀ)/2 is
    /// used, so derivatives with respect to A are symmetric.
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

    /// The determinant of each matrix: \[…, n, n\] → \[…\]. The determinant of a singular matrix is 0 up to rounding,
    /// and its derivatives are right too, at every order; so are those of a nearly singular one, to the third order.
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
    /// The sign of a vector is arbitrary, and so is the choice of vectors for equal eigenvalues; a loss should not
    /// depend on either.
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

    /// The factors of A = U·diag(s)·Vᵀ with k = min(m, n), as (U, s, V): \[…, m, k\], \[…, k\] and \[…, n, k\]. The
    /// columns of U and V are orthonormal, and the singular values s are in descending order.
    ///
    /// The common sign of two vectors is arbitrary, and so is the choice of vectors for equal singular values; a loss
    /// should not depend on either.
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
