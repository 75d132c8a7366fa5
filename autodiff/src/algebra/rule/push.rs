//! The rules of a forward pass: the tangent of the result from the tangents of the operands.

use super::pull::slope_of_arrays;
use super::{matmul, softmax};
use crate::algebra::op::{Op, Operands, per_operand};
use crate::algebra::value::Reading;

/// Pushes the tangents of the operands to the result. `None` stands for a tangent of zero.
#[inline]
pub(crate) fn push<V: Reading>(op: &Op, x: &[&V], y: &V, dx: &[Option<&V>]) -> Option<V> {
    let dx: Operands<_> = dx.iter().enumerate().map(|(i, dx)| dx.filter(|_| op.differentiable(i))).collect();
    let present = dx.iter().enumerate().filter_map(|(i, dx)| dx.map(|dx| (i, dx)));
    match op {
        Op::Pointwise(pointwise) => sum(present.map(|(i, dx)| slope_of_arrays(op, *pointwise, i, (x, y, dx)))),
        // A linear operation is its own derivative.
        Op::Linear(_) => with_zeros(x, &dx).map(|dx| V::apply(op, &per_operand(&dx, |dx| dx))),
        Op::Matmul(op) => matmul::push(*op, x, y, &dx),
        Op::LogSoftmax { axis } => dx[0].map(|dx| softmax::push(*axis, y, dx)),
        #[cfg(feature = "linalg")]
        Op::Decomposition(op) => super::decomposition::push(op, x, y, &dx),
        Op::Custom(custom) => with_zeros(x, &dx).map(|dx| custom.push(x, y, &dx)),
    }
}

/// The tangents with zeros for absent ones, or `None` if all are absent.
fn with_zeros<V: Reading>(x: &[&V], dx: &[Option<&V>]) -> Option<Vec<V>> {
    let tangent = |(x, dx): (&&V, &Option<&V>)| dx.map_or_else(|| x.full_like(0.0), V::clone);
    dx.iter().any(Option::is_some).then(|| x.iter().zip(dx).map(tangent).collect())
}

fn sum<V: Reading>(terms: impl Iterator<Item = V>) -> Option<V> {
    terms.reduce(|mut total, term| {
        total.accumulate(term);
        total
    })
}
