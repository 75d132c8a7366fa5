//! Whether a sparse matrix is right: its product with a random direction, beside the derivative in that direction.

use super::evaluate::gradient;
use super::matrix::SparseMatrix;
use crate::algebra::{Element, Reading};
use crate::array::Tensor;
use crate::tape::{Tape, Var};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::fmt;

/// The error for a sparse matrix that differs from the derivatives in a row, because its pattern lacks an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingEntry {
    row: usize,
    found: f64,
    expected: f64,
}

impl MissingEntry {
    /// A row in which the matrix is wrong.
    pub fn row(&self) -> usize {
        self.row
    }
}

impl fmt::Display for MissingEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, found, expected } = self;
        write!(
            f,
            "row {row} times a random direction is {found}, but the derivative is {expected}: the pattern lacks an entry \
             of this row, or of a row with which it shares a direction"
        )
    }
}

impl std::error::Error for MissingEntry {}

/// Compares a sparse Jacobian with the derivative of the function along a random direction.
///
/// A pattern that lacks an entry makes the matrix wrong in some row, and then almost every direction shows it.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([1.0, 2.0, 3.0]);
/// let f = function_of(&x, |x| x.square() + x.flip(0));
/// let diagonal = Compression::of_jacobian(Sparsity::new([3, 3], [[0, 0], [1, 1], [2, 2]]));
/// let j = sparse_jacobian_by(&diagonal, &x, f);
/// assert!(check_sparse_jacobian(&j, &x, f).is_err());
/// assert!(check_sparse_jacobian(&sparse_jacobian(&x, f), &x, f).is_ok());
/// ```
///
/// # Errors
/// Returns the row that differs most, if any differs by more than rounding explains.
///
/// # Panics
/// Panics if the matrix does not have the shape of the Jacobian.
#[track_caller]
pub fn check_sparse_jacobian<T: Element>(
    jacobian: &SparseMatrix<T>,
    x: &Tensor<T>,
    f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> Result<(), MissingEntry> {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_tape("check_sparse_jacobian", &[x]);
    compare("check_sparse_jacobian", jacobian, y, x)
}

/// Compares a sparse Hessian with the derivative of the gradient along a random direction, as [`check_sparse_jacobian`]
/// does.
///
/// # Errors
/// Returns the row that differs most, if any differs by more than rounding explains.
///
/// # Panics
/// Panics if the output does not have exactly one element, or if the matrix does not have the shape of the Hessian.
#[track_caller]
pub fn check_sparse_hessian<T: Element>(
    hessian: &SparseMatrix<T>,
    x: &Tensor<T>,
    f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> Result<(), MissingEntry> {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    compare("check_sparse_hessian", hessian, gradient("check_sparse_hessian", f(x), x), x)
}

/// Compares a matrix with the derivatives of a recorded output. Messages bear the name of the calling function.
#[track_caller]
fn compare<T: Element>(
    name: &str,
    matrix: &SparseMatrix<T>,
    y: Var<'_, Tensor<T>>,
    x: Var<'_, Tensor<T>>,
) -> Result<(), MissingEntry> {
    let (given, expected) = (matrix.pattern().shape(), [y.shape().size(), x.shape().size()]);
    assert!(given == expected, "{name}: the matrix has shape {given:?}, but the derivatives have {expected:?}");
    let mut rng = StdRng::seed_from_u64(0);
    let v: Vec<T> = (0..expected[1]).map(|_| T::from_f64(rng.random_range(0.5..1.5))).collect();
    let tangents = y.push_batch(x, Tensor::from_vec(x.shape().insert(0, 1), v.clone())).to_vec();
    // The products, and the sums of their absolute terms, by which rounding is measured.
    let mut products = vec![(0.0, 0.0); expected[0]];
    for (i, j, value) in matrix.triplets() {
        let term = (value * v[j]).to_f64();
        products[i] = (products[i].0 + term, products[i].1 + term.abs());
    }
    let tolerance = T::EPSILON.sqrt();
    let excess = |row: usize| {
        let (found, size) = products[row];
        let expected = tangents[row].to_f64();
        let error = (found - expected).abs() / (size + expected.abs());
        // A NaN on one side only is a difference, too.
        let equal = found == expected || (found.is_nan() && expected.is_nan()) || error <= tolerance;
        (!equal).then_some((error, MissingEntry { row, found, expected }))
    };
    let worst = (0..expected[0]).filter_map(excess).max_by(|a, b| a.0.total_cmp(&b.0));
    worst.map_or(Ok(()), |(_, missing)| Err(missing))
}
