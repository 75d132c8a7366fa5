//! The first difference between a type and `Tensor`.

use std::fmt;

/// The first difference between a type and [`Tensor`](crate::Tensor) that [`value`](super::value) found.
///
/// ```text
/// atan2 on [225] × [225]: the value at [112] is 3.14159, but must be 0, for the operands 0 and 0
/// ```
#[derive(Clone, PartialEq)]
pub struct Disagreement {
    /// The operation and the shapes of its operands, or the method.
    pub operation: String,
    /// What differs: the value, the shape, a derivative, in words.
    pub what: String,
    /// What the type has.
    pub found: String,
    /// What `Tensor` has.
    pub expected: String,
    /// The numbers of the operands at this place, for a pointwise operation.
    pub operands: Vec<f64>,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, what, found, expected, operands } = self;
        write!(f, "{operation}: {what} is {found}, but must be {expected}")?;
        if let [first, rest @ ..] = &operands[..] {
            write!(f, ", for the operands {first}")?;
            rest.iter().try_for_each(|x| write!(f, " and {x}"))?;
        }
        Ok(())
    }
}

/// The text, since `unwrap` shows an error by `Debug`.
impl fmt::Debug for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Disagreement {}
