//! The primitive operations, as data, in their kinds: pointwise, linear, contraction, softmax, and the user's own.
//!
//! An operation carries everything but its operands, so one value of [`Op`] says the same thing to every reading.
//! Those that are pointwise are 16 bytes, so that a node of a scalar tape stays at 32.

mod text;

use crate::axes::Axes;
use crate::custom::Custom;
use crate::infer;
use crate::shape::{Shape, ShapeError};
use crate::tensor::Tensor;
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

/// The pointwise operations. All operands have one shape, and the result has it too: broadcasting is an operation of
/// its own, [`Linear::Broadcast`], so that its transpose is the only place that sums back.
/// (Of two words: for what is copied in other parts than it was written in, a processor waits.)
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u64)]
pub enum Pointwise {
    /// −x
    Neg,
    /// c·x
    Scale(f64),
    /// x + c
    Shift(f64),
    /// c − x
    SubFrom(f64),
    /// x/c
    DivBy(f64),
    /// c/x
    DivInto(f64),
    /// 1/x
    Recip,
    /// x²
    Square,
    /// √x
    Sqrt,
    /// ∛x
    Cbrt,
    /// xⁿ for a whole n
    Powi(i32),
    /// xᶜ
    Powf(f64),
    /// eˣ
    Exp,
    /// eˣ − 1, accurate near 0
    Expm1,
    /// 2ˣ
    Exp2,
    /// The natural logarithm
    Ln,
    /// The logarithm to base 2
    Log2,
    /// The logarithm to base 10
    Log10,
    /// ln(1 + x), accurate near 0
    Ln1p,
    /// The sine
    Sin,
    /// The cosine
    Cos,
    /// The tangent
    Tan,
    /// The inverse sine
    Asin,
    /// The inverse cosine
    Acos,
    /// The inverse tangent
    Atan,
    /// The hyperbolic sine
    Sinh,
    /// The hyperbolic cosine
    Cosh,
    /// The hyperbolic tangent
    Tanh,
    /// The inverse hyperbolic sine
    Asinh,
    /// The inverse hyperbolic cosine
    Acosh,
    /// The inverse hyperbolic tangent
    Atanh,
    /// 1/(1 + e⁻ˣ)
    Sigmoid,
    /// ln(1 + eˣ)
    Softplus,
    /// The error function
    Erf,
    /// max(0, x)
    Relu,
    /// |x|
    Abs,
    /// max(x, c)
    AtLeast(f64),
    /// min(x, c)
    AtMost(f64),
    /// −1, 0 or 1; derivative zero
    Sign,
    /// 1 where x ≥ 0, else 0; derivative zero
    Step,
    /// The largest whole number ≤ x; derivative zero
    Floor,
    /// x itself, with no derivative beyond here
    Detach,
    /// x₀ + x₁
    Add,
    /// x₀ − x₁
    Sub,
    /// x₀·x₁
    Mul,
    /// x₀·x₁, and 0 where either is 0, whatever the other: the product of the chain rule
    Chain,
    /// x₀/x₁
    Div,
    /// x₀ − trunc(x₀/x₁)·x₁, the remainder with the sign of x₀
    Rem,
    /// x₀ to the power x₁
    Pow,
    /// The angle of the point (x₁, x₀)
    Atan2,
    /// √(x₀² + x₁²) without overflow
    Hypot,
    /// The larger operand
    Maximum,
    /// The smaller operand
    Minimum,
    /// 1 where x₀ > x₁, else 0; derivative zero
    Greater,
    /// 1 where x₀ = x₁, else 0; derivative zero
    Equal,
    /// x₀·x₁ + x₂, rounded once
    MulAdd,
    /// x₁ where x₀ ≠ 0, else x₂; no derivative by x₀
    Select,
}

/// The linear operations. Each one's transpose is one of them again, which is all that its derivatives need.
#[derive(Clone, Debug, PartialEq)]
pub enum Linear {
    /// Repeats along new leading axes and along axes of size 1.
    Broadcast(Shape),
    /// Adds up along the axes that a broadcast from the given shape would repeat.
    SumTo(Shape),
    /// The same elements in the same row-major order under other axes.
    Reshape(Shape),
    /// Axis i of the result is the given axis of the operand.
    Permute(Axes<usize>),
    /// `len` elements of one axis, from `start`, every `step`-th.
    Slice {
        /// The axis that is cut
        axis: usize,
        /// The first index taken
        start: usize,
        /// How many are taken
        len: usize,
        /// The distance between them
        step: usize,
    },
    /// Zeros of `size` along one axis, with the operand at `start`, every `step`-th: a slice's transpose.
    Pad {
        /// The axis that grows
        axis: usize,
        /// Where the first element goes
        start: usize,
        /// The size of the axis in the result
        size: usize,
        /// The distance between the operand's elements
        step: usize,
    },
    /// One axis in reverse order.
    Flip(usize),
    /// Running sums along one axis, from its start, or from its end.
    CumSum {
        /// The axis that is summed along
        axis: usize,
        /// Whether the sums run from the end
        reverse: bool,
    },
    /// Takes elements along one axis: the result has the index's shape.
    Gather {
        /// The axis along which indices point
        axis: usize,
        /// For each element of the result, where on the axis it comes from
        index: Arc<Tensor<usize>>,
    },
    /// Adds elements into zeros of `size` along one axis: a gather's transpose.
    ScatterAdd {
        /// The axis along which indices point
        axis: usize,
        /// For each element of the operand, where on the axis it goes
        index: Arc<Tensor<usize>>,
        /// The size of the axis in the result
        size: usize,
    },
    /// All operands one after the other along one axis.
    Concat(usize),
}

/// The contraction: x₀·x₁ over the last two axes, with either operand read transposed; or x₀·x₁ + x₂, where x₂ broadcasts
/// to the shape of the product, as a bias does: to add it costs nothing then. The batch axes before the last two are
/// equal; [`matmul`](crate::Product::matmul) broadcasts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matmul {
    /// Reads the last two axes of x₀ exchanged.
    pub transpose_lhs: bool,
    /// Reads the last two axes of x₁ exchanged.
    pub transpose_rhs: bool,
}

impl Pointwise {
    /// The number of operands.
    pub fn arity(self) -> usize {
        use Pointwise::*;
        match self {
            MulAdd | Select => 3,
            Add | Sub | Mul | Chain | Div | Rem | Pow | Atan2 | Hypot | Maximum | Minimum | Greater | Equal => 2,
            Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Cbrt | Powi(_)
            | Powf(_) | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin | Cos | Tan | Asin | Acos | Atan | Sinh
            | Cosh | Tanh | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Relu | Abs | AtLeast(_) | AtMost(_)
            | Sign | Step | Floor | Detach => 1,
        }
    }

    /// Whether the result depends on operand `i` in a differentiable way. A walk does not go through where it does not.
    #[inline(always)]
    pub fn differentiable(self, i: usize) -> bool {
        use Pointwise::*;
        match self {
            Sign | Step | Floor | Detach | Greater | Equal | Powi(0) => false,
            Powf(c) => c != 0.0,
            Select => i > 0,
            _ => true,
        }
    }
}

impl Op {
    /// Whether the result depends on operand `i` in a differentiable way.
    #[inline(always)]
    pub fn differentiable(&self, i: usize) -> bool {
        match self {
            Op::Pointwise(op) => op.differentiable(i),
            Op::Custom(op) => op.differentiable(i),
            Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } => true,
        }
    }

    /// The shape of the result for operands of the given shapes, or why there is none. Every check of shapes is here.
    pub fn infer(&self, x: &[&Shape]) -> Result<Shape, ShapeError> {
        match self {
            Op::Pointwise(op) => infer::pointwise(*op, x),
            Op::Linear(op) => infer::linear(op, x),
            Op::Matmul(op) => infer::matmul(*op, x),
            Op::LogSoftmax { axis } => infer::log_softmax(*axis, x[0]),
            Op::Custom(op) => Err(ShapeError::new(
                op.name(),
                x.iter().copied(),
                "the shape of a custom primitive is known once it is applied",
            )),
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
