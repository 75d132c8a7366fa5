//! Decompositions of one matrix in a slice, computed by the library `faer`.
//!
//! `faer` has a safe interface and needs 0.1 to 7 µs at 8 × 8; at 512 × 512 it is 3 to 30 times as fast as `nalgebra`. It
//! runs on one thread here: batches are divided among threads by their matrices.
//!
//! The library prefers matrices in column-major order. A row-major matrix is the transpose of one, so most functions here
//! work on the transpose.

use faer::Par;
use faer::diag::DiagMut;
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt::factor as cholesky;
use faer::linalg::evd::{self, ComputeEigenvectors};
use faer::linalg::householder::{
    apply_block_householder_sequence_on_the_left_in_place_scratch,
    apply_block_householder_sequence_on_the_left_in_place_with_conj,
};
use faer::linalg::lu::partial_pivoting::factor as lu;
use faer::linalg::qr::no_pivoting::factor as qr;
use faer::linalg::svd::{self, ComputeSvdVectors, SvdParams};
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_unit_lower_triangular_in_place, solve_unit_upper_triangular_in_place,
    solve_upper_triangular_in_place,
};
use faer::prelude::default;
use faer::{Conj, MatMut, MatRef, Spec};

/// A number whose matrices the library decomposes: `f32` or `f64`.
pub(crate) trait Dense: faer::traits::RealField + Copy {
    const NAN: Self;
    const ZERO: Self;
    const ONE: Self;
    const HALF: Self;
}

macro_rules! dense {
    ($($type:ident),*) => {$(
        impl Dense for $type {
            const NAN: Self = Self::NAN;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const HALF: Self = 0.5;
        }
    )*};
}

dense!(f32, f64);

/// Memory that the decompositions of a batch use, one after the other.
pub(crate) struct Workspace<T> {
    buffer: MemBuffer,
    matrix: Vec<T>,
    coefficients: Vec<T>,
}

impl<T: Dense> Workspace<T> {
    fn new(scratch: StackReq) -> Self {
        Self { buffer: MemBuffer::new(scratch), matrix: Vec::new(), coefficients: Vec::new() }
    }

    pub(crate) fn of_lu(n: usize) -> Self {
        Self::new(lu::lu_in_place_scratch::<u32, T>(n, n, Par::Seq, default()))
    }

    pub(crate) fn of_cholesky(n: usize) -> Self {
        Self::new(cholesky::cholesky_in_place_scratch::<T>(n, Par::Seq, default()))
    }

    pub(crate) fn of_qr(m: usize, n: usize) -> Self {
        let block = qr::recommended_block_size::<T>(m, n);
        let factor = qr::qr_in_place_scratch::<T>(m, n, block, Par::Seq, default());
        let apply = apply_block_householder_sequence_on_the_left_in_place_scratch::<T>(m, block, n);
        Self::new(factor.or(apply))
    }

    pub(crate) fn of_eigh(n: usize) -> Self {
        Self::new(evd::self_adjoint_evd_scratch::<T>(n, ComputeEigenvectors::Yes, Par::Seq, default()))
    }

    pub(crate) fn of_svd(m: usize, n: usize) -> Self {
        let thin = ComputeSvdVectors::Thin;
        Self::new(svd::svd_scratch::<T>(m, n, thin, thin, Par::Seq, svd_options()))
    }

    fn stack(&mut self) -> &mut MemStack {
        MemStack::new(&mut self.buffer)
    }
}

/// Decomposes Aᵀ = Pᵀ·L·U in place, for a row-major A. Row i of L·U is row `permutation[i]` of Aᵀ. Returns whether P is odd.
pub(crate) fn lu_of_transpose<T: Dense>(
    a: &mut [T],
    permutation: &mut [u32],
    inverse: &mut [u32],
    work: &mut Workspace<T>,
) -> bool {
    let n = permutation.len();
    let matrix = MatMut::from_column_major_slice_mut(a, n, n);
    let (info, _) = lu::lu_in_place(matrix, permutation, inverse, Par::Seq, work.stack(), default());
    info.transposition_count % 2 == 1
}

/// Solves A·X = B, or Aᵀ·X = B, from the [decomposition of Aᵀ](lu_of_transpose). B is row-major with `k` columns.
pub(crate) fn solve_by_lu<T: Dense>(
    lu: &[T],
    permutation: &[u32],
    transpose: bool,
    (b, k): (&[T], usize),
    x: &mut [T],
    work: &mut Vec<T>,
) {
    let n = permutation.len();
    let factors = MatRef::from_column_major_slice(lu, n, n);
    let row = |i: usize| i * k..(i + 1) * k;
    if transpose {
        for (i, &from) in permutation.iter().enumerate() {
            x[row(i)].copy_from_slice(&b[row(from as usize)]);
        }
        solve_unit_lower_triangular_in_place(factors, row_major(x, n, k), Par::Seq);
        solve_upper_triangular_in_place(factors, row_major(x, n, k), Par::Seq);
    } else {
        work.clear();
        work.extend_from_slice(b);
        solve_lower_triangular_in_place(factors.transpose(), row_major(work, n, k), Par::Seq);
        solve_unit_upper_triangular_in_place(factors.transpose(), row_major(work, n, k), Par::Seq);
        for (i, &to) in permutation.iter().enumerate() {
            x[row(to as usize)].copy_from_slice(&work[row(i)]);
        }
    }
}

fn row_major<T>(x: &mut [T], rows: usize, columns: usize) -> MatMut<'_, T> {
    match columns {
        1 => MatMut::from_column_major_slice_mut(x, rows, 1),
        _ => MatMut::from_row_major_slice_mut(x, rows, columns),
    }
}

/// Solves A·X = B in place of B, where A is the lower or the upper triangle of a matrix.
pub(crate) fn solve_triangular<T: Dense>(a: &[T], is_row_major: bool, is_upper: bool, x: &mut [T], k: usize) {
    let n = x.len() / k;
    let a = match is_row_major {
        true => MatRef::from_row_major_slice(a, n, n),
        false => MatRef::from_column_major_slice(a, n, n),
    };
    match is_upper {
        true => solve_upper_triangular_in_place(a, row_major(x, n, k), Par::Seq),
        false => solve_lower_triangular_in_place(a, row_major(x, n, k), Par::Seq),
    }
}

/// Writes Lᵀ in row-major order, for the factor of the symmetric part A = L·Lᵀ. NaN if A is not positive definite.
pub(crate) fn cholesky_transposed<T: Dense>(a: &[T], n: usize, y: &mut [T], work: &mut Workspace<T>) {
    symmetric_part(a, n, y);
    let matrix = MatMut::from_column_major_slice_mut(y, n, n);
    let factor = cholesky::cholesky_in_place(matrix, default(), Par::Seq, work.stack(), default());
    match factor {
        Ok(_) => (1..n).for_each(|i| y[i * n..][..i].fill(T::ZERO)),
        Err(_) => y.fill(T::NAN),
    }
}

/// Writes (A + Aᵀ)/2, tile by tile, so that each cache line of a column is fetched once.
fn symmetric_part<T: Dense>(a: &[T], n: usize, y: &mut [T]) {
    const TILE: usize = 16;
    for rows in (0..n).step_by(TILE) {
        for columns in (rows..n).step_by(TILE) {
            for i in rows..n.min(rows + TILE) {
                for j in columns.max(i)..n.min(columns + TILE) {
                    let mean = (a[i * n + j] + a[j * n + i]) * T::HALF;
                    (y[i * n + j], y[j * n + i]) = (mean, mean);
                }
            }
        }
    }
}

/// Writes a row (column i of Q, row i of R) for each i; the diagonal of R is not negative.
pub(crate) fn qr<T: Dense>(a: &[T], m: usize, n: usize, y: &mut [T], work: &mut Workspace<T>) {
    let (block, width) = (qr::recommended_block_size::<T>(m, n), m + n);
    let Workspace { buffer, matrix, coefficients } = work;
    matrix.clear();
    matrix.extend((0..n).flat_map(|j| (0..m).map(move |i| a[i * n + j])));
    coefficients.clear();
    coefficients.resize(block * n, T::ZERO);
    let stack = MemStack::new(buffer);
    let basis = MatMut::from_column_major_slice_mut(matrix, m, n);
    qr::qr_in_place(basis, MatMut::from_column_major_slice_mut(coefficients, block, n), Par::Seq, stack, default());
    y.fill(T::ZERO);
    (0..n).for_each(|i| y[i * width + i] = T::ONE);
    apply_block_householder_sequence_on_the_left_in_place_with_conj(
        MatRef::from_column_major_slice(matrix, m, n),
        MatRef::from_column_major_slice(coefficients, block, n),
        Conj::No,
        MatMut::from_column_major_slice_with_stride_mut(y, m, n, width),
        Par::Seq,
        MemStack::new(buffer),
    );
    for (i, row) in y.chunks_exact_mut(width).enumerate() {
        let is_negative = matrix[i * m + i] < T::ZERO;
        let signed = |x: T| if is_negative { -x } else { x };
        let (q, r) = row.split_at_mut(m);
        q.iter_mut().for_each(|q| *q = signed(*q));
        (i..n).for_each(|j| r[j] = signed(matrix[j * m + i]));
    }
}

/// Writes a row (i-th eigenvalue, its vector) for each i, of the symmetric part of A. NaN if the iteration fails.
pub(crate) fn eigh<T: Dense>(a: &[T], n: usize, y: &mut [T], work: &mut Workspace<T>) {
    let Workspace { buffer, matrix, coefficients } = work;
    matrix.resize(n * n, T::ZERO);
    coefficients.resize(n, T::ZERO);
    symmetric_part(a, n, matrix);
    let result = evd::self_adjoint_evd(
        MatRef::from_column_major_slice(matrix, n, n),
        DiagMut::from_slice_mut(coefficients),
        Some(MatMut::from_column_major_slice_with_stride_mut(&mut y[1..], n, n, 1 + n)),
        Par::Seq,
        MemStack::new(buffer),
        default(),
    );
    match result {
        Ok(()) => y.chunks_exact_mut(1 + n).zip(coefficients).for_each(|(row, &mut w)| row[0] = w),
        Err(_) => y.fill(T::NAN),
    }
}

/// Divides and conquers from 32 columns on: measured 0.87 times as long as the library's default of 128 for 64 × 64, and 0.8
/// times for 512 × 512.
fn svd_options<T: Dense>() -> Spec<SvdParams, T> {
    let mut options = Spec::<SvdParams, T>::default();
    options.recursion_threshold = 32;
    options
}

/// Writes a row (i-th singular value, its left vector, its right vector) for each i. NaN if the iteration fails.
pub(crate) fn svd<T: Dense>(a: &[T], m: usize, n: usize, y: &mut [T], work: &mut Workspace<T>) {
    let width = 1 + m + n;
    let Workspace { buffer, matrix, coefficients } = work;
    coefficients.resize(n, T::ZERO);
    // The two sets of vectors lie between each other in the rows, so one of them is written apart.
    matrix.resize(n * n, T::ZERO);
    let result = svd::svd(
        MatRef::from_row_major_slice(a, m, n),
        DiagMut::from_slice_mut(coefficients),
        Some(MatMut::from_column_major_slice_with_stride_mut(&mut y[1..], m, n, width)),
        Some(MatMut::from_column_major_slice_mut(matrix, n, n)),
        Par::Seq,
        MemStack::new(buffer),
        svd_options(),
    );
    if result.is_err() {
        return y.fill(T::NAN);
    }
    for ((row, &s), v) in y.chunks_exact_mut(width).zip(&*coefficients).zip(matrix.chunks_exact(n)) {
        row[0] = s;
        row[1 + m..].copy_from_slice(v);
    }
}
