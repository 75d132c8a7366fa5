//! The user's own primitives, as data.

use super::dynamic::Dyn;
use std::any::Any;
use std::fmt;

/// A primitive of the user's own: a function with a derivative of its own.
///
/// Both are written once, in operations on [`Dyn`], and so hold in every reading and at every order: the pullback is
/// itself differentiated when a second derivative is asked for. Apply it with [`custom`](crate::custom()).
///
/// ```
/// use autodiff::prelude::*;
/// /// x³, with the derivative written by hand.
/// struct Cube;
/// impl Primitive for Cube {
///     fn name(&self) -> &str { "cube" }
///     fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> { x[0] * x[0] * x[0] }
///     fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> { vec![g * 3.0 * x[0] * x[0]] }
/// }
/// let second = grad(&2.0, |x| custom(Cube, &[&x]).grad([x])[0]);
/// assert_eq!(second, 12.0);
/// ```
pub trait Primitive: Send + Sync + 'static {
    /// The name in the text of a tape and in messages.
    fn name(&self) -> &str;

    /// The value.
    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a>;

    /// The cotangent of each operand, of its shape, for the cotangent `g` of the result `y`; linear in `g`.
    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>>;

    /// The tangent of the result for tangents of the operands, or `None`, the default: then it is the transpose of
    /// [`pull`](Primitive::pull), which is linear, so that forward and reverse mode cannot differ.
    fn push<'a>(&self, _x: &[Dyn<'a>], _y: Dyn<'a>, _dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        None
    }

    /// Whether the result has a derivative by operand `i`; all operands do unless this says otherwise. No walk goes
    /// through one that does not, and no cotangent is asked of [`pull`](Primitive::pull) for it: a mask, say, or a
    /// value that other operands determine, whose derivative is counted as theirs.
    fn differentiable(&self, _i: usize) -> bool {
        true
    }

    /// The result on plain arrays by a loop of the primitive's own, as a fused formula has. `x` is a `Vec<Tensor<T>>`, the
    /// result a `Tensor<T>`; `None` if there is no such loop for `T`.
    #[doc(hidden)]
    fn eval_arrays(&self, _x: &dyn Any) -> Option<Box<dyn Any>> {
        None
    }

    /// The cotangent of operand `i` on plain arrays, as [`eval_arrays`](Primitive::eval_arrays) gives the result.
    #[doc(hidden)]
    fn pull_arrays(&self, _i: usize, _x: &dyn Any, _g: &dyn Any) -> Option<Box<dyn Any>> {
        None
    }

    /// Reports the memory that the primitive keeps for a backward pass, as [`Value::storage`](crate::Value::storage) does.
    #[doc(hidden)]
    fn storage(&self, _report: &mut dyn FnMut(usize, usize)) {}
}

/// A user's primitive as an operation.
pub struct Custom(Box<dyn Primitive>);

impl Custom {
    pub(crate) fn new(primitive: impl Primitive) -> Self {
        Self(Box::new(primitive))
    }

    pub(crate) fn primitive(&self) -> &dyn Primitive {
        &*self.0
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}
