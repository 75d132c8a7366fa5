//! A primitive operation as data.

use super::linear::Linear;
use super::pointwise::Pointwise;
use super::primitive::Custom;
use std::sync::Arc;

/// A primitive operation.
#[derive(Clone, Debug)]
pub enum Op {
    /// Element by element, on operands of one shape.
    Pointwise(Pointwise),
    /// Linear in its operands: elements are moved, repeated or added up.
    Linear(Linear),
    /// The matrix product over the last two axes, one for each index of the axes before them, of two operands; a third
    /// one is added to it.
    Matmul(Matmul),
    /// x − ln Σ eˣ along one axis: a primitive for accuracy (the largest element is subtracted first, and never seen by
    /// a derivative) and for cost (one pass over each row, both ways).
    LogSoftmax {
        /// The axis along which the exponentials of the result add up to 1
        axis: usize,
    },
    /// The user's own primitive, see [`Primitive`](crate::Primitive).
    Custom(Arc<Custom>),
}

/// The contraction: x₀·x₁ over the last two axes, with either operand read transposed; or x₀·x₁ + x₂, where x₂ broadcasts
/// to the shape of the product, as a bias does: to add it costs nothing then. The batch axes before the last two are
/// equal; [`matmul`](crate::LinearAlgebra::matmul) broadcasts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matmul {
    /// Reads the last two axes of x₀ exchanged.
    pub transpose_lhs: bool,
    /// Reads the last two axes of x₁ exchanged.
    pub transpose_rhs: bool,
}

impl Op {
    /// Whether the result depends on operand `i` in a differentiable way.
    #[inline(always)]
    pub fn differentiable(&self, i: usize) -> bool {
        match self {
            Op::Pointwise(op) => op.differentiable(i),
            Op::Custom(op) => op.primitive().differentiable(i),
            Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } => true,
        }
    }
}

impl From<Pointwise> for Op {
    #[inline(always)]
    fn from(op: Pointwise) -> Self {
        Op::Pointwise(op)
    }
}

impl From<Linear> for Op {
    fn from(op: Linear) -> Self {
        Op::Linear(op)
    }
}

impl From<Matmul> for Op {
    fn from(op: Matmul) -> Self {
        Op::Matmul(op)
    }
}
