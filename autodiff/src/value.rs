//! The waist of the crate: what every operation can act on.

use crate::custom::Custom;
use crate::element::Element;
use crate::kernel::Direct;
use crate::op::{Op, Pointwise};
use crate::rule;
use crate::shape::{Shape, ShapeError};
use crate::tensor::Tensor;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Anything that the primitive operations can act on: one algebra in several readings.
///
/// | reading | type | what [`apply`](Value::apply) means |
/// |---|---|---|
/// | compute | [`Tensor`], and `f32`, `f64` as values of rank 0 | the numbers |
/// | record | [`Var`](crate::Var) | compute, and append a node to the tape |
/// | push forward | [`Dual`](crate::Dual) | compute, with the tangent by the rule |
/// | batch | [`Batched`](crate::Batched) | the same operation with one more leading axis |
/// | any of these | [`Dyn`](crate::Dyn) | whatever the reading behind it means |
///
/// The named functions stand on top: [`Math`](crate::Math) (pointwise), [`Structural`](crate::Structural) (axes and
/// products) and [`Derived`](crate::Derived) (compositions); `use autodiff::prelude::*` brings them in. A function
/// that is generic over `V: Value` runs in all readings: with tensors it is plain inference, with variables it is
/// recorded.
///
/// ```
/// use autodiff::prelude::*;
/// fn bump<V: Value>(x: &V) -> V {
///     (-x.square()).exp()
/// }
/// assert_eq!(bump(&0.0), 1.0); // a number
/// assert_eq!(bump(&Tensor::from([0.0, 0.0])).to_vec(), [1.0, 1.0]); // a tensor
/// assert_eq!(grad(&1.0, |x| bump(&x)), -2.0 * (-1.0f64).exp()); // a variable
/// ```
pub trait Value:
    Clone
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + for<'a> Add<&'a Self, Output = Self>
    + for<'a> Sub<&'a Self, Output = Self>
    + for<'a> Mul<&'a Self, Output = Self>
    + for<'a> Div<&'a Self, Output = Self>
{
    /// The numbers underneath all readings.
    type Elem: Element;

    /// Whether every value of this type has rank 0, so that nothing needs to be broadcast.
    const SCALAR: bool = false;

    /// Applies a primitive operation. Shapes must fit it: pointwise operands are broadcast before.
    ///
    /// # Panics
    /// At the caller's line, if the shapes do not fit, with the operation and all shapes.
    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self;

    /// As [`apply`](Value::apply), for a pointwise operation, by value: so it is known in the machine code of a function
    /// that names it, and on numbers it takes a few instructions with nothing to look up.
    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        Self::apply(&Op::Pointwise(op), x)
    }

    /// As [`apply`](Value::apply), of an operation that is recorded: what a walk back will need may be kept with it.
    #[doc(hidden)]
    #[track_caller]
    fn apply_recorded(op: &Op, x: &[&Self]) -> Self {
        Self::apply(op, x)
    }

    /// The sizes of the axes.
    fn shape(&self) -> Shape;

    /// Whether another value has the same shape; where shapes are at hand nothing is copied for it.
    #[doc(hidden)]
    fn has_shape_of(&self, other: &Self) -> bool {
        self.shape() == other.shape()
    }

    /// The numbers, without any derivative: what decisions that are not differentiable (a sort, a branch) look at.
    fn primal(&self) -> Tensor<Self::Elem>;

    /// How many leading axes [`primal`](Value::primal) has that [`shape`](Value::shape) does not show: one for each
    /// batch that the value is inside of.
    fn hidden_axes(&self) -> usize {
        0
    }

    /// The one number of a value of one element, without any derivative.
    #[track_caller]
    fn item(&self) -> Self::Elem {
        self.primal().item()
    }

    /// A constant of this reading that holds the given numbers. `self` only says which reading: which tape, say.
    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self;

    /// A constant of the same shape, filled with `c`.
    fn full_like(&self, c: f64) -> Self {
        self.lift(&Tensor::full(self.shape(), Self::Elem::from_f64(c)))
    }

    /// As [`apply`](Value::apply), but an operand that does not fit gives an error.
    #[track_caller]
    fn try_apply(op: &Op, x: &[&Self]) -> Result<Self, ShapeError> {
        let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
        op.infer(&shapes.iter().collect::<Vec<_>>())?;
        Ok(Self::apply(op, x))
    }

    /// `g` times the partial derivative of a pointwise operation by its operand `i`: a tangent going forward, a
    /// cotangent going back. The rule composes it from operations; arrays override this with one fused loop.
    fn slope(op: Pointwise, i: usize, x: &[&Self], y: &Self, g: &Self) -> Self {
        rule::pointwise(op, i, Direct { x, y: Some(y), g: Some(g) })
    }

    /// The cotangent of the operand of a [`LogSoftmax`](Op::LogSoftmax), from the result's. Composed by the rule; arrays
    /// override this with one pass over each row.
    fn pull_log_softmax(axis: usize, y: &Self, g: &Self) -> Self {
        rule::pull_log_softmax(axis, y, g)
    }

    /// The cotangent of operand `i` of a fused formula, where this reading has a loop for it.
    #[doc(hidden)]
    fn pull_fused(_: &Custom, _: usize, _: &[&Self], _: &Self) -> Option<Self> {
        None
    }

    /// Shows the place and the size in bytes of each storage that this value holds on the heap.
    fn storage(&self, _show: &mut dyn FnMut(usize, usize)) {}

    /// Adds `g` to this cotangent; arrays that nobody else holds do it in place.
    fn accumulate(&mut self, g: Self) {
        *self = self.clone() + g;
    }
}

/// Broadcasts two operands to their common shape by numpy's rule and applies a pointwise operation.
#[track_caller]
#[inline(always)]
pub(crate) fn binary<V: Value>(op: Pointwise, a: &V, b: &V) -> V {
    match V::SCALAR {
        true => V::apply_pointwise(op, &[a, b]),
        false => broadcast_binary(op, a, b),
    }
}

#[track_caller]
fn broadcast_binary<V: Value>(op: Pointwise, a: &V, b: &V) -> V {
    if a.has_shape_of(b) {
        return V::apply_pointwise(op, &[a, b]);
    }
    let shapes = [a.shape(), b.shape()];
    match shapes[0].broadcast(&shapes[1]) {
        Some(shape) => V::apply_pointwise(op, &[&broadcast(a, &shape), &broadcast(b, &shape)]),
        None => panic!("{}", unbroadcastable(op, &shapes)),
    }
}

/// As [`binary`], for three operands.
#[track_caller]
pub(crate) fn ternary<V: Value>(op: Pointwise, x: [&V; 3]) -> V {
    if V::SCALAR {
        return V::apply_pointwise(op, &x);
    }
    let shapes = x.map(|x| x.shape());
    match shapes[0].broadcast(&shapes[1]).and_then(|shape| shape.broadcast(&shapes[2])) {
        Some(shape) => {
            let [a, b, c] = x; // a closure over them would lose the caller's line
            V::apply_pointwise(op, &[&broadcast(a, &shape), &broadcast(b, &shape), &broadcast(c, &shape)])
        }
        None => panic!("{}", unbroadcastable(op, &shapes)),
    }
}

/// As [`binary`], with an error where the shapes do not fit.
#[track_caller]
pub(crate) fn try_binary<V: Value>(op: Pointwise, a: &V, b: &V) -> Result<V, ShapeError> {
    let shapes = [a.shape(), b.shape()];
    match shapes[0].broadcast(&shapes[1]) {
        Some(_) => Ok(binary(op, a, b)),
        None => Err(unbroadcastable(op, &shapes)),
    }
}

#[cold]
fn unbroadcastable(op: Pointwise, shapes: &[Shape]) -> ShapeError {
    ShapeError::new(Op::from(op).name(), shapes, "the shapes do not broadcast")
}

/// The value itself where the shape is right already: a node less on the tape.
#[track_caller]
pub(crate) fn broadcast<V: Value>(x: &V, shape: &Shape) -> V {
    match x.shape() == *shape {
        true => x.clone(),
        false => V::apply(&crate::op::Linear::Broadcast(shape.clone()).into(), &[x]),
    }
}
