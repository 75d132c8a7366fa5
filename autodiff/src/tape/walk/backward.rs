//! The backward pass.

use super::needed::{Wanted, needed, needed_in};
use super::view::{AsValues, NodeView};
use crate::algebra::{Cotangent, Op, OperandCotangents, Reading, rule};
use crate::tape::graph::{Graph, Section};
use crate::tape::record::Tape;
use crate::tape::walk::numbers;
use std::ops::Range;

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

/// As [`backward_values`], but hands the cotangent of each node before `end` over as soon as it is complete: once the first
/// node that uses it has been pulled back.
pub(crate) fn backward_in_turn<V: Reading>(
    tape: &Tape<V>,
    (top, cotangent): (u32, V),
    end: usize,
    mut hand_over: impl FnMut(u32, V),
) {
    let graph = tape.graph();
    let wanted = Wanted { start: 0, contains: |id| (id as usize) < end };
    let mut g = needed_in(tape.cotangents().take(), &graph, top, &wanted);
    seed(&mut g, cotangent);
    let mut from = g.entries.len() as u32;
    for (id, first_use) in by_first_use(&graph, top, end as u32) {
        if first_use < from {
            pull_back(&mut g, &AsValues(&graph), first_use..from, wanted.contains, &mut rule::pull);
            from = first_use;
        }
        let complete = g.get_mut(id).and_then(|g| std::mem::take(g).into_inner());
        hand_over(id, complete.unwrap_or_else(|| graph.value(id).full_like(0.0)));
    }
    g.entries.clear();
    tape.cotangents().replace(g.entries);
}

/// The nodes before `end` with the first node up to `top` that uses each, or with `top + 1` if none does, in the order in
/// which a backward pass completes them.
fn by_first_use<V>(graph: &Graph<V>, top: u32, end: u32) -> Vec<(u32, u32)> {
    let mut first: Vec<(u32, u32)> = (0..end).map(|id| (id, top + 1)).collect();
    for user in (end..=top).rev() {
        graph.operands(user).iter().filter(|&&id| id < end).for_each(|&id| first[id as usize].1 = user);
    }
    first.sort_by_key(|&(id, first_use)| std::cmp::Reverse((first_use, id)));
    first
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
    seed(g, cotangent);
    pull_back(g, view, g.ids(), wanted, &mut pull);
}

/// Gives the last node its cotangent.
fn seed<W>(g: &mut Section<Cotangent<W>>, cotangent: W) {
    if let Some(top @ Cotangent::Zero) = g.entries.last_mut() {
        *top = Cotangent::Accumulated(cotangent);
    }
}

/// The loop over some nodes, from the last to the first.
#[inline]
fn pull_back<W: Reading>(
    g: &mut Section<Cotangent<W>>,
    view: &impl NodeView<W>,
    nodes: Range<u32>,
    wanted: impl Fn(u32) -> bool,
    pull: &mut impl FnMut(&Op, &[&W], &W, &W, &mut OperandCotangents<'_, W>),
) {
    let start = g.start;
    for place in ((nodes.start - start) as usize..(nodes.end - start) as usize).rev() {
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
