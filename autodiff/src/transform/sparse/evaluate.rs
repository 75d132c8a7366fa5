//! Sparse Jacobians and Hessians, by one batched pass over few directions.

use super::colouring::Colouring;
use super::matrix::SparseMatrix;
use super::pattern::Sparsity;
use crate::algebra::{Element, Reading};
use crate::array::{Shape, Tensor};
use crate::tape::{Tape, Var};

/// A pattern and its directions, which serve every evaluation of the same function at other points.
///
/// ```
/// use autodiff::prelude::*;
/// let f = function_of(&Tensor::<f64>::ones([100]), |x| x.slice(0, 1, 100) * x.slice(0, 0, 99));
/// let compression = Compression::of_jacobian(Sparsity::of_jacobian(&Tensor::ones([100]), f));
/// assert_eq!(compression.directions(), 2);
/// for start in [0.0, 1.0] {
///     let x = Tensor::linspace(start, 2.0, 100);
///     let j = sparse_jacobian_by(&compression, &x, f);
///     assert_eq!(j.get(5, 6), x[[5]]);
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Compression {
    pattern: Sparsity,
    directions: Directions,
}

/// How the directions are formed.
#[derive(Clone, Debug)]
enum Directions {
    /// Columns of one colour, in forward mode.
    Columns(Colouring),
    /// Rows of one colour, in reverse mode.
    Rows(Colouring),
    /// Columns of one colour of a symmetric matrix.
    Star(Colouring),
}

impl Compression {
    /// The directions of a Jacobian: groups of columns without a common row, or groups of rows without a common column,
    /// whichever are fewer.
    pub fn of_jacobian(pattern: Sparsity) -> Self {
        let (columns, rows) = (Colouring::of_columns(&pattern), Colouring::of_columns(&pattern.transposed()));
        let directions = match columns.count <= rows.count {
            true => Directions::Columns(columns),
            false => Directions::Rows(rows),
        };
        Self { pattern, directions }
    }

    /// The directions of a Hessian, which use its symmetry. For each entry (i, j) of the pattern, (j, i) becomes one too.
    ///
    /// # Panics
    /// Panics if the pattern is not square.
    #[track_caller]
    pub fn of_hessian(pattern: Sparsity) -> Self {
        let shape = pattern.shape();
        assert!(
            shape[0] == shape[1],
            "Compression::of_hessian: a Hessian is square, but the pattern has shape {shape:?}"
        );
        let pattern = pattern.symmetric();
        Self { directions: Directions::Star(Colouring::star(&pattern)), pattern }
    }

    /// The number of directions: an evaluation takes about as long as this many directional derivatives, in one batch.
    pub fn directions(&self) -> usize {
        self.colouring().count
    }

    /// The entries that are computed.
    pub fn pattern(&self) -> &Sparsity {
        &self.pattern
    }

    fn colouring(&self) -> &Colouring {
        match &self.directions {
            Directions::Columns(colouring) | Directions::Rows(colouring) | Directions::Star(colouring) => colouring,
        }
    }

    /// The derivatives of a recorded output.
    fn evaluate<T: Element>(&self, y: Var<'_, Tensor<T>>, x: Var<'_, Tensor<T>>) -> SparseMatrix<T> {
        let Colouring { colours, count } = self.colouring();
        let seed = |shape: Shape| {
            let mut units = vec![T::from_f64(0.0); count * colours.len()];
            colours.iter().enumerate().for_each(|(i, colour)| units[colour * colours.len() + i] = T::from_f64(1.0));
            Tensor::from_vec(shape.insert(0, *count), units)
        };
        let compressed = match &self.directions {
            _ if self.pattern.is_empty() => Tensor::full([0], T::from_f64(0.0)),
            Directions::Columns(_) => y.push_batch(x, seed(x.shape())),
            Directions::Rows(_) | Directions::Star(_) => y.pull_batch(x, seed(y.shape())),
        };
        let compressed = compressed.to_vec();
        let [m, n] = self.pattern.shape();
        let alone = |i: usize, j: usize| self.pattern.row(i).iter().all(|&k| k == j || colours[k] != colours[j]);
        SparseMatrix::from_fn(self.pattern.clone(), |i, j| match &self.directions {
            Directions::Columns(_) => compressed[colours[j] * m + i],
            Directions::Rows(_) => compressed[colours[i] * n + j],
            Directions::Star(_) if alone(i, j) => compressed[colours[j] * n + i],
            Directions::Star(_) => compressed[colours[i] * n + j], // by symmetry
        })
    }

    /// Panics unless the pattern fits the recorded output.
    #[track_caller]
    fn check_shape<T: Element>(&self, name: &str, y: Var<'_, Tensor<T>>, x: Var<'_, Tensor<T>>) {
        let (given, expected) = (self.pattern.shape(), [y.shape().size(), x.shape().size()]);
        assert!(given == expected, "{name}: the pattern has shape {given:?}, but the derivatives have {expected:?}");
    }
}

/// Computes the Jacobian of a function as a sparse matrix. A row is an element of the output and a column one of the input,
/// in row-major order.
///
/// The pattern is [detected](Sparsity::of_jacobian). Columns, or rows, that do not overlap share a direction, and one batched
/// pass computes all directions. To evaluate at many points, use [`sparse_jacobian_by`], which detects nothing.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::linspace(0.0, 1.0, 1000);
/// let f = function_of(&x, |x| x.slice(0, 1, 1000).square() - x.slice(0, 0, 999));
/// let j = sparse_jacobian(&x, f);
/// assert_eq!(j.values().len(), 2 * 999);
/// assert_eq!((j.get(7, 7), j.get(7, 8)), (-1.0, 2.0 * x[[8]]));
/// ```
#[track_caller]
pub fn sparse_jacobian<T: Element>(
    x: &Tensor<T>,
    f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> SparseMatrix<T> {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_tape("sparse_jacobian", &[x]);
    Compression::of_jacobian(Sparsity::recorded(y, x)).evaluate(y, x)
}

/// Computes the Jacobian of a function for a known pattern, as [`sparse_jacobian`] does.
///
/// The pattern must hold all entries that differ from zero at `x`. Otherwise other entries are wrong, which
/// [`check_sparse_jacobian`](crate::check_sparse_jacobian) finds out.
///
/// # Panics
/// Panics if the shape of the pattern does not fit, or if it is the pattern of a Hessian.
#[track_caller]
pub fn sparse_jacobian_by<T: Element>(
    compression: &Compression,
    x: &Tensor<T>,
    f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> SparseMatrix<T> {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_tape("sparse_jacobian_by", &[x]);
    if let Directions::Star(_) = compression.directions {
        panic!("sparse_jacobian_by: the directions are those of a Hessian; use Compression::of_jacobian");
    }
    compression.check_shape("sparse_jacobian_by", y, x);
    compression.evaluate(y, x)
}

/// Computes the Hessian of a scalar function as a sparse matrix, as [`sparse_jacobian`] does.
///
/// The pattern is [detected](Sparsity::of_hessian), and the directions use the symmetry of the matrix.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::<f64>::linspace(0.0, 1.0, 100);
/// // Rosenbrock's function, whose Hessian is tridiagonal:
/// let f = function_of(&x, |x| {
///     let (a, b) = (x.slice(0, 0, 99), x.slice(0, 1, 100));
///     ((b - a.square()).square() * 100.0 + (1.0 - a).square()).sum()
/// });
/// let h = sparse_hessian(&x, f);
/// assert_eq!(h.values().len(), 100 + 2 * 99);
/// assert_close(&h.to_dense(), &hessian(&x, f), 1e-12);
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element.
#[track_caller]
pub fn sparse_hessian<T: Element>(
    x: &Tensor<T>,
    f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> SparseMatrix<T> {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let g = gradient("sparse_hessian", f(x), x);
    Compression::of_hessian(Sparsity::recorded(g, x)).evaluate(g, x)
}

/// Computes the Hessian of a scalar function for a known pattern, as [`sparse_hessian`] does.
///
/// The pattern must hold all entries that differ from zero at `x`. Otherwise other entries are wrong, which
/// [`check_sparse_hessian`](crate::check_sparse_hessian) finds out.
///
/// # Panics
/// Panics if the output does not have exactly one element, if the shape of the pattern does not fit, or if it is the pattern
/// of a Jacobian.
#[track_caller]
pub fn sparse_hessian_by<T: Element>(
    compression: &Compression,
    x: &Tensor<T>,
    f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> SparseMatrix<T> {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let g = gradient("sparse_hessian_by", f(x), x);
    let Directions::Star(_) = compression.directions else {
        panic!("sparse_hessian_by: the directions are those of a Jacobian; use Compression::of_hessian");
    };
    compression.check_shape("sparse_hessian_by", g, x);
    compression.evaluate(g, x)
}

/// The gradient of a recorded output, recorded too. Messages bear the name of the calling function.
#[track_caller]
pub(super) fn gradient<'t, V: Reading>(name: &str, y: Var<'t, V>, x: Var<'t, V>) -> Var<'t, V> {
    y.check_tape(name, &[x]);
    y.check_scalar(name);
    y.pull(name, y.full_like(1.0), &[x])[0]
}
