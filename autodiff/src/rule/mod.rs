//! Differentiation, forward and back, an arm a kind of operation.
//!
//! The rules are written in operations on [`Value`], never in numbers, so they can be read in every way: as numbers,
//! recorded on the tape, batched, or pushed forward again. Nesting to any depth is a consequence and no feature.

mod contraction;
mod linear;
mod pointwise;

pub(crate) use pointwise::pointwise;

use crate::op::{Linear, Op};
use crate::shape::Shape;
use crate::value::Value;

/// Pulls the cotangent `g` of `y` back: gives each operand `i` for which `wanted(i)` holds its part, by `give(i, part)`.
#[inline]
pub(crate) fn pull<V: Value>(
    op: &Op,
    x: &[&V],
    y: &V,
    g: &V,
    wanted: impl Fn(usize) -> bool,
    mut give: impl FnMut(usize, V),
) {
    let wanted = |&i: &usize| wanted(i) && op.differentiable(i);
    match op {
        Op::Pointwise(pointwise) => {
            (0..x.len()).filter(wanted).for_each(|i| give(i, V::slope(*pointwise, i, x, y, g)));
        }
        Op::Linear(linear) => {
            let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
            (0..x.len()).filter(wanted).for_each(|i| {
                give(i, V::apply(&linear::transpose(linear, i, &shapes).into(), &[g]));
            });
        }
        Op::Matmul(matmul) => (0..x.len()).filter(wanted).for_each(|i| give(i, contraction::pull(*matmul, i, x, g))),
        Op::Custom(custom) => {
            let parts = custom.pull(x, y, g);
            parts.into_iter().enumerate().filter(|(i, _)| wanted(i)).for_each(|(i, part)| give(i, part));
        }
    }
}

/// Pushes the tangents of the operands forward. An absent tangent is zero, and so is an absent result.
#[inline]
pub(crate) fn push<V: Value>(op: &Op, x: &[&V], y: &V, dx: &[Option<&V>]) -> Option<V> {
    let moving = dx.iter().enumerate().filter_map(|(i, dx)| dx.filter(|_| op.differentiable(i)).map(|dx| (i, dx)));
    match op {
        Op::Pointwise(pointwise) => sum(moving.map(|(i, dx)| V::slope(*pointwise, i, x, y, dx))),
        Op::Linear(linear) => push_linear(linear, x, dx),
        Op::Matmul(matmul) => sum(moving.map(|(i, dx)| contraction::push(*matmul, i, x, dx))),
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
