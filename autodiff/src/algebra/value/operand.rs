//! The second operands of functions: values of the same type, numbers, and plain tensors.

use super::traits::Reading;
use crate::array::{Number, Tensor};
use std::borrow::Cow;

/// The other operand of a function of `V`: a number, or a `V`; for a variable, a dual number or a batch also a plain tensor.
/// Values and tensors may be references, as with the operators. Numbers and tensors become constants.
///
/// ```
/// use autodiff::prelude::*;
/// let w = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(grad(&Tensor::from([1.0, 1.0]), |x| x.matmul(&w).dot(x)).to_vec(), [7.0, 13.0]);
/// assert_eq!(w.minimum(2.5).to_vec(), [1.0, 2.0, 2.5, 2.5]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an operand beside `{V}`",
    label = "not an operand: pass a number as `f64`",
    note = "an operand is a value of the same type, a number, or a plain tensor; values and tensors also by reference"
)]
pub trait Operand<V: Reading> {
    /// The operand as a `V`: a constant of the kind of `like`, unless it is a `V` already.
    #[track_caller]
    fn cast(&self, like: &V) -> Cow<'_, V>;
}

impl<V: Reading> Operand<V> for f64 {
    #[inline(always)]
    #[track_caller]
    fn cast(&self, like: &V) -> Cow<'_, V> {
        Cow::Owned(match V::SCALAR {
            true => like.full_like(*self),
            // Rank 0, so that a number is refused where an array is needed.
            false => like.lift(&Tensor::scalar(Number::from_f64(*self))),
        })
    }
}

// `f64` beside `f64` is covered above, and other types of values by `operators!`.
impl Operand<f32> for f32 {
    #[inline(always)]
    fn cast(&self, _like: &f32) -> Cow<'_, f32> {
        Cow::Borrowed(self)
    }
}

impl<V: Reading> Operand<V> for &V {
    #[inline(always)]
    fn cast(&self, _like: &V) -> Cow<'_, V> {
        Cow::Borrowed(self)
    }
}

// An argument of type `&V` would take this too, by deref coercion.
impl<V: Reading> Operand<V> for &&V {
    #[inline(always)]
    fn cast(&self, _like: &V) -> Cow<'_, V> {
        Cow::Borrowed(self)
    }
}
