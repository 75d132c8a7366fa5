//! Matrix products, diagonals and triangles.

use super::math::Math;
use super::structural::{Structural, linear, linear_as};
use crate::algebra::op::{Linear, Matmul, Op};
use crate::algebra::value::{Operand, Reading, broadcast, check_broadcast};
use crate::array::{Number, OrPanic, Shape, ShapeError, Tensor};

const PLAIN: Matmul = Matmul { transpose_lhs: false, transpose_rhs: false };

/// Matrix products, diagonals and triangles.
///
/// The other operand of a product may be a plain tensor, which becomes a constant: see [`Operand`].
/// Products act on the last two axes, by numpy's rules. The axes before them are batch axes and are broadcast. A vector
/// on the left is a row, and a vector on the right is a column; the result does not have its axis. A function without
/// an axis reduces as the [rule for axes](Structural#axes) says; [`trace`](LinearAlgebra::trace) sums one diagonal of
/// each matrix.
///
/// # Panics
/// Each function panics at the caller's line if the shapes do not fit, with the operation and all shapes.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(x.diagonal().diagonal_matrix() + x.tril(-1) + x.triu(1), x);
/// assert_eq!(grad(&x, |x| x.trace()), Tensor::ones([2]).diagonal_matrix());
/// ```
pub trait LinearAlgebra: Reading {
    /// The matrix product: \[…, m, k\] × \[…, k, n\] → \[…, m, n\].
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(x.matmul(&Tensor::from([1.0, 1.0])), Tensor::from([3.0, 7.0]));
    /// ```
    #[track_caller]
    fn matmul(&self, other: impl Operand<Self>) -> Self {
        product("matmul", PLAIN, self, &other.cast(self)).or_panic()
    }

    /// Does the same as [`matmul`](LinearAlgebra::matmul), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the shapes do not fit.
    #[track_caller]
    fn try_matmul(&self, other: &Self) -> Result<Self, ShapeError> {
        product("matmul", PLAIN, self, other)
    }

    /// The product x·yᵀ, without a copy of y: \[…, m, k\] × \[…, n, k\] → \[…, m, n\]. This is a layer whose weights
    /// are stored as \[out, in\].
    #[track_caller]
    fn matmul_t(&self, other: impl Operand<Self>) -> Self {
        product("matmul_t", Matmul { transpose_rhs: true, ..PLAIN }, self, &other.cast(self)).or_panic()
    }

    /// The product xᵀ·y, without a copy of x: \[…, k, m\] × \[…, k, n\] → \[…, m, n\].
    #[track_caller]
    fn t_matmul(&self, other: impl Operand<Self>) -> Self {
        product("t_matmul", Matmul { transpose_lhs: true, ..PLAIN }, self, &other.cast(self)).or_panic()
    }

    /// The affine map x·Wᵀ + b of a layer: \[…, in\] × \[out, in\] + \[out\] → \[…, out\]. For a batch \[n, in\] it is
    /// one operation: the product accumulates onto the bias, so the bias needs no pass of its own.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let (w, b) = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), Tensor::from([10.0, 20.0]));
    /// assert_eq!(Tensor::from([1.0, 1.0]).affine(&w, &b).to_vec(), [13.0, 27.0]);
    /// ```
    #[track_caller]
    fn affine(&self, weight: &Self, bias: &Self) -> Self {
        self.try_affine(weight, bias).or_panic()
    }

    /// Does the same as [`affine`](LinearAlgebra::affine), or returns an error.
    ///
    /// # Errors
    /// Returns an error if the shapes do not fit. The bias is not broadcast.
    #[inline]
    #[track_caller]
    fn try_affine(&self, weight: &Self, bias: &Self) -> Result<Self, ShapeError> {
        let op = Matmul { transpose_rhs: true, ..PLAIN };
        let (x, w, b) = (self.shape(), weight.shape(), bias.shape());
        match (&*x, &*w, &*b) {
            ([_, inputs], [outputs, columns], [biases]) if inputs == columns && outputs == biases => {
                Ok(Self::apply(&Op::Matmul(op), &[self, weight, bias]))
            }
            ([.., inputs], [outputs, columns], [biases]) if inputs == columns && outputs == biases => {
                Ok(self.matmul_t(weight) + bias)
            }
            _ => Err(ShapeError::new("affine", [&x, &w, &b], "the shapes […, in], [out, in] and [out] are needed")),
        }
    }

    /// The sum of the products of all elements, a scalar. Operands of different shapes are broadcast first.
    #[track_caller]
    fn dot(&self, other: impl Operand<Self>) -> Self {
        let other = other.cast(self);
        check_broadcast("dot", self, &*other);
        (self.clone() * &*other).sum()
    }

    /// The outer product of two vectors: \[m\] × \[n\] → \[m, n\].
    #[track_caller]
    fn outer(&self, other: &Self) -> Self {
        let (x, y) = (self.shape(), other.shape());
        let column: Shape = x.iter().copied().chain([1]).collect();
        if column.broadcast(&y).and_then(|product| product.checked_size()).is_none() {
            panic!("outer: {x} × {y}: there is no outer product of these shapes");
        }
        linear_as(self, "outer", Linear::Reshape(column)) * other
    }

    /// The diagonal of the last two axes: \[…, m, n\] → \[…, min(m, n)\].
    #[track_caller]
    fn diagonal(&self) -> Self {
        let shape = matrix_shape(self, "diagonal");
        let (batch, [rows, columns]) = (&shape[..shape.rank() - 2], [shape[shape.rank() - 2], shape[shape.rank() - 1]]);
        let flat: Shape = batch.iter().copied().chain([rows * columns]).collect();
        let len = rows.min(columns);
        let axis = flat.rank() - 1;
        linear(&self.reshape(flat), Linear::Slice { axis, start: 0, len, step: columns + 1 })
    }

    /// The diagonal matrix of each vector along the last axis: \[…, n\] → \[…, n, n\]. This is the transpose of
    /// [`diagonal`](LinearAlgebra::diagonal).
    #[track_caller]
    fn diagonal_matrix(&self) -> Self {
        let shape = self.shape();
        let Some((&n, batch)) = shape.split_last() else {
            panic!("diagonal_matrix: []: a vector is needed, which has rank 1 or more")
        };
        let op = Linear::Pad { axis: batch.len(), start: 0, size: n.saturating_mul(n), step: n + 1 };
        let padded = linear_as(self, "diagonal_matrix", op);
        padded.reshape(batch.iter().copied().chain([n, n]).collect::<Shape>())
    }

    /// The lower triangle of the last two axes. Elements above the diagonal that lies `offset` columns right of the
    /// main one are replaced by 0.
    #[track_caller]
    fn tril(&self, offset: isize) -> Self {
        let shape = matrix_shape(self, "tril");
        triangle(self, &shape, |row, column| column <= row.saturating_add(offset))
    }

    /// The upper triangle of the last two axes. Elements below the diagonal that lies `offset` columns right of the
    /// main one are replaced by 0.
    #[track_caller]
    fn triu(&self, offset: isize) -> Self {
        let shape = matrix_shape(self, "triu");
        triangle(self, &shape, |row, column| column >= row.saturating_add(offset))
    }

    /// The sum of the diagonal of the last two axes: \[…, m, n\] → \[…\].
    #[track_caller]
    fn trace(&self) -> Self {
        matrix_shape(self, "trace");
        self.diagonal().sum_axis(-1)
    }
}

impl<V: Reading> LinearAlgebra for V {}

#[track_caller]
fn product<V: Reading>(name: &str, op: Matmul, lhs: &V, rhs: &V) -> Result<V, ShapeError> {
    let given = [lhs.shape(), rhs.shape()];
    if given.iter().all(|shape| shape.rank() == 2) {
        Op::Matmul(op).infer(&[&given[0], &given[1]]).map_err(|error| error.of(name))?;
        return Ok(V::apply(&Op::Matmul(op), &[lhs, rhs]));
    }
    if given.iter().any(|shape| shape.rank() == 0) {
        return Err(ShapeError::new(name, &given, "a scalar is not a matrix: multiply by it with *"));
    }
    let (lhs, rhs) = (as_matrix(lhs, !op.transpose_lhs), as_matrix(rhs, op.transpose_rhs));
    let [(l_batch, l), (r_batch, r)] = [lhs.shape(), rhs.shape()].map(|shape| split_batch(&shape));
    let Some(batch) = l_batch.broadcast(&r_batch) else {
        return Err(ShapeError::new(name, &given, "the batch axes do not broadcast"));
    };
    let error = |error: ShapeError| error.of(name).with_shapes(&given);
    let (lhs, rhs) = match folds_batch(op, &l_batch, &r_batch) {
        true => (lhs.reshape([l_batch.size() * l[0], l[1]]), rhs),
        false => (broadcast(&lhs, &join(&batch, &l)), broadcast(&rhs, &join(&batch, &r))),
    };
    let y = V::try_apply(&Op::Matmul(op), &[&lhs, &rhs]).map_err(error)?;
    let rows = (given[0].rank() > 1).then_some(l[usize::from(op.transpose_lhs)]);
    let columns = (given[1].rank() > 1).then_some(r[usize::from(!op.transpose_rhs)]);
    Ok(y.reshape(batch.iter().copied().chain(rows).chain(columns).collect::<Shape>()))
}

/// Whether the batch axes of the left operand can be folded into its rows, since the right operand is a single matrix.
/// Both cotangents are then single products. A broadcast right matrix would need a product for each index of the batch,
/// and a sum over them.
fn folds_batch(op: Matmul, l_batch: &Shape, r_batch: &Shape) -> bool {
    l_batch.rank() > 0 && r_batch.rank() == 0 && !op.transpose_lhs
}

/// A vector as a matrix of one row or one column; a matrix unchanged.
#[track_caller]
fn as_matrix<V: Reading>(x: &V, row: bool) -> V {
    let shape = x.shape();
    match (shape.rank(), row) {
        (1, true) => x.reshape([1, shape[0]]),
        (1, false) => x.reshape([shape[0], 1]),
        _ => x.clone(),
    }
}

fn split_batch(shape: &Shape) -> (Shape, [usize; 2]) {
    let (batch, matrix) = shape.split_at(shape.rank() - 2);
    (batch.into(), [matrix[0], matrix[1]])
}

fn join(batch: &Shape, matrix: &[usize; 2]) -> Shape {
    batch.iter().chain(matrix).copied().collect()
}

#[track_caller]
fn matrix_shape<V: Reading>(x: &V, name: &str) -> Shape {
    let shape = x.shape();
    match shape.rank() {
        0 | 1 => panic!("{name}: {shape}: a matrix is needed, which has rank 2 or more"),
        _ => shape,
    }
}

/// Uses `select` rather than a product with the mask, so that elements outside the triangle may be infinite.
#[track_caller]
fn triangle<V: Reading>(x: &V, shape: &Shape, inside: impl Fn(isize, isize) -> bool) -> V {
    let (rows, columns) = (shape[shape.rank() - 2], shape[shape.rank() - 1]);
    let mask = Tensor::from_fn([rows, columns], |i| inside(i[0] as isize, i[1] as isize));
    let mask = x.lift(&mask.map(|&inside| Number::from_f64(inside.into())));
    mask.select(x, &x.full_like(0.0))
}
