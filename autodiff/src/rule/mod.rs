//! Differentiation, forward and back, an arm a kind of operation.
//!
//! The rules are written in operations on [`Value`], never in numbers, so they can be read in every way: as numbers,
//! recorded on the tape, batched, or pushed forward again. Nesting to any depth is a consequence and no feature.

mod contraction;
mod linear;
mod pointwise;
mod softmax;

pub(crate) use pointwise::{pointwise, pointwise_inlined};
pub(crate) use softmax::pull_log_softmax;

use crate::cotangent::{Cotangent, Parts};
use crate::op::{Linear, Op, Pointwise};
use crate::shape::Shape;
use crate::value::Value;
use smallvec::SmallVec;

/// Pulls the cotangent `g` of `y` back to the operands that need it.
pub(crate) fn pull<V: Value>(op: &Op, x: &[&V], y: &V, g: &V, parts: &mut Parts<'_, V>) {
    match op {
        Op::Pointwise(op) => {
            for i in 0..x.len() {
                if let Some(part) = parts.of(i) {
                    pull_pointwise(*op, i, x, y, g, part);
                }
            }
        }
        Op::Linear(linear) => {
            let shapes: SmallVec<[Shape; 2]> = x.iter().map(|x| x.shape()).collect();
            for i in 0..x.len() {
                if let Some(part) = parts.of(i) {
                    part.add(V::apply(&linear::transpose(linear, i, &shapes).into(), &[g]));
                }
            }
        }
        Op::Matmul(matmul) => {
            for i in 0..x.len() {
                if let Some(part) = parts.of(i) {
                    part.add(contraction::pull(*matmul, i, x, g));
                }
            }
        }
        Op::LogSoftmax { axis } => {
            if let Some(part) = parts.of(0) {
                part.add(V::pull_log_softmax(*axis, y, g));
            }
        }
        Op::Custom(custom) => {
            let mut all = None;
            for i in (0..x.len()).filter(|&i| custom.differentiable(i)) {
                if let Some(part) = parts.of(i) {
                    let pulled = V::pull_fused(custom, i, x, g);
                    part.add(pulled.unwrap_or_else(|| all.get_or_insert_with(|| custom.pull(x, y, g))[i].clone()));
                }
            }
        }
    }
}

/// Pulls the cotangent `g` of `y` back to operand `i`.
#[inline(always)]
pub(crate) fn pull_pointwise<V: Value>(op: Pointwise, i: usize, x: &[&V], y: &V, g: &V, part: &mut Cotangent<V>) {
    if op.differentiable(i) {
        part.add(V::slope(op, i, x, y, g));
    }
}

/// Pushes the tangents of the operands forward. An absent tangent is zero, and so is an absent result.
#[inline]
pub(crate) fn push<V: Value>(op: &Op, x: &[&V], y: &V, dx: &[Option<&V>]) -> Option<V> {
    let moving = dx.iter().enumerate().filter_map(|(i, dx)| dx.filter(|_| op.differentiable(i)).map(|dx| (i, dx)));
    match op {
        Op::Pointwise(pointwise) => sum(moving.map(|(i, dx)| V::slope(*pointwise, i, x, y, dx))),
        Op::Linear(linear) => push_linear(linear, x, dx),
        Op::Matmul(matmul) => sum(moving.map(|(i, dx)| contraction::push(*matmul, i, x, y, dx))),
        Op::LogSoftmax { axis } => dx[0].map(|dx| softmax::push_log_softmax(*axis, y, dx)),
        Op::Custom(custom) => custom.push(x, y, dx),
    }
}

/// A linear operation is its own derivative; only one of several operands can need its zeros written out.
fn push_linear<V: Value>(op: &Linear, x: &[&V], dx: &[Option<&V>]) -> Option<V> {
    dx.iter().any(Option::is_some).then(|| {
        let tangents: Vec<V> = x.iter().zip(dx).map(|(x, dx)| dx.map_or_else(|| x.full_like(0.0), V::clone)).collect();
        V::apply(&op.clone().into(), &tangents.iter().collect::<Vec<_>>())
    })
}

fn sum<V: Value>(parts: impl Iterator<Item = V>) -> Option<V> {
    parts.reduce(|mut total, part| {
        total.accumulate(part);
        total
    })
}
