//! The two traits that everything in this crate stands on: [`Value`] and [`Element`].
//!
//! They refer to each other, so they share a file: the elements of a value are elements, and an element is itself a value
//! of rank 0. Therefore the rules, which are written for values, also run element by element in a loop over an array.

use crate::algebra::op::{Op, Pointwise};
use crate::array::{Number, Shape, ShapeError, Tensor};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Anything that the primitive operations can act on. A type that implements it is a *reading* of the operations.
///
/// | reading | type | has axes | nests | records | folds constants | orders |
/// |---|---|---|---|---|---|---|
/// | compute | [`Tensor`] | yes | – | no | no | 0 |
/// | compute | `f32`, `f64` | no | – | no | no | 0 |
/// | push forward | [`Dual`](crate::Dual) | as its parts | yes | no | no | 1 more than its parts |
/// | batch | [`Batched`](crate::Batched) | yes | yes | no | no | as its parts |
/// | record | [`Var`](crate::Var) | as its values | yes | yes | no | any |
/// | record, for scalar programs | [`Scalar`](crate::Scalar) | no | yes | yes | yes | any |
/// | preaccumulate, for scalar programs | [`Active`](crate::Active) | no | over [`Dual`](crate::Dual) | partials only | yes | 1, or 2 over `Dual` |
/// | any of these | [`Dyn`](crate::Dyn) | as behind it | as behind it | as behind it | as behind it | as behind it |
///
/// Four methods are required; they say what an operation means. The named functions stand on top of them in extension
/// traits: [`Math`](crate::Math) (pointwise), [`Structural`](crate::Structural) (axes), [`LinearAlgebra`](crate::LinearAlgebra)
/// (matrices) and [`Composite`](crate::Composite) (compositions). `use autodiff::prelude::*` brings them in.
///
/// A function that is generic over `V: Value` runs in all readings. With tensors it is plain inference; with variables it
/// is recorded.
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
    // Required.

    /// The numbers underneath all readings.
    type Elem: Element;

    /// Applies a primitive operation. The shapes must fit it: pointwise operands are broadcast before.
    ///
    /// # Panics
    /// Panics at the caller's line if the shapes do not fit, with the operation and all shapes.
    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self;

    /// The sizes of the axes.
    fn shape(&self) -> Shape;

    /// The numbers, without any derivative. Decisions that are not differentiable (a sort, a branch) look at these.
    fn primal(&self) -> Tensor<Self::Elem>;

    /// A constant of this reading that holds the given numbers. `self` only names the reading, such as the tape.
    #[track_caller]
    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self;

    // Provided.

    /// A constant of the same shape, filled with `c`.
    #[track_caller]
    fn full_like(&self, c: f64) -> Self {
        self.lift(&Tensor::full(self.shape(), Self::Elem::from_f64(c)))
    }

    /// The one number of a value of one element, without any derivative.
    ///
    /// # Panics
    /// Panics if the value does not have exactly one element.
    #[track_caller]
    fn item(&self) -> Self::Elem {
        self.primal().item()
    }

    /// As [`apply`](Value::apply), but returns an error if the shapes do not fit.
    #[track_caller]
    fn try_apply(op: &Op, x: &[&Self]) -> Result<Self, ShapeError> {
        let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
        op.infer(&shapes.iter().collect::<Vec<_>>())?;
        Ok(Self::apply(op, x))
    }

    /// The number of leading axes that [`primal`](Value::primal) has and [`shape`](Value::shape) does not show: one for
    /// each batch that encloses the value.
    fn batch_axes(&self) -> usize {
        0
    }

    /// Reports the address and the size in bytes of each block of memory that the value holds on the heap.
    fn storage(&self, _report: &mut dyn FnMut(usize, usize)) {}

    // For speed. The defaults are right for every reading.

    /// Whether every value of this type has rank 0, so that nothing needs to be broadcast.
    #[doc(hidden)]
    const SCALAR: bool = false;

    /// Whether an operation on values of this type is recorded, so that a backward pass may follow.
    #[doc(hidden)]
    const RECORDS: bool = false;

    /// As [`apply`](Value::apply), for a pointwise operation by value: a named function on numbers compiles to the few
    /// instructions of its operation.
    #[doc(hidden)]
    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        Self::apply(&Op::Pointwise(op), x)
    }

    /// Whether another value has the same shape.
    #[doc(hidden)]
    fn has_shape_of(&self, other: &Self) -> bool {
        self.shape() == other.shape()
    }

    /// The cotangent of operand `i` for the cotangent `g` of the result, if this reading has a faster way to it than the
    /// rule. For a pointwise operation it is also the tangent of the result for the tangent `g` of the operand.
    #[doc(hidden)]
    #[inline(always)]
    fn own_pull(_op: &Op, _i: usize, _x: &[&Self], _y: &Self, _g: &Self) -> Option<Self> {
        None
    }

    /// Adds `g` to this cotangent, in place if the storage is not shared.
    #[doc(hidden)]
    fn accumulate(&mut self, g: Self) {
        *self = self.clone() + g;
    }
}

/// A number that a [`Tensor`] can hold: `f32`, `f64`, or a [`Dual`](crate::Dual) number over them.
pub trait Element: Value + Number {
    /// Applies an operation to whole arrays.
    #[doc(hidden)]
    #[track_caller]
    fn apply_to_arrays(op: &Op, x: &[&Tensor<Self>]) -> Tensor<Self>;

    /// The derivative of a pointwise operation by operand `i`, times `g`, on whole arrays.
    #[doc(hidden)]
    fn slope_of_arrays(
        op: Pointwise,
        i: usize,
        x: &[&Tensor<Self>],
        y: &Tensor<Self>,
        g: &Tensor<Self>,
    ) -> Tensor<Self>;

    /// Applies a pointwise operation to whole arrays of one shape.
    #[doc(hidden)]
    fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self>;

    /// eˣ for an element in a loop. For `f32` and `f64` it has no branches, so that the compiler vectorises the loop.
    #[doc(hidden)]
    fn exp_in_loop(self) -> Self;
}
