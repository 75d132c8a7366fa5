//! Decompositions of matrices and systems of linear equations, as data.

use crate::array::Shape;
use std::any::Any;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A decomposition of the matrices along the last two axes, or a system of equations with them.
///
/// A decomposition of several factors has one result, whose rows belong together: row i holds the i-th eigenvalue and its
/// vector, for one. The named functions cut it into the factors, without a copy.
#[derive(Clone, Debug)]
pub enum Decomposition {
    /// The lower triangular factor L of the symmetric part of A, A = L·Lᵀ: \[…, n, n\] → \[…, n, n\].
    Cholesky,
    /// The solution X of A·X = B, where A is the triangle of x₀ and B is x₁: \[…, n, n\] × \[…, n, k\] → \[…, n, k\].
    TriangularSolve(Triangle),
    /// The solution X of A·X = B or Aᵀ·X = B by the LU decomposition: \[…, n, n\] × \[…, n, k\] → \[…, n, k\].
    Solve {
        /// Whether x₀ is read with its last two axes exchanged
        transpose: bool,
        /// The LU decomposition of x₀, which the rules use again
        factors: Factors,
    },
    /// The determinant, by the LU decomposition: \[…, n, n\] → \[…\].
    Det(Factors),
    /// ln |det A|, by the LU decomposition: \[…, n, n\] → \[…\].
    LogDet(Factors),
    /// The factors of A = Q·R for m ≥ n: \[…, m, n\] → \[…, n, m + n\]. Row i is column i of Q and row i of R.
    Qr,
    /// The eigenvalues of the symmetric part of A, in ascending order: \[…, n, n\] → \[…, n, 1 + n\]. Row i is the i-th
    /// eigenvalue and its vector.
    Eigh,
    /// The singular values in descending order, for m ≥ n: \[…, m, n\] → \[…, n, 1 + m + n\]. Row i is the i-th singular
    /// value, its left vector and its right vector.
    Svd,
}

/// The triangle of a matrix that is read. The elements outside of it are not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triangle {
    /// The diagonal and the elements below it
    Lower,
    /// The diagonal and the elements above it
    Upper,
}

impl Triangle {
    /// The triangle of the transposed matrix.
    pub(crate) fn transposed(self) -> Self {
        match self {
            Self::Lower => Self::Upper,
            Self::Upper => Self::Lower,
        }
    }
}

/// The LU decomposition of the operand, once it is computed. An operation shares it with those that its rules apply to the
/// same matrix, so a backward pass does not decompose again.
#[derive(Clone, Default)]
pub struct Factors(Arc<OnceLock<Box<dyn Factored>>>);

/// A decomposition that is kept, together with the matrix.
pub(crate) trait Factored: Any + Send + Sync {
    /// The smallest pivot of any matrix, in units of its largest pivot.
    fn smallest_pivot(&self) -> f64;
}

impl Factors {
    /// The decomposition if it belongs to this matrix, as `is_of` decides.
    pub(crate) fn find<F: Factored>(&self, is_of: impl Fn(&F) -> bool) -> Option<&F> {
        let factored: &dyn Any = &**self.0.get()?;
        factored.downcast_ref().filter(|factored| is_of(factored))
    }

    /// Keeps a decomposition, unless one is kept already.
    pub(crate) fn keep(&self, factored: impl Factored) {
        let _ = self.0.set(Box::new(factored));
    }

    /// As [`Factored::smallest_pivot`]; 1 if nothing is kept.
    pub(crate) fn smallest_pivot(&self) -> f64 {
        self.0.get().map_or(1.0, |factored| factored.smallest_pivot())
    }
}

impl fmt::Debug for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Factors")
    }
}

impl Decomposition {
    pub(crate) fn arity(&self) -> usize {
        match self {
            Self::TriangularSolve(_) | Self::Solve { .. } => 2,
            Self::Cholesky | Self::Det(_) | Self::LogDet(_) | Self::Qr | Self::Eigh | Self::Svd => 1,
        }
    }

    /// The shape of the result, or what the shapes lack.
    pub(crate) fn infer(&self, x: &[&Shape]) -> Result<Shape, String> {
        let Some((batch, &[m, n])) = x[0].split_last_chunk() else {
            return Err("a matrix is needed, which has rank 2 or more".into());
        };
        let is_for_any_shape = matches!(self, Self::Qr | Self::Svd);
        if m != n && !is_for_any_shape {
            return Err("a square matrix is needed".into());
        }
        let rows_of = |width: usize| Ok(batch.iter().copied().chain([n, width]).collect());
        match self {
            Self::Cholesky => Ok(x[0].clone()),
            Self::TriangularSolve(_) | Self::Solve { .. } => match x[1].split_last_chunk() {
                Some((b_batch, &[rows, _])) if b_batch == batch && rows == n => Ok(x[1].clone()),
                Some((_, &[rows, _])) if rows != n => {
                    Err(format!("the matrix has {n} rows and the right side has {rows}"))
                }
                _ => Err("the batch axes differ".into()),
            },
            Self::Det(_) | Self::LogDet(_) => Ok(batch.into()),
            Self::Qr | Self::Svd if m < n => Err("at least as many rows as columns are needed".into()),
            Self::Qr => rows_of(m + n),
            Self::Eigh => rows_of(1 + n),
            Self::Svd => rows_of(1 + m + n),
        }
    }
}
