//! Products that are too small or too thin for the library, whose preparation would take as long as the product.

use super::lanes::Buffered;
use super::matrix::{Matrix, Product};
use super::transpose::{Turn, transpose};
use super::{dots, tiles};
use pulp::{Simd, WithSimd};

/// The multiply-adds up to which a product is small.
const SMALL: usize = 1 << 17;

/// The largest side of a product that is thin: of c, or of the sum.
const THIN: usize = 4;

/// The terms from which a dot product pays off.
const LONG: usize = 8;

/// The most elements that are rearranged.
const MAX_BUFFER: usize = 1 << 17;

/// A way to compute a product.
#[derive(Clone, Copy)]
pub(super) enum Kernel {
    /// By dot products of the rows of a with the columns of b.
    Dots,
    /// By tiles, along the rows of b.
    Tiles,
    /// By tiles of the transposed result, along the columns of a.
    TransposedTiles,
}

/// The kernel for a product that takes `work` multiply-adds, or `None` if the library is faster.
#[inline]
pub(super) fn kernel<T>(Product { a, b, addend }: &Product<'_, T>, work: usize) -> Option<Kernel> {
    let (rows, columns) = (a.rows, b.columns);
    let is_thin = rows.min(columns).min(a.columns) <= THIN;
    let elements = b.rows * columns + if columns <= THIN { rows * columns } else { 0 };
    if work > SMALL && !(is_thin && elements <= MAX_BUFFER) {
        return None;
    }
    let rows_of_a = a.column_stride == 1 && a.columns >= LONG;
    let few_columns = columns <= THIN && rows > columns;
    if few_columns && rows_of_a {
        return (columns > 1).then_some(Kernel::Dots); // the library's product of a matrix and a vector is as fast
    }
    if few_columns && a.row_stride == 1 && addend.is_none() {
        return Some(Kernel::TransposedTiles);
    }
    let columns_of_b = b.row_stride == 1 && b.column_stride != 1;
    Some(if rows <= THIN && rows_of_a && columns_of_b { Kernel::Dots } else { Kernel::Tiles })
}

/// c = product.
pub(super) fn product<T: Small>(kernel: Kernel, c: &mut [T], product: Product<'_, T>) {
    let b = product.b;
    match kernel {
        Kernel::Dots => with_columns(b, |b| T::by_dots(c, Product { b, ..product })),
        Kernel::Tiles => with_columns(b.transposed(), |b| T::by_tiles(c, Product { b: b.transposed(), ..product })),
        Kernel::TransposedTiles => transposed_product(c, product),
    }
}

/// cᵀ = bᵀ·aᵀ, for few columns of c, along the contiguous columns of a.
fn transposed_product<T: Small>(c: &mut [T], Product { a, b, .. }: Product<'_, T>) {
    let (rows, columns) = (b.columns, a.rows);
    let product = Product { a: b.transposed(), b: a.transposed(), addend: None };
    if rows == 1 {
        return T::by_tiles(c, product);
    }
    T::with_buffer(rows * columns, |buffer| {
        T::by_tiles(buffer, product);
        transpose(c, Matrix::row_major(buffer, rows, columns).transposed());
    });
}

/// Calls `f` with the matrix, or with a copy if its columns are not contiguous.
fn with_columns<T: Small>(x: Matrix<'_, T>, f: impl FnOnce(Matrix<'_, T>)) {
    let (rows, columns) = (x.rows, x.columns);
    if x.row_stride == 1 || rows == 1 {
        return f(Matrix { row_stride: 1, ..x });
    }
    T::with_buffer(rows * columns, |buffer| {
        match x.column_stride {
            1 => transpose(buffer, x.transposed()),
            _ => buffer.chunks_exact_mut(rows).zip(0..).for_each(|(y, j)| {
                y.iter_mut().zip(0..).for_each(|(y, i)| *y = x.from(i, j)[0]);
            }),
        }
        f(Matrix::row_major(buffer, columns, rows).transposed());
    });
}

/// A number whose products are computed on the widest vector unit of this machine.
pub(crate) trait Small: Buffered + Turn + Default {
    fn by_tiles(c: &mut [Self], product: Product<'_, Self>);
    fn by_dots(c: &mut [Self], product: Product<'_, Self>);
}

pub(super) struct ByTiles<'a, T>(pub(super) &'a mut [T], pub(super) Product<'a, T>);
pub(super) struct ByDots<'a, T>(pub(super) &'a mut [T], pub(super) Product<'a, T>);

macro_rules! small {
    ($($type:ident)*) => {$(
        impl Small for $type {
            fn by_tiles(c: &mut [Self], product: Product<'_, Self>) {
                pulp::Arch::new().dispatch(ByTiles(c, product));
            }

            fn by_dots(c: &mut [Self], product: Product<'_, Self>) {
                pulp::Arch::new().dispatch(ByDots(c, product));
            }
        }

        impl WithSimd for ByTiles<'_, $type> {
            type Output = ();
            #[inline(always)]
            fn with_simd<S: Simd>(self, simd: S) {
                tiles::product(simd, self.0, self.1);
            }
        }

        impl WithSimd for ByDots<'_, $type> {
            type Output = ();
            #[inline(always)]
            fn with_simd<S: Simd>(self, simd: S) {
                dots::product(simd, self.0, self.1);
            }
        }
    )*};
}

small!(f32 f64);
