//! The trait of formulas that can be fused.

use crate::algebra::Value;

/// A pointwise formula of `N` operands, made of the operations of [`Math`](crate::Math).
///
/// [`fuse!`](crate::fuse!) implements this trait for a function. In its loop, a formula that sums or reads a shape panics.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a formula of {N} operands",
    label = "a formula is defined by `fuse!`",
    note = "`autodiff::fuse! {{ fn name(x, y) {{ … }} }}` defines a function that is called as `name(&x, &y)`"
)]
pub trait Formula<const N: usize>: Clone + Send + Sync + 'static {
    /// The name in the text of a tape and in messages.
    const NAME: &'static str;

    /// The result. The operands are single elements in a loop, and whole values elsewhere.
    fn eval<S: Value>(&self, x: [&S; N]) -> S;
}
