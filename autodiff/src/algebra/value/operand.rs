//! The second operands of functions: values of the same type, and plain tensors.

use super::traits::Reading;
use std::borrow::Cow;

/// The other operand of a function of `V`: a reference to a `V`; for a variable, a dual number or a batch also a reference
/// to a plain tensor, which becomes a constant.
///
/// ```
/// use autodiff::prelude::*;
/// let w = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(grad(&Tensor::from([1.0, 1.0]), |x| x.matmul(&w).sum()).to_vec(), [3.0, 7.0]);
/// ```
pub trait Operand<V: Reading> {
    /// The operand as a `V`, a constant of the kind of `like` if it is a tensor.
    #[track_caller]
    fn cast<'a>(&'a self, like: &V) -> Cow<'a, V>;
}

impl<V: Reading> Operand<V> for &V {
    #[inline(always)]
    fn cast<'a>(&'a self, _like: &V) -> Cow<'a, V> {
        Cow::Borrowed(self)
    }
}
