//! Dual numbers as elements of the arrays of the crate `ndarray`.

use crate::algebra::{Dual, Element, Tangent};

/// A dual number is an operand beside an array of dual numbers: `&a * x`.
impl<T: Element, D: Tangent<T> + 'static> ndarray::ScalarOperand for Dual<T, D> {}
