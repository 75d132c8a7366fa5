//! The backward pass.

use super::needed::{mark_needed, needed};
use super::view::{AsValues, NodeView};
use crate::algebra::{Cotangent, Op, OperandCotangents, Value, rule};
use crate::tape::record::Tape;
use crate::tape::walk::numbers;

/// Runs a backward pass from an output with its cotangent. Returns the cotangents of the first `end` nodes; those of wanted
/// nodes are kept, and every other one is freed as soon as it was used. All wanted nodes lie before `end`. A cotangent is
/// absent if the output does not depend on its node.
pub(crate) fn reverse<V: Value>(
    tape: &Tape<V>,
    (top, cotangent): (u32, V),
    end: usize,
    wanted: impl Fn(u32) -> bool,
) -> Vec<Cotangent<V>> {
    let graph = tape.graph();
    if V::SCALAR {
        // Finding out which numbers need no cotangent takes as long as computing it.
        let mut adjoints = tape.numbers().take();
        let cotangents = numbers::walk_back(&mut adjoints, &graph, (top, cotangent), end);
        tape.numbers().replace(adjoints);
        return cotangents;
    }
    let mut g = tape.cotangents().take();
    mark_needed(&mut g, &graph, top, &wanted);
    walk_back(&mut g, &AsValues(&graph), cotangent, wanted, rule::pull);
    let cotangents = g.drain(..).take(end).collect();
    tape.cotangents().replace(g);
    cotangents
}

/// As [`reverse`], in any view, which may record on the tape.
pub(crate) fn reverse_in<V: Value, W: Value>(
    tape: &Tape<V>,
    view: &impl NodeView<W>,
    seed: (u32, W),
    wanted: impl Fn(u32) -> bool,
) -> Vec<Cotangent<W>> {
    let mut g = needed(&tape.graph(), seed.0, &wanted);
    walk_back(&mut g, view, seed.1, wanted, rule::pull);
    g
}

/// The loop. `cotangent` is that of the last node. For every node that has a cotangent, `pull` adds its contributions to the
/// operands.
pub(crate) fn walk_back<W: Value>(
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
            rest[0] = Cotangent::Zero; // frees its memory
        }
    }
}
