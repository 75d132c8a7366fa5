//! The batched matrix product.

use super::gemm::PRODUCTS;
use super::read::Starts;
use super::storage::Storage;
use super::{Matrix, Tensor, parallel};
use crate::element::Element;
use crate::op::Matmul;
use crate::shape::Shape;

/// The product over the last two axes, and a third operand added to it, for shapes that were checked.
pub(super) fn matmul<T: Element>(op: Matmul, x: &[&Tensor<T>], shape: Shape) -> Tensor<T> {
    let (lhs, rhs) = (operand(x[0], op.transpose_lhs), operand(x[1], op.transpose_rhs));
    let mut data = Storage::recycled(shape.size()); // all of it is written, or it is empty
    if let Some(addend) = x.get(2) {
        addend.copy_to(&mut data);
    }
    let size = shape[shape.rank() - 2] * shape[shape.rank() - 1];
    if size > 0 {
        let products = data.len().saturating_mul(lhs.shape[lhs.shape.rank() - 1]);
        parallel::pieces(&mut data, size, products / PRODUCTS, |start, c| {
            let first = start / size;
            let batch = lhs.matrix_starts().after(first).zip(rhs.matrix_starts().after(first));
            for (c, (a, b)) in c.chunks_exact_mut(size).zip(batch) {
                T::gemm(c, lhs.matrix_at(a), rhs.matrix_at(b), x.len() > 2);
            }
        });
    }
    Tensor::contiguous_in(shape, data)
}

/// The operand as it is read. Negative strides, which GEMM does not take, and both strides zero are copied away.
fn operand<T: Element>(x: &Tensor<T>, transposed: bool) -> Tensor<T> {
    let rank = x.shape.rank();
    let readable = x.strides[rank - 2..].iter().all(|&stride| stride >= 0);
    let x = if readable { x.clone() } else { x.contiguous() };
    let mut axes: Vec<usize> = (0..rank).collect();
    if transposed {
        axes.swap(rank - 2, rank - 1);
    }
    x.permute_view(&axes)
}

impl<T> Tensor<T> {
    fn matrix_starts(&self) -> Starts {
        let batch = self.shape.rank() - 2;
        Starts::new(&self.shape[..batch], &self.strides[..batch], self.offset)
    }

    fn matrix_at(&self, start: usize) -> Matrix<'_, T> {
        let batch = self.shape.rank() - 2;
        Matrix {
            data: if self.size() == 0 { &[] } else { &self.data[start..] },
            rows: self.shape[batch],
            columns: self.shape[batch + 1],
            row_stride: self.strides[batch] as usize,
            column_stride: self.strides[batch + 1] as usize,
        }
    }
}
