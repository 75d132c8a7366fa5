//! The backward pass.

use super::needed::{Wanted, needed, needed_in};
use super::view::{AsValues, NodeView};
use crate::algebra::{Cotangent, Op, OperandCotangents, Reading, rule};
use crate::tape::graph::Section;
use crate::tape::record::Tape;
use crate::tape::walk::numbers;

/// Runs a backward pass in any view, from an output with its cotangent (the seed). A view of variables records the
/// pass.
///
/// Returns a cotangent for each node from the first wanted one up to the output: [`Cotangent::Accumulated`] for the wanted
/// nodes on which the output depends. Every other cotangent is freed after its last use.
pub(crate) fn backward<V: Reading, W: Reading>(
    tape: &Tape<V>,
    view: &impl NodeView<W>,
    (top, cotangent): (u32, W),
    wanted: &Wanted<impl Fn(u32) -> bool>,
) -> Section<Cotangent<W>> {
    let mut g = needed(&tape.graph(), top, wanted);
    walk_back(&mut g, view, cotangent, &wanted.contains, rule::pull);
    g
}

/// As [`backward`] on plain values, in memory that the tape keeps. Returns the cotangents of the nodes before `end`, among
/// which all wanted nodes must be.
pub(crate) fn backward_values<V: Reading>(
    tape: &Tape<V>,
    (top, cotangent): (u32, V),
    end: usize,
    wanted: &Wanted<impl Fn(u32) -> bool>,
) -> Section<Cotangent<V>> {
    let graph = tape.graph();
    let start = wanted.start;
    if start > top {
        return Section { start, entries: Vec::new() };
    }
    // A recorded sum with a zero would be a node, so a pass that records takes the general way.
    if V::SCALAR && !V::RECORDS && u64::from(top - start) * u64::from(numbers::SPEEDUP) >= u64::from(top) {
        // No node is skipped: pruning costs as much as computing a cotangent.
        let mut adjoints = tape.adjoints().take();
        let entries = numbers::backward(&mut adjoints, &graph, (top, cotangent), end);
        tape.adjoints().replace(adjoints);
        return Section { start: 0, entries };
    }
    let mut g = needed_in(tape.cotangents().take(), &graph, top, wanted);
    walk_back(&mut g, &AsValues(&graph), cotangent, &wanted.contains, rule::pull);
    let entries = g.entries.drain(..).take(end.saturating_sub(start as usize)).collect();
    tape.cotangents().replace(g.entries);
    Section { start, entries }
}

/// The loop from the last node to the first. `cotangent` is the cotangent of the last node. For every node that has a
/// cotangent, `pull` adds its contributions to the operands.
pub(crate) fn walk_back<W: Reading>(
    g: &mut Section<Cotangent<W>>,
    view: &impl NodeView<W>,
    cotangent: W,
    wanted: impl Fn(u32) -> bool,
    mut pull: impl FnMut(&Op, &[&W], &W, &W, &mut OperandCotangents<'_, W>),
) {
    let start = g.start;
    if let Some(top @ Cotangent::Zero) = g.entries.last_mut() {
        *top = Cotangent::Accumulated(cotangent);
    }
    for place in (0..g.entries.len()).rev() {
        let (id, (g, rest)) = (start + place as u32, g.entries.split_at_mut(place)); // operands precede their result
        let Some(gy) = rest[0].get() else { continue };
        let contribute = |op: &Op, operands: &[u32], x: &[&W], y: &W| {
            pull(op, x, y, gy, &mut OperandCotangents { operands, g, start });
        };
        if view.node(id, contribute).is_some() && !wanted(id) {
            rest[0] = Cotangent::Zero; // frees the memory
        }
    }
}
