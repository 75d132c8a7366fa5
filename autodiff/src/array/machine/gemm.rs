//! The matrix product c = a·b, computed by the GEMM library `gemmkit`.
//!
//! `gemmkit` has a safe interface, allocates nothing per call and brings three crates. On the shapes of a small network
//! (128×784×256 and the like) it does 1.05 to 1.45 times the operations a second of `matrixmultiply` (through
//! `ndarray`). `gemm` is as fast, but its interface is unsafe.
//!
//! `gemmkit` splits the rows and columns of a large result among the threads of the current rayon pool. The blocks
//! depend on the shape alone, so the bits do not depend on the number of threads.

use crate::array::machine::parallel;
use gemmkit::{GemmScalar, MatMut, MatRef, Parallelism, tuning};
use std::ops::{Add, Mul, RangeInclusive};
use std::sync::Once;

/// The number of multiply-adds in a fast matrix product that take as long as one element of a cheap loop.
pub(crate) const PRODUCTS_PER_ELEMENT: usize = 14;

/// The number of multiply-adds up to which the plain loop is faster than starting the library.
const TINY: usize = 128;

/// The numbers of rows that are multiplied one by one if both operands are contiguous along the summed axis: packing
/// the right operand would take up to five times as long as the product. It pays off from 12 rows on, for some sizes.
const ROW_BY_ROW: RangeInclusive<usize> = 2..=8;

/// The numbers of rows and of columns above which the library packs our right and our left operand, on AVX2.
///
/// Its own, 1024 and 2048, were tuned on AVX-512. With them, a step of 784-1024-1024-10 takes 1.3 to 1.4 times as long
/// on AVX2, since each column of [1024, 1024] falls into one set of the first-level cache.
const PACK_ON_AVX2: [usize; 2] = [48, 512];

/// A matrix in a slice: element (i, j) is at `i * row_stride + j * column_stride`.
#[derive(Clone, Copy)]
pub struct Matrix<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) row_stride: usize,
    pub(crate) column_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    #[inline]
    pub(crate) fn transposed(self) -> Self {
        let Self { data, rows, columns, row_stride, column_stride } = self;
        Self { data, rows: columns, columns: rows, row_stride: column_stride, column_stride: row_stride }
    }

    fn rows(self, first: usize, count: usize) -> Self {
        Self { data: &self.data[first * self.row_stride..], rows: count, ..self }
    }

    fn view(self) -> MatRef<'a, T> {
        MatRef::new(self.data, self.rows, self.columns, self.row_stride as isize, self.column_stride as isize)
    }
}

/// The arithmetic that the plain product needs.
pub(crate) trait Arithmetic: Copy + Default + Add<Output = Self> + Mul<Output = Self> + Send + Sync {}

impl<T: Copy + Default + Add<Output = T> + Mul<Output = T> + Send + Sync> Arithmetic for T {}

/// Computes c = a·b, or c + a·b if `add`, for row-major c.
pub(crate) fn fast_gemm<T: GemmScalar + Arithmetic + From<u8>>(
    c: &mut [T],
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    add: bool,
) {
    let products = a.rows * a.columns * b.columns;
    if products <= TINY {
        return plain_rows(c, 0, a, b, add);
    }
    tune();
    let product = |c: &mut [T], a: Matrix<'_, T>, parallelism| {
        let c = MatMut::from_row_major(c, a.rows, b.columns);
        gemmkit::gemm(T::from(1), a.view(), b.view(), T::from(u8::from(add)), c, parallelism);
    };
    let work = products / PRODUCTS_PER_ELEMENT;
    if ROW_BY_ROW.contains(&a.rows) && a.column_stride == 1 && b.row_stride == 1 {
        parallel::pieces(c, b.columns, work, |start, c| {
            let rows = c.chunks_exact_mut(b.columns).zip(start / b.columns..);
            rows.for_each(|(c, i)| product(c, a.rows(i, 1), Parallelism::Serial));
        });
    } else if work < parallel::MIN_PARALLEL_WORK {
        product(c, a, Parallelism::Serial);
    } else {
        product(c, a, Parallelism::Rayon(parallel::team_size()));
    }
}

/// Sets the library's thresholds for packing at the first product of the process: they are global, so a program that
/// calls `gemmkit` too keeps what it sets later. The library transposes a product with a row-major result, so its left
/// operand is our right one.
fn tune() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if is_x86_without_avx512() {
            let [rows, columns] = PACK_ON_AVX2;
            tuning::set_lhs_pack_threshold(rows);
            tuning::set_rhs_pack_threshold(columns);
        }
    });
}

#[cfg(target_arch = "x86_64")]
fn is_x86_without_avx512() -> bool {
    !std::arch::is_x86_feature_detected!("avx512f")
}

#[cfg(not(target_arch = "x86_64"))]
fn is_x86_without_avx512() -> bool {
    false
}

/// The product by its definition, for element types that the library does not support.
pub(crate) fn plain_gemm<T: Arithmetic>(c: &mut [T], a: Matrix<'_, T>, b: Matrix<'_, T>, add: bool) {
    parallel::pieces(c, b.columns, a.rows * a.columns * b.columns, |start, c| {
        plain_rows(c, start / b.columns, a, b, add)
    });
}

/// The rows of the product from `first` on, by its definition.
fn plain_rows<T: Arithmetic>(c: &mut [T], first: usize, a: Matrix<'_, T>, b: Matrix<'_, T>, add: bool) {
    for (c, i) in c.chunks_exact_mut(b.columns).zip(first..) {
        for (j, c) in c.iter_mut().enumerate() {
            let mut sum = if add { *c } else { T::default() };
            for k in 0..a.columns {
                let x = a.data[i * a.row_stride + k * a.column_stride];
                sum = sum + x * b.data[k * b.row_stride + j * b.column_stride];
            }
            *c = sum;
        }
    }
}
