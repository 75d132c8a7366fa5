//! What is fused.

use crate::algebra::Value;

/// A formula of N operands, element by element, made of pointwise operations ([`Math`](crate::Math)); see
/// [`fuse!`](crate::fuse!). A sum, or anything else that asks for a shape, panics.
pub trait Formula<const N: usize>: Clone + Send + Sync + 'static {
    /// Its name in the text of a tape.
    const NAME: &'static str;

    /// The result for one element, or for whole values.
    fn eval<S: Value>(&self, x: [&S; N]) -> S;
}
