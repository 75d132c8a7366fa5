//! The backward pass.

use super::needed::{mark_needed, needed};
use super::view::{AsValues, NodeView};
use crate::algebra::{Cotangent, Op, OperandCotangents, Reading, rule};
use crate::tape::record::Tape;
use crate::tape::walk::numbers;

/// Runs a backward pass in any view, from an output with its cotangent (the seed). A view of variables records the
/// pass.
///
/// Returns a cotangent for each node up to the output: [`Cotangent::Accumulated`] for the wanted nodes on which the output
/// depends. Every other cotangent is freed after its last use.
pub(crate) fn backward<V: Reading, W: Reading>(
    tape: &Tape<V>,
    view: &impl NodeView<W>,
    (top, cotangent): (u32, W),
    wanted: impl Fn(u32) -> bool,
) -> Vec<Cotangent<W>> {
    let mut g = needed(&tape.graph(), top, &wanted);
    walk_back(&mut g, view, cotangent, wanted, rule::pull);
    g
}

/// As [`backward`] on plain values, in memory that the tape keeps. Returns the cotangents of the first `end` nodes,
/// among which all wanted nodes must be.
pub(crate) fn backward_values<V: Reading>(
    tape: &Tape<V>,
    (top, cotangent): (u32, V),
    end: usize,
    wanted: impl Fn(u32) -> bool,
) -> Vec<Cotangent<V>> {
    let graph = tape.graph();
    if V::SCALAR {
        // No node is skipped: pruning costs as much as computing a cotangent.
        let mut adjoints = tape.adjoints().take();
        let cotangents = numbers::backward(&mut adjoints, &graph, (top, cotangent), end);
        tape.adjoints().replace(adjoints);
        return cotangents;
    }
    let mut g = tape.cotangents().take();
    mark_needed(&mut g, &graph, top, &wanted);
    walk_back(&mut g, &AsValues(&graph), cotangent, wanted, rule::pull);
    let cotangents = g.drain(..).take(end).collect();
    tape.cotangents().replace(g);
    cotangents
}

/// The loop from the last node to the first. `cotangent` is the cotangent of the last node. For every node that has a
/// cotangent, `pull` adds its contributions to the operands.
pub(crate) fn walk_back<W: Reading>(
    g: &mut [Cotangent<W>],
    view: &impl NodeView<W>,
    cotangent: W,
    wanted: impl Fn(u32) -> bool,
    mut pull: impl FnMut(&Op, &[&W], &W, &W, &mut OperandCotangents<'_, W>),
) {
    if let Some(top @ Cotangent::Zero) = g.last_mut() {
        *top = Cotangent::Accumulated(cotangent);
    }
    for id in (0..g.len()).rev() {
        let (g, rest) = g.split_at_mut(id); // operands precede their result
        let Some(gy) = rest[0].get() else { continue };
        let contribute = |op: &Op, operands: &[u32], x: &[&W], y: &W| {
            pull(op, x, y, gy, &mut OperandCotangents { operands, g });
        };
        if view.node(id as u32, contribute).is_some() && !wanted(id as u32) {
            rest[0] = Cotangent::Zero; // frees the memory
        }
    }
}
