//! The forward pass.

use super::needed::{needed, one_of};
use super::view::NodeView;
use crate::algebra::{Cotangent, Reading, rule};
use crate::tape::graph::{Graph, Section};
use crate::tape::record::Tape;
use smallvec::SmallVec;

/// Runs a forward pass in any view, from inputs with their tangents (the seeds). A view of variables records the pass.
///
/// Returns the tangents of the outputs. A tangent is absent if the output does not depend on the inputs.
pub(crate) fn forward<V: Reading, W: Reading>(
    tape: &Tape<V>,
    view: &impl NodeView<W>,
    seeds: Vec<(u32, W)>,
    outputs: &[u32],
) -> Vec<Option<W>> {
    let top = outputs.iter().copied().max().unwrap_or(0);
    let mut dependent = needed::<V, W>(&tape.graph(), top, &one_of(&sources(&seeds)));
    keep_ancestors(&mut dependent, &tape.graph(), outputs);
    let dx = walk_forward(&dependent, view, seeds);
    outputs.iter().map(|&id| dx.get(id).cloned().flatten()).collect()
}

pub(crate) fn sources<W>(seeds: &[(u32, W)]) -> Vec<u32> {
    seeds.iter().map(|seed| seed.0).collect()
}

/// Unmarks the nodes on which no output depends. Otherwise a recorded pass would record their tangents too, and each
/// repeated pass would double the tape.
fn keep_ancestors<V, W>(dependent: &mut Section<Cotangent<W>>, graph: &Graph<V>, outputs: &[u32]) {
    let ancestors = graph.ancestors(outputs, dependent.start);
    for (dependent, used) in dependent.entries.iter_mut().zip(ancestors.entries) {
        if !used {
            *dependent = Cotangent::Unneeded;
        }
    }
}

/// The loop from the first input to the last node. Returns a tangent for each of these nodes. A tangent is absent if the
/// node does not depend on the inputs.
pub(crate) fn walk_forward<W: Reading, U>(
    dependent: &Section<Cotangent<U>>,
    view: &impl NodeView<W>,
    seeds: Vec<(u32, W)>,
) -> Section<Option<W>> {
    let mut dx = Section { start: dependent.start, entries: vec![None; dependent.entries.len()] };
    for (id, seed) in seeds {
        let Some(dx) = dx.get_mut(id) else { continue };
        *dx = Some(dx.take().map_or_else(|| seed.clone(), |sum| sum + &seed));
    }
    for (id, place) in dependent.ids().zip(0..).filter(|&(_, place)| dependent.entries[place].is_needed()) {
        // The tangent of a seeded node is its seed, even if the node was computed from other inputs.
        if dx.entries[place].is_none() {
            let push = view.node(id, |op, operands, x, y| {
                let dx: SmallVec<[Option<&W>; 3]> = operands.iter().map(|&x| dx.get(x)?.as_ref()).collect();
                rule::push(op, x, y, &dx)
            });
            dx.entries[place] = push.flatten();
        }
    }
    dx
}
