//! The nodes that a pass needs.

use crate::algebra::{Cotangent, Reading};
use crate::tape::graph::Graph;
use smallvec::{SmallVec, smallvec};

/// Tests whether a node is one of `ids`. A table answers, because a pass asks for every node.
pub(crate) fn one_of(ids: &[u32]) -> impl Fn(u32) -> bool + use<> {
    let mut marks: SmallVec<[bool; 64]> = smallvec![false; ids.iter().max().map_or(0, |&id| id as usize + 1)];
    ids.iter().for_each(|&id| marks[id as usize] = true);
    move |id| marks.get(id as usize).is_some_and(|&mark| mark)
}

/// A cotangent for each node up to `top`: [`Cotangent::Zero`] if the node depends on a wanted node, and otherwise
/// [`Cotangent::Unneeded`].
pub(crate) fn needed<V, W: Reading>(graph: &Graph<V>, top: u32, wanted: impl Fn(u32) -> bool) -> Vec<Cotangent<W>> {
    let mut g: Vec<Cotangent<W>> = Vec::with_capacity(top as usize + 1);
    mark_needed(&mut g, graph, top, wanted);
    g
}

/// As [`needed`], in an empty vector whose memory is reused.
pub(crate) fn mark_needed<V, W: Reading>(
    g: &mut Vec<Cotangent<W>>,
    graph: &Graph<V>,
    top: u32,
    wanted: impl Fn(u32) -> bool,
) {
    for id in 0..=top {
        let through = |(i, &x): (usize, &u32)| g[x as usize].is_needed() && graph.is_differentiable(id, i);
        let needed = wanted(id) || graph.operands(id).iter().enumerate().any(through);
        g.push(if needed { Cotangent::Zero } else { Cotangent::Unneeded });
    }
}
