//! The nodes that a pass needs.

use crate::algebra::{Cotangent, Reading};
use crate::tape::graph::{Graph, Section};
use smallvec::{SmallVec, smallvec};

/// The nodes whose derivatives a pass computes.
pub(crate) struct Wanted<F> {
    /// The first of them. Nothing recorded before it can depend on one.
    pub(crate) start: u32,
    /// Tests whether a node is one of them.
    pub(crate) contains: F,
}

/// The given nodes. A table answers, because a pass asks for every node.
pub(crate) fn one_of(ids: &[u32]) -> Wanted<impl Fn(u32) -> bool + use<>> {
    let start = ids.iter().copied().min().unwrap_or(u32::MAX);
    let mut marks: SmallVec<[bool; 64]> =
        smallvec![false; ids.iter().max().map_or(0, |&last| (last - start) as usize + 1)];
    ids.iter().for_each(|&id| marks[(id - start) as usize] = true);
    Wanted { start, contains: move |id: u32| marks.get(id.wrapping_sub(start) as usize).is_some_and(|&mark| mark) }
}

/// A cotangent for each node from the first wanted one up to `top`: [`Cotangent::Zero`] if the node depends on a wanted
/// node, and otherwise [`Cotangent::Unneeded`].
pub(crate) fn needed<V, W: Reading>(
    graph: &Graph<V>,
    top: u32,
    wanted: &Wanted<impl Fn(u32) -> bool>,
) -> Section<Cotangent<W>> {
    needed_in(Vec::new(), graph, top, wanted)
}

/// As [`needed`], in an empty vector whose memory is reused.
pub(crate) fn needed_in<V, W: Reading>(
    empty: Vec<Cotangent<W>>,
    graph: &Graph<V>,
    top: u32,
    wanted: &Wanted<impl Fn(u32) -> bool>,
) -> Section<Cotangent<W>> {
    let mut g = Section { start: wanted.start, entries: empty };
    g.entries.reserve((top + 1).saturating_sub(wanted.start) as usize);
    for id in wanted.start..=top {
        let through =
            |(i, &x): (usize, &u32)| g.get(x).is_some_and(Cotangent::is_needed) && graph.is_differentiable(id, i);
        let needed = (wanted.contains)(id) || graph.operands(id).iter().enumerate().any(through);
        g.entries.push(if needed { Cotangent::Zero } else { Cotangent::Unneeded });
    }
    g
}
