//! Diagonals and triangles of matrices, for every reading.

use crate::Element;
use crate::math::Math;
use crate::op::Linear;
use crate::shape::Shape;
use crate::structural::{Structural, linear};
use crate::tensor::Tensor;
use crate::value::Value;

/// Functions on the last two axes as matrices; those before them count a batch.
///
/// A misfit panics at the caller's line with the operation and all shapes.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(x.diagonal().diagonal_matrix() + x.tril(-1) + x.triu(1), x);
/// assert_eq!(grad(&x, |x| x.trace()), Tensor::ones([2]).diagonal_matrix());
/// ```
pub trait Diagonal: Value {
    /// The elements \[…, i, i\] of the last two axes.
    #[track_caller]
    fn diagonal(&self) -> Self {
        let shape = matrix_shape(self, "diagonal");
        let (batch, [rows, columns]) = (&shape[..shape.rank() - 2], [shape[shape.rank() - 2], shape[shape.rank() - 1]]);
        let flat: Shape = batch.iter().copied().chain([rows * columns]).collect();
        let len = rows.min(columns);
        let axis = flat.rank() - 1;
        linear(&self.reshape(flat), Linear::Slice { axis, start: 0, len, step: columns + 1 })
    }

    /// A square matrix for each row of the last axis, with the row on its diagonal: the transpose of
    /// [`diagonal`](Diagonal::diagonal).
    #[track_caller]
    fn diagonal_matrix(&self) -> Self {
        let shape = self.shape();
        let Some((&n, batch)) = shape.split_last() else { panic!("diagonal_matrix: []: a vector is needed") };
        let padded = linear(self, Linear::Pad { axis: batch.len(), start: 0, size: n * n, step: n + 1 });
        padded.reshape(batch.iter().copied().chain([n, n]).collect::<Shape>())
    }

    /// The last two axes with zeros above the diagonal `offset` places right of the main one.
    #[track_caller]
    fn tril(&self, offset: isize) -> Self {
        let shape = matrix_shape(self, "tril");
        triangle(self, &shape, |row, column| column <= row + offset)
    }

    /// The last two axes with zeros below the diagonal `offset` places right of the main one.
    #[track_caller]
    fn triu(&self, offset: isize) -> Self {
        let shape = matrix_shape(self, "triu");
        triangle(self, &shape, |row, column| column >= row + offset)
    }

    /// The sum of the diagonal of the last two axes.
    #[track_caller]
    fn trace(&self) -> Self {
        self.diagonal().sum_axis(-1)
    }
}

impl<V: Value> Diagonal for V {}

#[track_caller]
fn matrix_shape<V: Value>(x: &V, name: &str) -> Shape {
    let shape = x.shape();
    match shape.rank() {
        0 | 1 => panic!("{name}: {shape}: a matrix is needed, which has rank 2 or more"),
        _ => shape,
    }
}

/// A select and no product, so that what is masked out may be infinite.
#[track_caller]
fn triangle<V: Value>(x: &V, shape: &Shape, inside: impl Fn(isize, isize) -> bool) -> V {
    let (rows, columns) = (shape[shape.rank() - 2], shape[shape.rank() - 1]);
    let mask = Tensor::from_fn([rows, columns], |i| inside(i[0] as isize, i[1] as isize));
    let mask = x.lift(&mask.map(|&inside| Element::from_f64(inside.into())));
    mask.select(x, &x.full_like(0.0))
}
