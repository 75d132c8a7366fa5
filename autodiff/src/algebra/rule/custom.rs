//! The derivatives of a user's own primitive: those that it states, run in any reading.

use crate::algebra::op::{Custom, Primitive};
use crate::algebra::value::{Value, run};

impl Custom {
    #[track_caller]
    pub(crate) fn eval<V: Value>(&self, x: &[&V]) -> V {
        run(x, |x| vec![self.primitive().eval(x)]).pop().expect("one result")
    }

    /// The cotangent of each operand.
    #[track_caller]
    pub(crate) fn pull<V: Value>(&self, x: &[&V], y: &V, g: &V) -> Vec<V> {
        pull(self.primitive(), x, y, g)
    }

    /// The tangent of the result.
    pub(crate) fn push<V: Value>(&self, x: &[&V], y: &V, dx: &[V]) -> V {
        let n = x.len();
        let all: Vec<&V> = x.iter().copied().chain([y]).chain(dx).collect();
        let tangent = run(&all, |all| self.primitive().push(&all[..n], all[n], &all[n + 1..]).into_iter().collect());
        tangent.into_iter().next().expect("`custom` adds a push to a primitive without one")
    }
}

/// The cotangent of each operand of a primitive.
#[track_caller]
pub(crate) fn pull<V: Value>(primitive: &dyn Primitive, x: &[&V], y: &V, g: &V) -> Vec<V> {
    let (n, name) = (x.len(), primitive.name());
    let all: Vec<&V> = x.iter().copied().chain([y, g]).collect();
    let parts = run(&all, |all| primitive.pull(&all[..n], all[n], all[n + 1]));
    assert_eq!(parts.len(), n, "{name}: pull gives {} cotangents for {n} operands", parts.len());
    for (i, (part, x)) in parts.iter().zip(x).enumerate() {
        let (is, expected) = (part.shape(), x.shape());
        assert!(is == expected, "{name}: pull gives shape {is} for operand {i} of shape {expected}");
    }
    parts
}
