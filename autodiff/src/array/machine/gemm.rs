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

/// The number of multiply-adds in a fast matrix product that take as long as one element of a cheap loop.
pub(crate) const PRODUCTS_PER_ELEMENT: usize = 14;

/// The number of multiply-adds up to which the plain loop is faster than starting the library.
const TINY: usize = 128;

/// The numbers of rows that are multiplied one by one if both operands are contiguous along the summed axis: packing
/// the right operand would take up to five times as long as the product. It pays off from 12 rows on, for some sizes.
const ROW_BY_ROW: RangeInclusive<usize> = 2..=8;

/// The number of rows above which the library packs the right operand for its AVX2 kernels, in place of 1024.
///
/// [128, 784] by [784, 256] then takes 0.87 times as long; [512, 1024] by [1024, 1024], whose columns each fall into
/// one set of the first-level cache, 0.56 times. The library's own threshold was tuned on AVX-512 and stays there.
const PACK_RHS_ABOVE: usize = 48;

/// The number of columns above which the library packs a transposed left operand, in place of 2048: the product takes
/// 0.7 to 0.9 times as long. If the operand is not transposed, packing takes up to 1.4 times as long.
const PACK_LHS_ABOVE: usize = 200;

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
    set_packing_thresholds(a);
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

/// Sets the library's thresholds for packing. The library transposes a product with a row-major result, so its right
/// operand is our left one. The thresholds are global: if threads race, a product may be slower, with the same bits.
fn set_packing_thresholds<T>(a: Matrix<'_, T>) {
    let left = if a.row_stride == 1 { PACK_LHS_ABOVE } else { tuning::RHS_PACK_THRESHOLD_DEFAULT };
    tuning::set_rhs_pack_threshold(left);
    tuning::set_lhs_pack_threshold(if is_x86_without_avx512() {
        PACK_RHS_ABOVE
    } else {
        tuning::LHS_PACK_THRESHOLD_DEFAULT
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
