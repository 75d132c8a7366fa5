//! Primitives defined by the user.

use super::dynamic::Dyn;
use std::any::Any;
use std::fmt;
use std::panic::Location;

/// A primitive defined by the user: a function together with its derivative.
///
/// Function and derivative are written once, in operations on [`Dyn`]. They therefore run in every reading and at every
/// order: a second derivative differentiates the pullback. [`custom`](crate::custom()) applies a primitive.
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a primitive",
    label = "a primitive is a type with `impl Primitive`",
    note = "a function of values needs no primitive, because its operations have derivatives: call it"
)]
pub trait Primitive: Send + Sync + 'static {
    /// The name in the text of a tape and in messages.
    fn name(&self) -> &str;

    /// The value of the function.
    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a>;

    /// The cotangents of the operands, for the cotangent `g` of the result `y`.
    ///
    /// There is one for each operand, of the operand's shape. All of them must be linear in `g`.
    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>>;

    /// The tangent of the result, for tangents `dx` of the operands.
    ///
    /// With `None`, the default, the tangent is computed as the transpose of [`pull`](Primitive::pull). Forward and
    /// reverse mode then cannot differ.
    fn push<'a>(&self, _x: &[Dyn<'a>], _y: Dyn<'a>, _dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        None
    }

    /// Whether the result has a derivative with respect to operand `i`; `true` by default.
    ///
    /// Passes skip an operand without a derivative: its cotangent from [`pull`](Primitive::pull) is not used. Examples are a
    /// mask, and a value that is computed from other operands if `pull` gives its derivative to those. A wrong `false` makes
    /// gradients wrong, which [`check_grads`](crate::check::check_grads) finds.
    fn differentiable(&self, _i: usize) -> bool {
        true
    }

    /// The result on plain arrays, by a loop that the primitive brings along, as a fused formula does. `x` is a
    /// `Vec<Tensor<T>>` and the result a `Tensor<T>`. Returns `None` if there is no such loop for `T`.
    #[doc(hidden)]
    fn eval_arrays(&self, _x: &dyn Any) -> Option<Box<dyn Any>> {
        None
    }

    /// The cotangent of operand `i` on plain arrays, like [`eval_arrays`](Primitive::eval_arrays).
    #[doc(hidden)]
    fn pull_arrays(&self, _i: usize, _x: &dyn Any, _g: &dyn Any) -> Option<Box<dyn Any>> {
        None
    }

    /// Whether the function is computed in `f64` on arrays of `f32`, and rounded once.
    #[doc(hidden)]
    fn is_in_f64(&self) -> bool {
        false
    }

    /// Reports the memory that the primitive keeps for a backward pass, as
    /// [`Reading::storage`](crate::Reading::storage) does.
    #[doc(hidden)]
    fn storage(&self, _report: &mut dyn FnMut(usize, usize)) {}
}

/// A [`Primitive`] as the operation that a tape stores.
pub struct Custom {
    primitive: Box<dyn Primitive>,
    /// The line that applies it, for messages of a pass, which runs later.
    line: &'static Location<'static>,
}

impl Custom {
    #[track_caller]
    pub(crate) fn new(primitive: impl Primitive) -> Self {
        Self { primitive: Box::new(primitive), line: Location::caller() }
    }

    pub(crate) fn primitive(&self) -> &dyn Primitive {
        &*self.primitive
    }

    /// The line that applies the primitive.
    pub(crate) fn line(&self) -> &'static Location<'static> {
        self.line
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.primitive.name())
    }
}
