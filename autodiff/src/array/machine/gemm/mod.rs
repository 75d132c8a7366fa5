//! The matrix product c = a·b, possibly plus an addend: by kernels of our own if it is small or thin, else by a library.
//!
//! The bits of a result depend neither on the number of threads nor on the other rows of `a`.

mod dots;
mod lanes;
mod library;
mod matrix;
mod plain;
mod small;
#[cfg(test)]
mod tests;
mod tiles;
mod transpose;

use crate::array::machine::parallel;
pub use matrix::Matrix;
use matrix::Product;
pub(crate) use plain::Arithmetic;

/// The number of multiply-adds in a fast matrix product that take as long as one element of a cheap loop.
pub(crate) const PRODUCTS_PER_ELEMENT: usize = 14;

/// The number of multiply-adds up to which the plain loop is faster than choosing a kernel.
const TINY: usize = 128;

/// A number with fast products: `f32` or `f64`.
pub(crate) trait Fast: gemmkit::GemmScalar + Arithmetic + From<u8> + small::Small {}

impl Fast for f32 {}
impl Fast for f64 {}

/// Computes c = a·b, plus the addend if there is one, for row-major c. The rows of the addend are contiguous.
pub(crate) fn fast_gemm<T: Fast>(c: &mut [T], a: Matrix<'_, T>, b: Matrix<'_, T>, addend: Option<Matrix<'_, T>>) {
    let product = Product { a, b, addend };
    let work = product.work();
    if work <= TINY {
        plain::rows(c, product);
        return;
    }
    let only_kernel = || (!library::is_supported()).then_some(small::Kernel::Tiles);
    if let Some(kernel) = small::kernel(&product, work).or_else(only_kernel) {
        parallel::pieces(c, b.columns, work / PRODUCTS_PER_ELEMENT, |start, c| {
            small::product(kernel, c, product.rows(start / b.columns, c.len() / b.columns));
        });
    } else {
        library::product(c, product, work / PRODUCTS_PER_ELEMENT);
    }
}

/// As [`fast_gemm`], by the definition of the product, for any element type.
pub(crate) fn plain_gemm<T: Arithmetic>(
    c: &mut [T],
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    addend: Option<Matrix<'_, T>>,
) {
    let product = Product { a, b, addend };
    parallel::pieces(c, b.columns, product.work(), |start, c| {
        plain::rows(c, product.rows(start / b.columns, c.len() / b.columns));
    });
}
