//! Second derivatives in one direction: a forward pass, then a backward pass over dual numbers.

use super::backward::walk_back;
use super::forward::{sources, walk_forward};
use super::needed::{needed, one_of};
use super::view::{AsDuals, AsValues, Pushed};
use crate::algebra::{Cotangent, Dual, Op, OperandCotangents, Operands, Reading, per_operand, rule};
use crate::tape::graph::{Graph, Section};

/// The product of the Hessian of an output with a vector. `seeds` is the vector: pairs of an input and its tangent.
///
/// Returns the product as an entry for each node from the first input on. An entry is absent if the node is not a seeded
/// input, or if the output does not depend on it.
pub(crate) fn second_order<V: Reading>(graph: &Graph<V>, top: u32, seeds: Vec<(u32, V)>) -> Section<Cotangent<V>> {
    let wanted = one_of(&sources(&seeds));
    let mut g: Section<Cotangent<Pushed<V>>> = needed(graph, top, &wanted);
    let dx = walk_forward(&g, &AsValues(graph), seeds);
    // At an input nothing reads the primal part of the cotangent, so only its tangent is computed.
    let mut dg: Vec<Cotangent<V>> = vec![Cotangent::Unneeded; g.entries.len()];
    for (place, _) in g.ids().enumerate().filter(|&(_, id)| (wanted.contains)(id)) {
        (g.entries[place], dg[place]) = (Cotangent::Unneeded, Cotangent::Zero);
    }
    let cotangent = Pushed::from_value(graph.value(top).full_like(1.0));
    let pull =
        |op: &Op, x: &[&Pushed<V>], y: &Pushed<V>, gy: &Pushed<V>, parts: &mut OperandCotangents<'_, Pushed<V>>| {
            pull_tangents(
                op,
                x,
                y,
                gy,
                &mut OperandCotangents { operands: parts.operands, g: &mut dg, start: parts.start },
            );
            rule::pull(op, x, y, gy, parts);
        };
    walk_back(&mut g, &AsDuals::new(graph, dx), cotangent, |_| false, pull);
    Section { start: wanted.start, entries: dg }
}

/// As [`second_order`], together with the gradient: a dual number for each seeded input, its cotangent and the tangent of
/// the cotangent.
pub(crate) fn gradient_and_second_order<V: Reading>(
    graph: &Graph<V>,
    top: u32,
    seeds: Vec<(u32, V)>,
) -> Section<Cotangent<Pushed<V>>> {
    let wanted = one_of(&sources(&seeds));
    let mut g: Section<Cotangent<Pushed<V>>> = needed(graph, top, &wanted);
    let dx = walk_forward(&g, &AsValues(graph), seeds);
    let cotangent = Pushed::from_value(graph.value(top).full_like(1.0));
    walk_back(&mut g, &AsDuals::new(graph, dx), cotangent, &wanted.contains, rule::pull);
    g
}

/// Pulls the tangent of the cotangent `g` of `y` back to the operands. For linear operations and matrix products only
/// tangents are computed, without the cotangents of the operands.
fn pull_tangents<V: Reading>(
    op: &Op,
    x: &[&Pushed<V>],
    y: &Pushed<V>,
    g: &Pushed<V>,
    parts: &mut OperandCotangents<'_, V>,
) {
    match op {
        Op::Linear(_) => {
            if let Some(dg) = &g.dx {
                rule::pull(op, &per_operand(x, |x| &x.x), &y.x, dg, parts);
            }
        }
        Op::Matmul(matmul) => {
            let (x, dx) = (per_operand(x, |x| &x.x), per_operand(x, |x| x.dx.as_ref()));
            for i in 0..x.len() {
                if let Some(part) = parts.of(i)
                    && let Some(tangent) = rule::matmul_pull_tangent(*matmul, i, (&x, &dx), (&g.x, g.dx.as_ref()))
                {
                    part.add(tangent);
                }
            }
        }
        Op::Pointwise(_) | Op::LogSoftmax { .. } | Op::Custom(_) => pull_duals(op, x, y, g, parts),
        #[cfg(feature = "linalg")]
        Op::Decomposition(_) => pull_duals(op, x, y, g, parts),
    }
}

/// As [`pull_tangents`], for operations whose cotangents are computed as whole dual numbers.
fn pull_duals<V: Reading>(
    op: &Op,
    x: &[&Pushed<V>],
    y: &Pushed<V>,
    g: &Pushed<V>,
    parts: &mut OperandCotangents<'_, V>,
) {
    if (0..x.len()).all(|i| parts.of(i).is_none()) {
        return;
    }
    let needed = |i| if parts.of(i).is_some() { Cotangent::Zero } else { Cotangent::Unneeded };
    let mut duals: Operands<Cotangent<Pushed<V>>> = (0..x.len()).map(needed).collect();
    let operands: Operands<u32> = (0..x.len() as u32).collect();
    rule::pull(op, x, y, g, &mut OperandCotangents { operands: &operands, g: &mut duals, start: 0 });
    for (i, part) in duals.into_iter().enumerate() {
        if let (Some(sum), Cotangent::Accumulated(Dual { dx: Some(tangent), .. })) = (parts.of(i), part) {
            sum.add(tangent);
        }
    }
}
