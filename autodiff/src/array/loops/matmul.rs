//! The batched matrix product.

use crate::array::machine::{Matrix, PRODUCTS_PER_ELEMENT, parallel};
use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use crate::array::shape::Shape;
use crate::array::view::Starts;
use smallvec::SmallVec;

/// The product over the last two axes, plus the third operand if there is one. The caller has checked the shapes.
pub(crate) fn matmul<T: Number>(
    [transpose_lhs, transpose_rhs]: [bool; 2],
    x: &[&Tensor<T>],
    shape: Shape,
) -> Tensor<T> {
    if let Some(i) = (0..2).find(|&i| x[i].is_matrix_reversed()) {
        let forward = x[i].contiguous(); // GEMM requires nonnegative strides
        let mut x: SmallVec<[&Tensor<T>; 3]> = x.into();
        x[i] = &forward;
        return matmul([transpose_lhs, transpose_rhs], &x, shape);
    }
    let mut data = Storage::recycled(shape.known_size());
    let y = &mut data[..];
    if let Some(addend) = x.get(2) {
        write_addend(y, addend, &shape);
    }
    let add = x.len() > 2;
    let (lhs, rhs) = (Operand { x: x[0], transposed: transpose_lhs }, Operand { x: x[1], transposed: transpose_rhs });
    match (shape.rank(), y.len()) {
        (_, 0) => {}
        (2, _) => T::gemm(y, lhs.at(lhs.x.offset), rhs.at(rhs.x.offset), add),
        _ => batch(y, lhs, rhs, &shape, add),
    }
    Tensor::contiguous_in(shape, data)
}

fn write_addend<T: Number>(y: &mut [T], addend: &Tensor<T>, shape: &Shape) {
    match addend.as_slice() {
        // The common case, a bias, without a view.
        Some(row) if shape.last() == Some(&row.len()) && addend.shape.last() == shape.last() => {
            y.chunks_exact_mut(row.len().max(1)).for_each(|y| y.copy_from_slice(row));
        }
        _ => addend.broadcast_view(shape).copy_to(y),
    }
}

/// A product for each index of the axes before the last two.
fn batch<T: Number>(y: &mut [T], lhs: Operand<'_, T>, rhs: Operand<'_, T>, shape: &Shape, add: bool) {
    let size = shape[shape.rank() - 2] * shape[shape.rank() - 1];
    let products = y.len().saturating_mul(lhs.at(lhs.x.offset).columns);
    parallel::pieces(y, size, products / PRODUCTS_PER_ELEMENT, |start, y| {
        let first = start / size;
        let places = lhs.starts().skipping(first).zip(rhs.starts().skipping(first));
        for (y, (a, b)) in y.chunks_exact_mut(size).zip(places) {
            T::gemm(y, lhs.at(a), rhs.at(b), add);
        }
    });
}

/// A matrix operand, possibly transposed.
struct Operand<'a, T> {
    x: &'a Tensor<T>,
    transposed: bool,
}

impl<'a, T: Number> Operand<'a, T> {
    fn starts(&self) -> Starts {
        let batch = self.x.shape.rank() - 2;
        Starts::new(&self.x.shape[..batch], &self.x.strides()[..batch], self.x.offset)
    }

    /// The matrix that starts at an offset in the storage.
    #[inline]
    fn at(&self, start: usize) -> Matrix<'a, T> {
        let [rows, columns] = *self.x.shape.last_chunk().expect("a matrix has at least two axes");
        let [row_stride, column_stride] = self.x.matrix_strides().map(|stride| stride as usize);
        let data = if rows * columns == 0 { &[] } else { &self.x.data[start..] };
        let matrix = Matrix { data, rows, columns, row_stride, column_stride };
        if self.transposed { matrix.transposed() } else { matrix }
    }
}
