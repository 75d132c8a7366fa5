//! The batched matrix product.

use crate::array::machine::{Matrix, PRODUCTS_PER_ELEMENT, parallel};
use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use crate::array::shape::Shape;
use crate::array::view::Starts;
use smallvec::SmallVec;
use std::borrow::Cow;

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
    let (lhs, rhs) = (Operand { x: x[0], transposed: transpose_lhs }, Operand { x: x[1], transposed: transpose_rhs });
    let addend = x.get(2).map(|x| with_contiguous_rows(x, &shape));
    let addend = addend.as_deref().map(|x| Operand { x, transposed: false });
    match (shape.rank(), y.len()) {
        (_, 0) => {}
        (2, _) => T::gemm(y, lhs.first(), rhs.first(), addend.map(|addend| addend.rows_of(&shape, addend.x.offset))),
        _ => batch(y, lhs, rhs, addend, &shape),
    }
    Tensor::contiguous_in(shape, data)
}

/// The addend itself if it is a row or a whole result without gaps, else a copy in the shape of the result.
fn with_contiguous_rows<'a, T: Number>(x: &'a Tensor<T>, shape: &Shape) -> Cow<'a, Tensor<T>> {
    let is_row = x.size() == shape[shape.rank() - 1] && x.shape.last() == shape.last();
    match x.is_contiguous() && (is_row || x.shape == *shape) {
        true => Cow::Borrowed(x),
        false => Cow::Owned(x.broadcast_view(shape).contiguous()),
    }
}

/// A product for each index of the axes before the last two.
fn batch<T: Number>(
    y: &mut [T],
    lhs: Operand<'_, T>,
    rhs: Operand<'_, T>,
    addend: Option<Operand<'_, T>>,
    shape: &Shape,
) {
    let size = shape[shape.rank() - 2] * shape[shape.rank() - 1];
    let products = y.len().saturating_mul(lhs.first().columns);
    parallel::pieces(y, size, products / PRODUCTS_PER_ELEMENT, |start, y| {
        let first = start / size;
        let places = lhs.starts().skipping(first).zip(rhs.starts().skipping(first)).zip(first..);
        for (y, ((a, b), i)) in y.chunks_exact_mut(size).zip(places) {
            let addend = addend.as_ref().map(|addend| addend.rows_of(shape, addend.x.offset + i * size));
            T::gemm(y, lhs.at(a), rhs.at(b), addend);
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

    /// The first matrix.
    #[inline]
    fn first(&self) -> Matrix<'a, T> {
        self.at(self.x.offset)
    }

    /// An addend for a result of this shape: the matrix that starts at an offset, or the only row, repeated.
    #[inline]
    fn rows_of(&self, shape: &Shape, start: usize) -> Matrix<'a, T> {
        let [rows, columns] = *shape.last_chunk().expect("a matrix has at least two axes");
        match self.x.size() == columns {
            true => Matrix { row_stride: 0, ..Matrix::row_major(&self.x.data[self.x.offset..], rows, columns) },
            false => Matrix::row_major(&self.x.data[start..], rows, columns),
        }
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
