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
use crate::dual::Dual;
use crate::few::{Few, few};
use crate::op::Op;
use crate::shape::Shape;
use crate::value::Value;
use smallvec::SmallVec;

/// Pulls the cotangent `g` of `y` back to the operands that need it.
pub(crate) fn pull<V: Value>(op: &Op, x: &[&V], y: &V, g: &V, parts: &mut Parts<'_, V>) {
    match op {
        Op::Pointwise(op) => {
            for i in (0..x.len()).filter(|&i| op.differentiable(i)) {
                if let Some(part) = parts.of(i) {
                    part.add(V::slope(*op, i, x, y, g));
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

/// How the cotangents move where operands, result and cotangent do. Where they themselves are products, these are not
/// computed: to nobody but the next operation do they matter, and behind an input there is none.
pub(crate) fn pull_tangents<V: Value>(op: &Op, x: &[&Dual<V>], y: &Dual<V>, g: &Dual<V>, parts: &mut Parts<'_, V>) {
    match op {
        Op::Linear(_) => {
            if let Some(dg) = &g.dx {
                pull(op, &few(x, |x| &x.x), &y.x, dg, parts);
            }
        }
        Op::Matmul(matmul) => {
            for i in 0..x.len() {
                if let Some(part) = parts.of(i)
                    && let Some(tangent) = contraction::pull_tangent(*matmul, i, x, g)
                {
                    part.add(tangent);
                }
            }
        }
        _ => pull_moving(op, x, y, g, parts),
    }
}

fn pull_moving<V: Value>(op: &Op, x: &[&Dual<V>], y: &Dual<V>, g: &Dual<V>, parts: &mut Parts<'_, V>) {
    if (0..x.len()).all(|i| parts.of(i).is_none()) {
        return;
    }
    let needed = |i| if parts.of(i).is_some() { Cotangent::Zero } else { Cotangent::Unneeded };
    let mut moving: Few<Cotangent<Dual<V>>> = (0..x.len()).map(needed).collect();
    let operands: Few<u32> = (0..x.len() as u32).collect();
    pull(op, x, y, g, &mut Parts { operands: &operands, g: &mut moving });
    for (i, part) in moving.into_iter().enumerate() {
        if let (Some(sum), Cotangent::Sum(Dual { dx: Some(tangent), .. })) = (parts.of(i), part) {
            sum.add(tangent);
        }
    }
}

/// Pushes the tangents of the operands forward. An absent tangent is zero, and so is an absent result.
#[inline]
pub(crate) fn push<V: Value>(op: &Op, x: &[&V], y: &V, dx: &[Option<&V>]) -> Option<V> {
    let dx: Few<_> = dx.iter().enumerate().map(|(i, dx)| dx.filter(|_| op.differentiable(i))).collect();
    let moving = dx.iter().enumerate().filter_map(|(i, dx)| dx.map(|dx| (i, dx)));
    match op {
        Op::Pointwise(pointwise) => sum(moving.map(|(i, dx)| V::slope(*pointwise, i, x, y, dx))),
        // A linear operation is its own derivative.
        Op::Linear(_) => written_out(x, &dx).map(|dx| V::apply(op, &few(&dx, |dx| dx))),
        Op::Matmul(matmul) => contraction::push(*matmul, x, y, &dx),
        Op::LogSoftmax { axis } => dx[0].map(|dx| softmax::push_log_softmax(*axis, y, dx)),
        Op::Custom(custom) => written_out(x, &dx).map(|dx| custom.push(x, y, &dx)),
    }
}

/// The tangents with their zeros written out, unless all are absent.
fn written_out<V: Value>(x: &[&V], dx: &[Option<&V>]) -> Option<Vec<V>> {
    let tangent = |(x, dx): (&&V, &Option<&V>)| dx.map_or_else(|| x.full_like(0.0), V::clone);
    dx.iter().any(Option::is_some).then(|| x.iter().zip(dx).map(tangent).collect())
}

fn sum<V: Value>(parts: impl Iterator<Item = V>) -> Option<V> {
    parts.reduce(|mut total, part| {
        total.accumulate(part);
        total
    })
}
