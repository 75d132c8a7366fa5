//! The primitive operations, as one enum.

#[cfg(feature = "linalg")]
use super::decomposition::Decomposition;
use super::linear::Linear;
use super::pointwise::Pointwise;
use super::primitive::Custom;
use std::sync::Arc;

/// A primitive operation.
#[derive(Clone, Debug)]
pub enum Op {
    /// Acts element by element, on operands of one shape.
    Pointwise(Pointwise),
    /// Moves, repeats or sums elements: linear in its operands.
    Linear(Linear),
    /// The matrix product over the last two axes of two operands, for each index of the batch axes before them. A third
    /// operand, if there is one, is added.
    Matmul(Matmul),
    /// x − ln Σ eˣ along one axis. As a primitive it is accurate, since the largest element is subtracted first without
    /// being differentiated. It is also fast: one pass over each row in each direction.
    LogSoftmax {
        /// The axis along which the exponentials of the result sum to 1
        axis: usize,
    },
    /// A decomposition of matrices, or a system of linear equations, over the last two axes.
    #[cfg(feature = "linalg")]
    Decomposition(Decomposition),
    /// A primitive defined by the user, see [`Primitive`](crate::Primitive).
    Custom(Arc<Custom>),
}

/// The matrix product x₀·x₁ over the last two axes, or x₀·x₁ + x₂. Either factor may be read transposed.
///
/// The addend x₂ broadcasts to the shape of the product, as a bias does; the product accumulates onto it at no extra
/// cost. The batch axes of the factors are equal; [`matmul`](crate::LinearAlgebra::matmul) broadcasts them first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matmul {
    /// Whether x₀ is read with its last two axes exchanged
    pub transpose_lhs: bool,
    /// Whether x₁ is read with its last two axes exchanged
    pub transpose_rhs: bool,
}

impl Op {
    /// Whether the result has a derivative with respect to operand `i`. Passes skip an operand without one.
    #[inline]
    pub fn differentiable(&self, i: usize) -> bool {
        match self {
            Op::Pointwise(op) => op.differentiable(i),
            Op::Custom(op) => op.primitive().differentiable(i),
            Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } => true,
            #[cfg(feature = "linalg")]
            Op::Decomposition(_) => true,
        }
    }
}

impl From<Pointwise> for Op {
    #[inline]
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

#[cfg(feature = "linalg")]
impl From<Decomposition> for Op {
    fn from(op: Decomposition) -> Self {
        Op::Decomposition(op)
    }
}
