//! The forward pass.

use super::needed::{needed, one_of};
use super::view::NodeView;
use crate::algebra::{Cotangent, Reading, rule};
use crate::tape::graph::Graph;
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
    let mut dependent = needed::<V, W>(&tape.graph(), top, one_of(&sources(&seeds)));
    keep_ancestors(&mut dependent, &tape.graph(), outputs);
    let dx = walk_forward(&dependent, view, seeds);
    outputs.iter().map(|&id| dx[id as usize].clone()).collect()
}

pub(crate) fn sources<W>(seeds: &[(u32, W)]) -> Vec<u32> {
    seeds.iter().map(|seed| seed.0).collect()
}

/// Unmarks the nodes on which no output depends. Otherwise a recorded pass would record their tangents too, and each
/// repeated pass would double the tape.
fn keep_ancestors<V, W>(dependent: &mut [Cotangent<W>], graph: &Graph<V>, outputs: &[u32]) {
    for (dependent, used) in dependent.iter_mut().zip(graph.ancestors(outputs)) {
        if !used {
            *dependent = Cotangent::Unneeded;
        }
    }
}

/// The loop from the first node to the last. Returns a tangent for each node. A tangent is absent if the node does not
/// depend on the inputs.
pub(crate) fn walk_forward<W: Reading, U>(
    dependent: &[Cotangent<U>],
    view: &impl NodeView<W>,
    seeds: Vec<(u32, W)>,
) -> Vec<Option<W>> {
    let mut dx: Vec<Option<W>> = vec![None; dependent.len()];
    for (id, seed) in seeds.into_iter().filter(|seed| (seed.0 as usize) < dependent.len()) {
        let dx = &mut dx[id as usize];
        *dx = Some(dx.take().map_or_else(|| seed.clone(), |sum| sum + &seed));
    }
    for id in (0..dx.len()).filter(|&id| dependent[id].is_needed()) {
        // The tangent of a seeded node is its seed, even if the node was computed from other inputs.
        if dx[id].is_none() {
            let push = view.node(id as u32, |op, operands, x, y| {
                let dx: SmallVec<[Option<&W>; 3]> = operands.iter().map(|&x| dx[x as usize].as_ref()).collect();
                rule::push(op, x, y, &dx)
            });
            dx[id] = push.flatten();
        }
    }
    dx
}
