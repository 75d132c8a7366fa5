//! Products by the GEMM library `gemmkit`.
//!
//! `gemmkit` has a safe interface, allocates nothing per call and brings three crates. On the shapes of a small network
//! (128×784×256 and the like) it does 1.05 to 1.45 times the operations a second of `matrixmultiply` (through
//! `ndarray`). `gemm` is as fast, but its interface is unsafe.
//!
//! `gemmkit` splits the rows and columns of a large result among the threads of the current rayon pool. The blocks
//! depend on the shape alone, so the bits do not depend on the number of threads.

use super::Fast;
use super::matrix::{Matrix, Product};
use crate::array::machine::parallel;
use gemmkit::{MatMut, MatRef, Parallelism, tuning};
use std::ops::RangeInclusive;
use std::sync::Once;

/// The numbers of rows that are multiplied one by one if both operands are contiguous along the summed axis: packing
/// the right operand would take up to five times as long as the product. It pays off from 12 rows on, for some sizes.
const ROW_BY_ROW: RangeInclusive<usize> = 2..=8;

/// The numbers of rows and of columns above which the library packs our right and our left operand, on AVX2.
///
/// Its own, 1024 and 2048, were tuned on AVX-512. With them, a step of 784-1024-1024-10 takes 1.3 to 1.4 times as long
/// on AVX2, since each column of [1024, 1024] falls into one set of the first-level cache.
const PACK_ON_AVX2: [usize; 2] = [48, 512];

/// c = product. `work` is its cost in elements of a cheap loop.
pub(super) fn product<T: Fast>(c: &mut [T], product: Product<'_, T>, work: usize) {
    tune();
    let Product { a, b, addend } = product;
    if let Some(addend) = addend {
        let rows = c.chunks_exact_mut(b.columns).zip(0..);
        rows.for_each(|(c, i)| c.copy_from_slice(&addend.from(i, 0)[..b.columns]));
    }
    let beta = T::from(u8::from(addend.is_some()));
    let product = |c: &mut [T], a: Matrix<'_, T>, parallelism| {
        let c = MatMut::from_row_major(c, a.rows, b.columns);
        gemmkit::gemm(T::from(1), view(a), view(b), beta, c, parallelism);
    };
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

/// Whether this machine has all instructions for which the kernels that the library would choose are compiled. Those for
/// AVX2 may use the conversions of half precision, which it does not ask for.
#[cfg(target_arch = "x86_64")]
pub(super) fn is_supported() -> bool {
    std::arch::is_x86_feature_detected!("f16c") || !std::arch::is_x86_feature_detected!("avx2")
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn is_supported() -> bool {
    true
}

fn view<T>(x: Matrix<'_, T>) -> MatRef<'_, T> {
    MatRef::new(x.data, x.rows, x.columns, x.row_stride as isize, x.column_stride as isize)
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
