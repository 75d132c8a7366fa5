//! The pattern of a sparse matrix: the entries that may differ from zero.

use crate::algebra::Element;
use crate::array::Tensor;
use crate::tape::{Tape, Var};

/// The entries of a Jacobian or Hessian that may differ from zero, as the sorted columns of each row.
///
/// Rows are the elements of the output and columns the elements of the input, both in row-major order. All other entries
/// are taken to be 0 everywhere.
///
/// ```
/// use autodiff::prelude::*;
/// let pattern = Sparsity::new([2, 3], [[0, 1], [1, 0], [1, 2]]);
/// assert_eq!((pattern.row(0), pattern.row(1)), (&[1][..], &[0, 2][..]));
/// let x = Tensor::from([1.0, 2.0, 3.0]);
/// let differences = Sparsity::of_jacobian(&x, |x| x.slice(0, 1, 3) - x.slice(0, 0, 2));
/// assert_eq!(differences, Sparsity::new([2, 3], [[0, 0], [0, 1], [1, 1], [1, 2]]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparsity {
    shape: [usize; 2],
    /// Row i has the columns from `starts[i]` up to `starts[i + 1]`.
    starts: Vec<usize>,
    columns: Vec<usize>,
}

impl Sparsity {
    /// The pattern with the given entries, each a row and a column. Entries may come in any order and more than once.
    ///
    /// # Panics
    /// Panics if an entry is outside the shape.
    #[track_caller]
    pub fn new(shape: [usize; 2], entries: impl IntoIterator<Item = [usize; 2]>) -> Self {
        let mut rows = vec![Vec::new(); shape[0]];
        for entry in entries {
            let [i, j] = entry;
            assert!(i < shape[0] && j < shape[1], "Sparsity::new: the entry {entry:?} is outside the shape {shape:?}");
            rows[i].push(j);
        }
        for row in &mut rows {
            row.sort_unstable();
            row.dedup();
        }
        Self::from_rows(shape, rows)
    }

    /// The pattern with the given sorted columns of each row.
    pub(super) fn from_rows(shape: [usize; 2], rows: impl IntoIterator<Item = Vec<usize>>) -> Self {
        let mut pattern = Self { shape, starts: vec![0], columns: Vec::new() };
        for row in rows {
            pattern.columns.extend(row);
            pattern.starts.push(pattern.columns.len());
        }
        pattern
    }

    /// The pattern of the Jacobian of a function, detected by a walk of index sets over the recorded function.
    ///
    /// It holds at every point at which the same operations run on the same indices. It never lacks an entry, but it may
    /// have too many: a matrix product counts zeros of its factors as entries, and a custom primitive (also a checkpoint or
    /// a fused formula) counts as dense.
    #[track_caller]
    pub fn of_jacobian<T: Element>(
        x: &Tensor<T>,
        f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
    ) -> Self {
        let tape = Tape::new();
        let x = tape.variable(x.clone());
        let y = f(x);
        y.check_tape("Sparsity::of_jacobian", &[x]);
        Self::recorded(y, x)
    }

    /// The pattern of the Hessian of a scalar function: the pattern of the Jacobian of its recorded gradient, made
    /// symmetric.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([1.0, 2.0, 3.0]);
    /// let pattern = Sparsity::of_hessian(&x, |x| (x.slice(0, 1, 3) * x.slice(0, 0, 2)).sum());
    /// assert_eq!(pattern, Sparsity::new([3, 3], [[0, 1], [1, 0], [1, 2], [2, 1]]));
    /// ```
    ///
    /// # Panics
    /// Panics if the output does not have exactly one element.
    #[track_caller]
    pub fn of_hessian<T: Element>(
        x: &Tensor<T>,
        f: impl for<'t> FnOnce(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
    ) -> Self {
        let tape = Tape::new();
        let x = tape.variable(x.clone());
        Self::recorded(super::evaluate::gradient("Sparsity::of_hessian", f(x), x), x).symmetric()
    }

    /// The pattern of the derivatives of a recorded output.
    pub(super) fn recorded<T: Element>(y: Var<'_, Tensor<T>>, x: Var<'_, Tensor<T>>) -> Self {
        let sets = y.dependence(x);
        let row = |set: &std::rc::Rc<[u32]>| set.iter().map(|&j| j as usize).collect();
        Self::from_rows([sets.len(), x.value().size()], sets.iter().map(row))
    }

    /// The numbers of rows and columns.
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The columns of a row, in ascending order.
    ///
    /// # Panics
    /// Panics if there is no such row.
    #[track_caller]
    pub fn row(&self, i: usize) -> &[usize] {
        &self.columns[self.starts[i]..self.starts[i + 1]]
    }

    /// The entries, row by row, each a row and a column.
    pub fn entries(&self) -> impl Iterator<Item = [usize; 2]> {
        (0..self.shape[0]).flat_map(|i| self.row(i).iter().map(move |&j| [i, j]))
    }

    /// The place of the first entry of each row among all entries, and the number of entries (CSR).
    pub fn row_starts(&self) -> &[usize] {
        &self.starts
    }

    /// The columns of all entries, row by row (CSR).
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    pub(super) fn transposed(&self) -> Self {
        let [m, n] = self.shape;
        Self::new([n, m], self.entries().map(|[i, j]| [j, i]))
    }

    /// The pattern with the entry (j, i) for each entry (i, j).
    pub(super) fn symmetric(&self) -> Self {
        Self::new(self.shape, self.entries().flat_map(|[i, j]| [[i, j], [j, i]]))
    }
}
