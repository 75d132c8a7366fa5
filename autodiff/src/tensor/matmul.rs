//! The batched matrix product.

use super::gemm::PRODUCTS;
use super::read::Starts;
use super::storage::Storage;
use super::{Matrix, Tensor, parallel};
use crate::element::Element;
use crate::op::Matmul;
use crate::shape::Shape;
use std::borrow::Cow;

/// The product over the last two axes, and a third operand added to it, for shapes that were checked.
pub(super) fn matmul<T: Element>(op: Matmul, x: &[&Tensor<T>], shape: Shape) -> Tensor<T> {
    let mut data = Storage::recycled(shape.size()); // all of it is written, or it is empty
    if let Some(addend) = x.get(2) {
        match addend.as_slice() {
            // A bias, as it is met most often: no view of it is made.
            Some(row) if shape.last() == Some(&row.len()) && addend.shape.last() == shape.last() => {
                data.chunks_exact_mut(row.len().max(1)).for_each(|y| y.copy_from_slice(row));
            }
            _ => addend.broadcast_view(&shape).copy_to(&mut data),
        }
    }
    let operands = [Operand::new(x[0], op.transpose_lhs), Operand::new(x[1], op.transpose_rhs)];
    match (&*shape, data.len()) {
        (_, 0) => {}
        ([_, _], _) => {
            let [a, b] = operands.each_ref().map(|operand| operand.at(operand.x.offset));
            T::gemm(&mut data, a, b, x.len() > 2);
        }
        _ => batch(&mut data, &operands, &shape, x.len() > 2),
    }
    Tensor::contiguous_in(shape, data)
}

/// A product for each index of the axes before the last two.
fn batch<T: Element>(data: &mut [T], [lhs, rhs]: &[Operand<'_, T>; 2], shape: &Shape, add: bool) {
    let size = shape[shape.rank() - 2] * shape[shape.rank() - 1];
    let products = data.len().saturating_mul(lhs.at(lhs.x.offset).columns);
    parallel::pieces(data, size, products / PRODUCTS, |start, c| {
        let first = start / size;
        let places = lhs.starts().after(first).zip(rhs.starts().after(first));
        for (c, (a, b)) in c.chunks_exact_mut(size).zip(places) {
            T::gemm(c, lhs.at(a), rhs.at(b), add);
        }
    });
}

/// An operand as it is read. Negative strides, which GEMM does not take, are copied away.
struct Operand<'a, T: Clone> {
    x: Cow<'a, Tensor<T>>,
    transposed: bool,
}

impl<'a, T: Element> Operand<'a, T> {
    fn new(x: &'a Tensor<T>, transposed: bool) -> Self {
        let x = match x.matrix_strides().iter().all(|&stride| stride >= 0) {
            true => Cow::Borrowed(x),
            false => Cow::Owned(x.contiguous()),
        };
        Self { x, transposed }
    }

    fn starts(&self) -> Starts {
        let batch = self.x.shape.rank() - 2;
        Starts::new(&self.x.shape[..batch], &self.x.strides()[..batch], self.x.offset)
    }

    /// The matrix that starts at a place in the storage.
    fn at(&self, start: usize) -> Matrix<'_, T> {
        let x = &self.x;
        let sizes = [x.shape[x.shape.rank() - 2], x.shape[x.shape.rank() - 1]];
        let strides = x.matrix_strides().map(|stride| stride as usize);
        let (down, right) = if self.transposed { (1, 0) } else { (0, 1) };
        Matrix {
            data: if x.size() == 0 { &[] } else { &x.data[start..] },
            rows: sizes[down],
            columns: sizes[right],
            row_stride: strides[down],
            column_stride: strides[right],
        }
    }
}
