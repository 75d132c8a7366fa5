//! c = a·b for matrices: the one place that calls the GEMM library.
//!
//! `gemmkit` was chosen among the crates with a safe interface: on the shapes of a small network (128×784×256 and the
//! like) it does 1.05 to 1.45 times the operations a second of `matrixmultiply` (through `ndarray`), allocates nothing
//! by call, and brings three crates. `gemm` is as fast, but its interface is unsafe.
//!
//! It shares a large product among the threads of the rayon pool that it is called in, by rows and columns of the
//! result, in blocks that depend on the shape alone: so the bits do not depend on the number of threads.

use crate::array::machine::parallel;
use gemmkit::{GemmScalar, MatMut, MatRef, Parallelism, tuning};
use std::ops::{Add, Mul, RangeInclusive};

/// So many products of a fast matrix product take the time of one element of a cheap loop.
pub(crate) const PRODUCTS: usize = 14;

/// Up to so many products the plain loop takes less time than the library does to begin.
const TINY: usize = 128;

/// With so many rows, of operands that both lie along the axis that is summed (a small batch times the weights of a
/// layer), a product for each row: the library would first copy the right operand into another order, which takes up to
/// five times as long as the products. (From 12 rows on it pays off, for some sizes; one row it does as here.)
const FEW: RangeInclusive<usize> = 2..=8;

/// For more rows of the result than these, the library is to copy the right operand into the order in which its kernels
/// for AVX2 read it, rather than for more than 1024: [128, 784] by [784, 256] takes 0.87 times as long then, [512, 1024] by
/// [1024, 1024], in whose rows all elements of a column fall into one set of the first cache, 0.56 times. (Where there is
/// AVX-512 the library's own threshold stays, which was found on such a processor.)
const RIGHT_COPIED: usize = 48;

/// From so many columns of the result on, it is to copy a transposed left operand, rather than from 2048 on: 0.7 to 0.9
/// times as long. (One that is not transposed it need not copy: that takes up to 1.4 times as long.)
const LEFT_COPIED: usize = 200;

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

    /// Some rows of it.
    fn rows(self, first: usize, count: usize) -> Self {
        Self { data: &self.data[first * self.row_stride..], rows: count, ..self }
    }

    fn view(self) -> MatRef<'a, T> {
        MatRef::new(self.data, self.rows, self.columns, self.row_stride as isize, self.column_stride as isize)
    }
}

/// What the plain loop needs of an element.
pub(crate) trait Arithmetic: Copy + Default + Add<Output = Self> + Mul<Output = Self> + Send + Sync {}

impl<T: Copy + Default + Add<Output = T> + Mul<Output = T> + Send + Sync> Arithmetic for T {}

/// c = a·b, or c + a·b, for row-major c.
pub(crate) fn fast_gemm<T: GemmScalar + Arithmetic + From<u8>>(
    c: &mut [T],
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    add: bool,
) {
    let products = a.rows * a.columns * b.columns;
    if products <= TINY {
        return rows(c, 0, a, b, add);
    }
    choose_copies(a);
    let product = |c: &mut [T], a: Matrix<'_, T>, parallelism| {
        let c = MatMut::from_row_major(c, a.rows, b.columns);
        gemmkit::gemm(T::from(1), a.view(), b.view(), T::from(u8::from(add)), c, parallelism);
    };
    let work = products / PRODUCTS;
    if FEW.contains(&a.rows) && a.column_stride == 1 && b.row_stride == 1 {
        parallel::pieces(c, b.columns, work, |start, c| {
            let rows = c.chunks_exact_mut(b.columns).zip(start / b.columns..);
            rows.for_each(|(c, i)| product(c, a.rows(i, 1), Parallelism::Serial));
        });
    } else if work < parallel::SHARED {
        product(c, a, Parallelism::Serial);
    } else {
        product(c, a, Parallelism::Rayon(parallel::team()));
    }
}

/// The library's thresholds are those of the process, and it takes a row-major result for a transposed one: its right
/// operand is our left. (Where threads set them differently at one time, a product may take longer; its bits are the same.)
fn choose_copies<T>(a: Matrix<'_, T>) {
    let left = if a.row_stride == 1 { LEFT_COPIED } else { tuning::RHS_PACK_THRESHOLD_DEFAULT };
    tuning::set_rhs_pack_threshold(left);
    tuning::set_lhs_pack_threshold(if is_avx2() { RIGHT_COPIED } else { tuning::LHS_PACK_THRESHOLD_DEFAULT });
}

/// Whether that is the widest vector unit.
#[cfg(target_arch = "x86_64")]
fn is_avx2() -> bool {
    !std::arch::is_x86_feature_detected!("avx512f")
}

#[cfg(not(target_arch = "x86_64"))]
fn is_avx2() -> bool {
    false
}

/// The product by its definition, for element types that the library does not know.
pub(crate) fn plain_gemm<T: Arithmetic>(c: &mut [T], a: Matrix<'_, T>, b: Matrix<'_, T>, add: bool) {
    parallel::pieces(c, b.columns, a.rows * a.columns * b.columns, |start, c| rows(c, start / b.columns, a, b, add));
}

/// Rows of the product, from the given one on, by its definition.
fn rows<T: Arithmetic>(c: &mut [T], first: usize, a: Matrix<'_, T>, b: Matrix<'_, T>, add: bool) {
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
