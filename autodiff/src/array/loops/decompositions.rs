//! Decompositions of batches of matrices.

use crate::array::axes::Axes;
use crate::array::machine::dense::{self, Dense, Workspace};
use crate::array::machine::parallel;
use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use crate::array::shape::Shape;
use std::collections::VecDeque;

/// The cost of n³ multiply-adds in a decomposition, in elements of a cheap loop, for each n³.
const LU: usize = 1;
const TRIANGULAR: usize = 1;
const QR: usize = 4;
const EIGENVALUES: usize = 16;
const SINGULAR_VALUES: usize = 32;

/// The LU decompositions of a batch of matrices, with the matrices.
pub(crate) struct Lu<T> {
    of: Tensor<T>,
    n: usize,
    /// For each matrix A, the [factors](dense::lu_of_transpose) of Aᵀ.
    factors: Vec<T>,
    permutations: Vec<u32>,
    /// For each matrix, whether the permutation is odd.
    odd: Vec<bool>,
}

/// The number of matrices, rows and columns.
fn sizes<T>(a: &Tensor<T>) -> (usize, usize, usize) {
    let [m, n] = *a.shape.last_chunk().expect("a matrix has two axes");
    (a.shape[..a.shape.rank() - 2].iter().product(), m, n)
}

/// The cost of a batch of matrices, each of which takes `weight`·n³ multiply-adds.
fn work(batch: usize, n: usize, weight: usize) -> usize {
    batch.saturating_mul(weight.saturating_mul(n * n * n / 8 + 1000))
}

impl<T: Dense + Number> Lu<T> {
    pub(crate) fn new(a: &Tensor<T>) -> Self {
        let (batch, _, n) = sizes(a);
        let (mut factors, mut permutations, mut odd) = (a.to_vec(), vec![0; batch * n], vec![false; batch]);
        if n > 0 {
            let cost = work(batch, n, LU);
            decompose_all(&mut factors, &mut permutations, &mut odd, n, cost);
        }
        Self { of: a.clone(), n, factors, permutations, odd }
    }

    pub(crate) fn is_of(&self, a: &Tensor<T>) -> bool {
        self.of.is_same(a)
    }

    /// The pivots of each matrix.
    fn pivots(&self) -> impl Iterator<Item = impl Iterator<Item = T> + Clone> {
        let n = self.n;
        (0..self.odd.len()).map(move |i| (0..n).map(move |j| self.factors[i * n * n + j * (n + 1)]))
    }

    /// The smallest pivot of any matrix, in units of its largest pivot.
    pub(crate) fn smallest_pivot(&self) -> f64 {
        let ratio = |pivots: &mut dyn Iterator<Item = T>| {
            let size = |x: T| x.to_f64().abs();
            let (low, high) = pivots.map(size).fold((f64::INFINITY, 0.0), |(low, high), x| (x.min(low), x.max(high)));
            if high > 0.0 { low / high } else { 0.0 }
        };
        match self.n {
            0 => 1.0,
            _ => self.pivots().map(|mut pivots| ratio(&mut pivots)).fold(1.0, f64::min),
        }
    }

    /// The solution of A·X = B or Aᵀ·X = B. NaN for a matrix with a pivot of 0.
    pub(crate) fn solve(&self, b: &Tensor<T>, transpose: bool) -> Tensor<T> {
        let (batch, n, k) = sizes(b);
        let b = b.row_major();
        let b = b.as_slice().expect("a copy in row-major order");
        fill(b.len(), &b_shape(batch, n, k), n * k, work(batch, n, LU) / n.max(1) * k.min(n), |start, x| {
            let mut scratch = Vec::new();
            for (x, i) in x.chunks_exact_mut(n * k).zip(start..) {
                let (factors, permutation) = (&self.factors[i * n * n..][..n * n], &self.permutations[i * n..][..n]);
                match (0..n).any(|j| factors[j * (n + 1)] == T::ZERO) {
                    true => x.fill(T::NAN),
                    false => {
                        let b = &b[i * n * k..][..n * k];
                        dense::solve_by_lu(factors, permutation, transpose, (b, k), x, &mut scratch);
                    }
                }
            }
        })
        .reshape_view(&b_shape_of(&self.of, n, k))
    }

    /// The determinants.
    pub(crate) fn det(&self) -> Tensor<T> {
        let sign = |odd: &bool| T::from_f64(if *odd { -1.0 } else { 1.0 });
        self.of_each(self.pivots().zip(&self.odd).map(|(pivots, odd)| product(sign(odd), pivots.collect())).collect())
    }

    /// The logarithms of the absolute values of the determinants.
    pub(crate) fn log_det(&self, ln: impl Fn(T) -> T) -> Tensor<T> {
        let size = |x: T| if x < T::ZERO { -x } else { x };
        self.of_each(self.pivots().map(|pivots| pivots.fold(T::ZERO, |sum, x| sum + ln(size(x)))).collect())
    }

    fn of_each(&self, numbers: Vec<T>) -> Tensor<T> {
        let batch = &self.of.shape[..self.of.shape.rank() - 2];
        Tensor::contiguous_from(batch.into(), numbers)
    }
}

/// The product of numbers. Small and large ones take turns, so it is infinite or vanishes only where it must.
fn product<T: Number>(sign: T, mut numbers: Vec<T>) -> T {
    let size = |x: &T| x.to_f64().abs();
    numbers.sort_by(|a, b| size(a).total_cmp(&size(b)));
    let (mut product, mut numbers) = (sign, VecDeque::from(numbers));
    while let Some(x) = if size(&product) < 1.0 { numbers.pop_back() } else { numbers.pop_front() } {
        product = product * x;
    }
    product
}

fn b_shape(batch: usize, n: usize, k: usize) -> Shape {
    [batch, n, k].into()
}

fn b_shape_of<T>(a: &Tensor<T>, n: usize, k: usize) -> Shape {
    a.shape[..a.shape.rank() - 2].iter().copied().chain([n, k]).collect()
}

/// Decomposes each matrix in place, on several threads if there are many.
fn decompose_all<T: Dense>(a: &mut [T], permutations: &mut [u32], odd: &mut [bool], n: usize, cost: usize) {
    let middle = odd.len() / 2;
    if middle > 0 && cost >= parallel::MIN_PARALLEL_WORK {
        let (a, a_rest) = a.split_at_mut(middle * n * n);
        let (p, p_rest) = permutations.split_at_mut(middle * n);
        let (o, o_rest) = odd.split_at_mut(middle);
        let half = cost / 2;
        parallel::join(cost, || decompose_all(a, p, o, n, half), || decompose_all(a_rest, p_rest, o_rest, n, half));
        return;
    }
    let (mut work, mut inverse) = (Workspace::of_lu(n), vec![0; n]);
    for ((a, permutation), odd) in a.chunks_exact_mut(n * n).zip(permutations.chunks_exact_mut(n)).zip(odd) {
        *odd = dense::lu_of_transpose(a, permutation, &mut inverse, &mut work);
    }
}

/// A tensor of slices of `unit` elements that `f` writes; it gets the number of the first slice.
fn fill<T: Number>(
    size: usize,
    shape: &Shape,
    unit: usize,
    work: usize,
    f: impl Fn(usize, &mut [T]) + Sync,
) -> Tensor<T> {
    let mut data = Storage::recycled(size);
    if size > 0 {
        parallel::pieces(&mut data[..], unit, work, |start, y| f(start / unit, y));
    }
    Tensor::contiguous_in(shape.clone(), data)
}

/// A result whose matrices of `height` × `width` are written by `f`, from the matrices of `a` in row-major order.
fn each<T: Dense + Number>(
    a: &Tensor<T>,
    [height, width]: [usize; 2],
    weight: usize,
    workspace: impl Fn() -> Workspace<T> + Sync,
    f: impl Fn(&[T], &mut [T], &mut Workspace<T>) + Sync,
) -> Tensor<T> {
    let (batch, m, n) = sizes(a);
    let a = a.row_major();
    let elements = a.as_slice().expect("a copy in row-major order");
    let unit = height * width;
    fill(batch * unit, &b_shape_of(&a, height, width), unit, work(batch, m.max(n), weight), |start, y| {
        let mut workspace = workspace();
        for (y, a) in y.chunks_exact_mut(unit).zip(elements[start * m * n..].chunks_exact(m * n)) {
            f(a, y, &mut workspace);
        }
    })
}

/// The lower triangular factors of the symmetric parts, as transposed views. NaN for a matrix that is not positive definite.
pub(crate) fn cholesky<T: Dense + Number>(a: &Tensor<T>) -> Tensor<T> {
    let (_, _, n) = sizes(a);
    let transposed =
        each(a, [n, n], LU, || Workspace::of_cholesky(n), |a, y, work| dense::cholesky_transposed(a, n, y, work));
    swapped(&transposed)
}

fn swapped<T>(x: &Tensor<T>) -> Tensor<T> {
    let rank = x.shape.rank();
    let mut axes: Axes<usize> = (0..rank).collect();
    axes.swap(rank - 2, rank - 1);
    x.permute_view(&axes)
}

/// The solutions of A·X = B, where A is the lower or the upper triangle.
pub(crate) fn triangular_solve<T: Dense + Number>(a: &Tensor<T>, b: &Tensor<T>, is_upper: bool) -> Tensor<T> {
    let (batch, n, k) = sizes(b);
    let transposed = swapped(a);
    let (is_row_major, a) = match transposed.is_contiguous() {
        true => (false, transposed),
        false => (true, a.contiguous()),
    };
    let a = a.as_slice().expect("elements in order");
    let b = b.row_major();
    let elements = b.as_slice().expect("a copy in row-major order");
    fill(elements.len(), &b.shape, n * k, work(batch, n, TRIANGULAR) / n.max(1) * k.min(n), |start, x| {
        x.copy_from_slice(&elements[start * n * k..][..x.len()]);
        for (x, a) in x.chunks_exact_mut(n * k).zip(a[start * n * n..].chunks_exact(n * n)) {
            dense::solve_triangular(a, is_row_major, is_upper, x, k);
        }
    })
}

/// For each i, a row with column i of Q and row i of R.
pub(crate) fn qr<T: Dense + Number>(a: &Tensor<T>) -> Tensor<T> {
    let (_, m, n) = sizes(a);
    each(a, [n, m + n], QR, || Workspace::of_qr(m, n), |a, y, work| dense::qr(a, m, n, y, work))
}

/// For each i, a row with the i-th eigenvalue of the symmetric part, in ascending order, and its vector.
pub(crate) fn eigh<T: Dense + Number>(a: &Tensor<T>) -> Tensor<T> {
    let (_, _, n) = sizes(a);
    each(a, [n, 1 + n], EIGENVALUES, || Workspace::of_eigh(n), |a, y, work| dense::eigh(a, n, y, work))
}

/// For each i, a row with the i-th singular value, in descending order, its left vector and its right vector.
pub(crate) fn svd<T: Dense + Number>(a: &Tensor<T>) -> Tensor<T> {
    let (_, m, n) = sizes(a);
    each(a, [n, 1 + m + n], SINGULAR_VALUES, || Workspace::of_svd(m, n), |a, y, work| dense::svd(a, m, n, y, work))
}
