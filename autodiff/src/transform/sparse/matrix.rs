//! A sparse matrix: a pattern and its values.

use super::pattern::Sparsity;
use crate::algebra::Element;
use crate::array::Tensor;

/// A sparse Jacobian or Hessian: the values of the entries of a [`Sparsity`], row by row (CSR).
///
/// ```
/// use autodiff::prelude::*;
/// let j = sparse_jacobian(&Tensor::from([1.0, 2.0, 3.0]), |x| x.square());
/// assert_eq!(j.triplets().collect::<Vec<_>>(), [(0, 0, 2.0), (1, 1, 4.0), (2, 2, 6.0)]);
/// assert_eq!(j.pattern().row_starts(), [0, 1, 2, 3]);
/// assert_eq!(j.to_dense(), jacobian(&Tensor::from([1.0, 2.0, 3.0]), |x| x.square()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SparseMatrix<T> {
    pattern: Sparsity,
    values: Vec<T>,
}

impl<T: Element> SparseMatrix<T> {
    /// The matrix with the value `f(row, column)` at each entry of a pattern.
    pub(super) fn from_fn(pattern: Sparsity, mut f: impl FnMut(usize, usize) -> T) -> Self {
        let values = pattern.entries().map(|[i, j]| f(i, j)).collect();
        Self { pattern, values }
    }

    /// The entries that may differ from zero.
    pub fn pattern(&self) -> &Sparsity {
        &self.pattern
    }

    /// The values of the entries, row by row.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The entries, row by row: row, column and value.
    pub fn triplets(&self) -> impl Iterator<Item = (usize, usize, T)> {
        self.pattern.entries().zip(&self.values).map(|([i, j], &value)| (i, j, value))
    }

    /// The value at a row and a column; 0 outside the pattern.
    ///
    /// # Panics
    /// Panics if there is no such row.
    #[track_caller]
    pub fn get(&self, i: usize, j: usize) -> T {
        let place = self.pattern.row(i).binary_search(&j);
        place.map_or(T::from_f64(0.0), |place| self.values[self.pattern.row_starts()[i] + place])
    }

    /// The matrix with all its zeros, of shape \[rows, columns\].
    pub fn to_dense(&self) -> Tensor<T> {
        let [m, n] = self.pattern.shape();
        let mut dense = vec![T::from_f64(0.0); m * n];
        self.triplets().for_each(|(i, j, value)| dense[i * n + j] = value);
        Tensor::from_vec([m, n], dense)
    }

    /// The elements on the diagonal.
    pub fn diagonal(&self) -> Tensor<T> {
        let [m, n] = self.pattern.shape();
        (0..m.min(n)).map(|i| self.get(i, i)).collect::<Vec<_>>().into()
    }
}
