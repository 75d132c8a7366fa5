//! The value and the derivatives of a primitive defined by the user, run in any reading.

use crate::algebra::op::{Custom, Primitive};
use crate::algebra::value::{Reading, run};
use std::panic::Location;

impl Custom {
    /// The result for operands of any reading. A [`Reading`](crate::Reading) of your own applies an
    /// [`Op::Custom`](crate::Op) by it.
    ///
    /// # Panics
    /// Panics if the primitive panics.
    #[track_caller]
    pub fn eval<V: Reading>(&self, x: &[&V]) -> V {
        run(x, |x| vec![self.primitive().eval(x)]).pop().expect("the function returns one value")
    }

    /// The cotangents of the operands, one for each.
    #[track_caller]
    pub(crate) fn pull<V: Reading>(&self, x: &[&V], y: &V, g: &V) -> Vec<V> {
        pull(self.primitive(), self.line(), x, y, g)
    }

    /// The tangent of the result.
    ///
    /// # Panics
    /// Panics if the primitive returns a tangent of a wrong shape.
    pub(crate) fn push<V: Reading>(&self, x: &[&V], y: &V, dx: &[V]) -> V {
        let n = x.len();
        let all: Vec<&V> = x.iter().copied().chain([y]).chain(dx).collect();
        let tangent = run(&all, |all| self.primitive().push(&all[..n], all[n], &all[n + 1..]).into_iter().collect());
        let tangent = tangent.into_iter().next().expect("`custom` adds a push to a primitive without one");
        let (found, expected) = (tangent.shape(), y.shape());
        assert!(
            found == expected,
            "{}, applied at {}: push returns shape {found} for a result of shape {expected}",
            self.primitive().name(),
            self.line()
        );
        tangent
    }
}

/// The cotangents of a primitive's operands, one for each. Messages name the line that applies it.
///
/// # Panics
/// Panics if the primitive returns a wrong number of cotangents, or a cotangent of a wrong shape.
#[track_caller]
pub(crate) fn pull<V: Reading>(primitive: &dyn Primitive, line: &Location<'_>, x: &[&V], y: &V, g: &V) -> Vec<V> {
    let (n, name) = (x.len(), primitive.name());
    let all: Vec<&V> = x.iter().copied().chain([y, g]).collect();
    let cotangents = run(&all, |all| primitive.pull(&all[..n], all[n], all[n + 1]));
    let found = cotangents.len();
    let (s, of_s) = (if found == 1 { "" } else { "s" }, if n == 1 { "" } else { "s" });
    assert!(found == n, "{name}, applied at {line}: pull returns {found} cotangent{s} for {n} operand{of_s}");
    for (i, (cotangent, x)) in cotangents.iter().zip(x).enumerate() {
        let (found, expected) = (cotangent.shape(), x.shape());
        assert!(
            found == expected,
            "{name}, applied at {line}: pull returns shape {found} for operand {i} of shape {expected}"
        );
    }
    cotangents
}
