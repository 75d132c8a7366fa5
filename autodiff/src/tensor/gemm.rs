//! c = a·b for matrices: the one place that calls the GEMM library.
//!
//! `gemmkit` was chosen among the crates with a safe interface: on the shapes of a small network (128×784×256 and the
//! like) it does 1.05 to 1.45 times the operations a second of `matrixmultiply` (through `ndarray`), allocates nothing
//! by call, and brings three crates. `gemm` is as fast, but its interface is unsafe.
//!
//! It shares a large product among the threads of the rayon pool that it is called in, by rows and columns of the
//! result, in blocks that depend on the shape alone: so the bits do not depend on the number of threads.

use crate::element::Element;
use crate::tensor::parallel;
use gemmkit::{GemmScalar, MatMut, MatRef, Parallelism};

/// So many products of a fast matrix product take the time of one element of a cheap loop.
pub(super) const PRODUCTS: usize = 14;

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
    fn view(self) -> MatRef<'a, T> {
        MatRef::new(self.data, self.rows, self.columns, self.row_stride as isize, self.column_stride as isize)
    }
}

pub(crate) fn fast<T: GemmScalar + From<u8>>(c: &mut [T], a: Matrix<'_, T>, b: Matrix<'_, T>) {
    let c = MatMut::from_row_major(c, a.rows, b.columns);
    let parallelism = match a.rows * a.columns * b.columns / PRODUCTS {
        work if work < parallel::SHARED => Parallelism::Serial,
        _ => Parallelism::Rayon(parallel::team()),
    };
    gemmkit::gemm(T::from(1), a.view(), b.view(), T::from(0), c, parallelism);
}

/// The product by its definition, for element types that the library does not know.
pub(crate) fn generic<T: Element>(c: &mut [T], a: Matrix<'_, T>, b: Matrix<'_, T>) {
    let columns = b.columns;
    parallel::pieces(c, columns, a.rows * a.columns * columns, |start, c| {
        for (i, c) in c.iter_mut().enumerate() {
            let (i, j) = ((start + i) / columns, (start + i) % columns);
            let products = (0..a.columns).map(|k| {
                a.data[i * a.row_stride + k * a.column_stride] * b.data[k * b.row_stride + j * b.column_stride]
            });
            *c = products.fold(T::from_f64(0.0), |sum, x| sum + x);
        }
    });
}
