//! The two walks over a tape: back, and forward. Each is one function, told how to look at a node.
//!
//! Looked at as numbers, a walk gives numbers; as variables, it records what it does on the same tape, so that the
//! result can be differentiated again; as batches, one walk does the work of many. The order of recording is an order
//! of dependence, so a walk is a loop: nothing is sorted and nothing recurses.

use crate::batched::Batched;
use crate::op::Op;
use crate::rule;
use crate::tape::{Graph, Ids, Origin, Tape};
use crate::value::Value;
use crate::var::Var;
use smallvec::SmallVec;

/// How a walk looks at the nodes of a tape.
pub(crate) trait Look<W> {
    /// Shows an operation with its operands and its result; leaves are not shown.
    fn visit<R>(&self, id: u32, show: impl FnOnce(&Op, &[u32], &[&W], &W) -> R) -> Option<R>;
}

/// The values themselves.
pub(crate) struct Numbers<'a, V>(pub(crate) &'a Graph<V>);

impl<V> Look<V> for Numbers<'_, V> {
    #[inline(always)]
    fn visit<R>(&self, id: u32, show: impl FnOnce(&Op, &[u32], &[&V], &V) -> R) -> Option<R> {
        let node = &self.0.nodes[id as usize];
        let Origin::Op(op) = &node.origin else { return None };
        let operands = self.0.operands(id);
        let x: SmallVec<[&V; 3]> = operands.iter().map(|&x| self.0.value(x)).collect();
        Some(show(op, operands, &x, &node.value))
    }
}

/// The variables, so that the walk is recorded. The tape is not borrowed while an operation is shown.
pub(crate) struct Recorded<'t, V>(pub(crate) &'t Tape<V>);

impl<'t, V: Value> Look<Var<'t, V>> for Recorded<'t, V> {
    fn visit<R>(&self, id: u32, show: impl FnOnce(&Op, &[u32], &[&Var<'t, V>], &Var<'t, V>) -> R) -> Option<R> {
        let tape = self.0;
        let (op, operands) = {
            let graph = tape.graph();
            let Origin::Op(op) = &graph.nodes[id as usize].origin else { return None };
            (op.clone(), Ids::from_slice(graph.operands(id)))
        };
        let x: SmallVec<[Var<'t, V>; 3]> = operands.iter().map(|&id| Var { tape, id }).collect();
        let x: SmallVec<[&Var<'t, V>; 3]> = x.iter().collect();
        Some(show(&op, &operands, &x, &Var { tape, id }))
    }
}

/// What another look shows, the same for a whole batch of tangents or cotangents.
pub(crate) struct Shared<L>(pub(crate) L);

impl<W: Value, L: Look<W>> Look<Batched<W>> for Shared<L> {
    fn visit<R>(&self, id: u32, show: impl FnOnce(&Op, &[u32], &[&Batched<W>], &Batched<W>) -> R) -> Option<R> {
        self.0.visit(id, |op, operands, x, y| {
            let x: SmallVec<[Batched<W>; 3]> = x.iter().map(|&x| Batched::shared(x.clone())).collect();
            let x: SmallVec<[&Batched<W>; 3]> = x.iter().collect();
            show(op, operands, &x, &Batched::shared(y.clone()))
        })
    }
}

/// Which nodes up to `top` depend, in a differentiable way, on a node that `source` names.
fn dependent<V>(graph: &Graph<V>, top: u32, source: impl Fn(u32) -> bool) -> Vec<bool> {
    let mut dependent = Vec::with_capacity(top as usize + 1);
    for id in 0..=top {
        let depends = source(id)
            || match &graph.nodes[id as usize].origin {
                Origin::Op(op) => {
                    let through = |(i, &x): (usize, &u32)| dependent[x as usize] && op.differentiable(i);
                    graph.operands(id).iter().enumerate().any(through)
                }
                Origin::Variable | Origin::Constant | Origin::Unconnected => false,
            };
        dependent.push(depends);
    }
    dependent
}

/// Walks back from an output with its cotangent. Gives the cotangents of the wanted nodes at their numbers, absent
/// where the output does not depend on them. Only what depends on a wanted node is walked, and a cotangent that is
/// used up is freed.
pub(crate) fn reverse<V, W: Value>(
    graph: &Graph<V>,
    look: &impl Look<W>,
    seed: (u32, W),
    wanted: impl Fn(u32) -> bool,
) -> Vec<Option<W>> {
    let dependent = dependent(graph, seed.0, &wanted);
    walk_back(&dependent, look, seed, wanted)
}

/// As [`reverse`], on a tape that the walk itself may record on.
pub(crate) fn reverse_on<V: Value, W: Value>(
    tape: &Tape<V>,
    look: &impl Look<W>,
    seed: (u32, W),
    wanted: impl Fn(u32) -> bool,
) -> Vec<Option<W>> {
    let dependent = dependent(&tape.graph(), seed.0, &wanted);
    walk_back(&dependent, look, seed, wanted)
}

fn walk_back<W: Value>(
    dependent: &[bool],
    look: &impl Look<W>,
    (top, cotangent): (u32, W),
    wanted: impl Fn(u32) -> bool,
) -> Vec<Option<W>> {
    let mut g: Vec<Option<W>> = vec![None; top as usize + 1];
    if dependent[top as usize] {
        g[top as usize] = Some(cotangent);
    }
    for id in (0..=top).rev() {
        let Some(gy) = (if wanted(id) { g[id as usize].clone() } else { g[id as usize].take() }) else { continue };
        look.visit(id, |op, operands, x, y| {
            let needed = |i: usize| dependent[operands[i] as usize];
            rule::pull(op, x, y, &gy, needed, |i, part| match &mut g[operands[i] as usize] {
                Some(total) => total.accumulate(part),
                none => *none = Some(part),
            });
        });
    }
    g
}

/// Walks forward from inputs with their tangents. Gives the tangents of the outputs, absent where one does not depend
/// on them.
pub(crate) fn forward_on<V: Value, W: Value>(
    tape: &Tape<V>,
    look: &impl Look<W>,
    seeds: &[(u32, W)],
    outputs: &[u32],
) -> Vec<Option<W>> {
    let top = outputs.iter().copied().max().unwrap_or(0);
    let dependent = dependent(&tape.graph(), top, |id| seeds.iter().any(|seed| seed.0 == id));
    let mut dx: Vec<Option<W>> = vec![None; top as usize + 1];
    for id in (0..=top).filter(|&id| dependent[id as usize]) {
        // A seeded node moves as its seeds say, whatever it was computed from: it is an input here.
        let seed = seeds.iter().filter(|seed| seed.0 == id).map(|seed| seed.1.clone()).reduce(|a, b| a + b);
        let push = || {
            look.visit(id, |op, operands, x, y| {
                let dx: SmallVec<[Option<&W>; 3]> = operands.iter().map(|&x| dx[x as usize].as_ref()).collect();
                rule::push(op, x, y, &dx)
            })
        };
        dx[id as usize] = seed.or_else(|| push().flatten());
    }
    outputs.iter().map(|&id| dx[id as usize].clone()).collect()
}
