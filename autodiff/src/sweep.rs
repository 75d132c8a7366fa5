//! The two walks over a tape: back, and forward. Each is one function, told how to look at a node.
//!
//! Looked at as numbers, a walk gives numbers; as variables, it records what it does on the same tape, so that the
//! result can be differentiated again; as batches, one walk does the work of many. The order of recording is an order
//! of dependence, so a walk is a loop: nothing is sorted and nothing recurses.

use crate::batched::Batched;
use crate::cotangent::{Cotangent, Parts};
use crate::dual::Dual;
use crate::few::{Few, few};
use crate::nodes::Graph;
use crate::op::Op;
use crate::rule;
use crate::tape::Tape;
use crate::value::Value;
use crate::var::Var;
use smallvec::{SmallVec, smallvec};

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
        let operands = self.0.operands(id);
        let show = |op: &Op| show(op, operands, &few(operands, |&x| self.0.value(x)), self.0.value(id));
        self.0.with_op(id, show)
    }
}

/// The variables, so that the walk is recorded. The tape is not borrowed while an operation is shown.
pub(crate) struct Recorded<'t, V>(pub(crate) &'t Tape<V>);

impl<'t, V: Value> Look<Var<'t, V>> for Recorded<'t, V> {
    fn visit<R>(&self, id: u32, show: impl FnOnce(&Op, &[u32], &[&Var<'t, V>], &Var<'t, V>) -> R) -> Option<R> {
        let tape = self.0;
        let (op, operands) = {
            let graph = tape.graph();
            let op = graph.op(id)?;
            graph.lines.walk(Some(id));
            (op, Few::from_slice(graph.operands(id)))
        };
        let x = few(&operands, |&id| Var::at(tape, id));
        let shown = show(&op, &operands, &few(&x, |x| x), &Var::at(tape, id));
        tape.graph().lines.walk(None);
        Some(shown)
    }
}

/// What another look shows, the same for a whole batch of tangents or cotangents.
pub(crate) struct Shared<L>(pub(crate) L);

impl<W: Value, L: Look<W>> Look<Batched<W>> for Shared<L> {
    fn visit<R>(&self, id: u32, show: impl FnOnce(&Op, &[u32], &[&Batched<W>], &Batched<W>) -> R) -> Option<R> {
        self.0.visit(id, |op, operands, x, y| {
            let x: Few<Batched<W>> = x.iter().map(|&x| Batched::shared(x.clone())).collect();
            show(op, operands, &few(&x, |x| x), &Batched::shared(y.clone()))
        })
    }
}

/// The values with the tangents that a walk forward gave them: a walk back then gives second derivatives in one
/// direction, with nothing recorded.
struct Moved<'a, V> {
    graph: &'a Graph<V>,
    values: Vec<Dual<V>>,
}

impl<V: Value> Look<Dual<V>> for Moved<'_, V> {
    #[inline(always)]
    fn visit<R>(&self, id: u32, show: impl FnOnce(&Op, &[u32], &[&Dual<V>], &Dual<V>) -> R) -> Option<R> {
        let (operands, value) = (self.graph.operands(id), |&id: &u32| &self.values[id as usize]);
        self.graph.with_op(id, |op| show(op, operands, &few(operands, value), value(&id)))
    }
}

/// Whether a node is one of some: a look into a table, since a walk asks it of every node.
pub(crate) fn one_of(ids: &[u32]) -> impl Fn(u32) -> bool + use<> {
    let mut marks: SmallVec<[bool; 64]> = smallvec![false; ids.iter().max().map_or(0, |&id| id as usize + 1)];
    ids.iter().for_each(|&id| marks[id as usize] = true);
    move |id| marks.get(id as usize).is_some_and(|&mark| mark)
}

/// Which nodes up to `top` need a cotangent, in a walk back to the nodes that `wanted` names.
fn needed<V, W: Value>(graph: &Graph<V>, top: u32, wanted: impl Fn(u32) -> bool) -> Vec<Cotangent<W>> {
    let mut g: Vec<Cotangent<W>> = Vec::with_capacity(top as usize + 1);
    mark_needed(&mut g, graph, top, wanted);
    g
}

fn mark_needed<V, W: Value>(g: &mut Vec<Cotangent<W>>, graph: &Graph<V>, top: u32, wanted: impl Fn(u32) -> bool) {
    for id in 0..=top {
        let through = |(i, &x): (usize, &u32)| g[x as usize].is_needed() && graph.is_differentiable(id, i);
        let needed = wanted(id) || graph.operands(id).iter().enumerate().any(through);
        g.push(if needed { Cotangent::Zero } else { Cotangent::Unneeded });
    }
}

/// Walks back from an output with its cotangent. Gives the cotangents of the wanted nodes at their numbers, absent
/// where the output does not depend on them. Only what depends on a wanted node is walked, and a cotangent that is
/// used up is freed. No wanted node comes after the first `end`. The tape keeps the room for the cotangents, as it does for
/// the nodes.
pub(crate) fn reverse<V: Value>(
    tape: &Tape<V>,
    (top, cotangent): (u32, V),
    end: usize,
    wanted: impl Fn(u32) -> bool,
) -> Vec<Cotangent<V>> {
    let graph = tape.graph();
    if V::SCALAR {
        // To find out which numbers need no cotangent takes as long as to compute it.
        let mut sums = tape.sums().take();
        let parts = sums.walk_back(&graph, (top, cotangent), end);
        tape.sums().replace(sums);
        return parts;
    }
    let mut g = tape.room().take();
    mark_needed(&mut g, &graph, top, &wanted);
    walk_back(&mut g, &Numbers(&graph), cotangent, wanted, rule::pull);
    let parts = g.drain(..).take(end).collect();
    tape.room().replace(g);
    parts
}

/// As [`reverse`], on a tape that the walk itself may record on.
pub(crate) fn reverse_on<V: Value, W: Value>(
    tape: &Tape<V>,
    look: &impl Look<W>,
    seed: (u32, W),
    wanted: impl Fn(u32) -> bool,
) -> Vec<Cotangent<W>> {
    let mut g = needed(&tape.graph(), seed.0, &wanted);
    walk_back(&mut g, look, seed.1, wanted, rule::pull);
    g
}

/// The cotangent is that of the last node. At each node that one has arrived at, `pull` takes it to the operands.
fn walk_back<W: Value>(
    g: &mut [Cotangent<W>],
    look: &impl Look<W>,
    cotangent: W,
    wanted: impl Fn(u32) -> bool,
    mut pull: impl FnMut(&Op, &[&W], &W, &W, &mut Parts<'_, W>),
) {
    if let Some(top @ Cotangent::Zero) = g.last_mut() {
        *top = Cotangent::Sum(cotangent);
    }
    for id in (0..g.len()).rev() {
        let (g, rest) = g.split_at_mut(id); // operands come before
        let Some(gy) = rest[0].arrived() else { continue };
        let pulled = look.visit(id as u32, |op, operands, x, y| pull(op, x, y, gy, &mut Parts { operands, g }));
        if pulled.is_some() && !wanted(id as u32) {
            rest[0] = Cotangent::Zero; // which frees its memory
        }
    }
}

fn sources<W>(seeds: &[(u32, W)]) -> Vec<u32> {
    seeds.iter().map(|seed| seed.0).collect()
}

/// Walks forward from inputs with their tangents. Gives the tangents of the outputs, absent where one does not depend
/// on them.
pub(crate) fn forward_on<V: Value, W: Value>(
    tape: &Tape<V>,
    look: &impl Look<W>,
    seeds: Vec<(u32, W)>,
    outputs: &[u32],
) -> Vec<Option<W>> {
    let top = outputs.iter().copied().max().unwrap_or(0);
    let mut dependent = needed::<V, W>(&tape.graph(), top, one_of(&sources(&seeds)));
    keep_ancestors(&mut dependent, &tape.graph(), outputs);
    let dx = walk_forward(&dependent, look, seeds);
    outputs.iter().map(|&id| dx[id as usize].clone()).collect()
}

/// Unmarks what the outputs do not depend on. Of all else on a tape (other derivatives, say), a walk that is recorded
/// would record the tangents too, and walks one after the other would double the tape each time.
fn keep_ancestors<V, W>(dependent: &mut [Cotangent<W>], graph: &Graph<V>, outputs: &[u32]) {
    let mut used = vec![false; dependent.len()];
    outputs.iter().for_each(|&id| used[id as usize] = true);
    for id in (0..dependent.len()).rev() {
        match used[id] {
            true => graph.operands(id as u32).iter().for_each(|&x| used[x as usize] = true),
            false => dependent[id] = Cotangent::Unneeded,
        }
    }
}

fn walk_forward<W: Value, U>(dependent: &[Cotangent<U>], look: &impl Look<W>, seeds: Vec<(u32, W)>) -> Vec<Option<W>> {
    let mut dx: Vec<Option<W>> = vec![None; dependent.len()];
    for (id, seed) in seeds.into_iter().filter(|seed| (seed.0 as usize) < dependent.len()) {
        let dx = &mut dx[id as usize];
        *dx = Some(dx.take().map_or_else(|| seed.clone(), |sum| sum + &seed));
    }
    for id in (0..dx.len()).filter(|&id| dependent[id].is_needed()) {
        // A seeded node moves as its seeds say, whatever it was computed from: it is an input here.
        if dx[id].is_none() {
            let push = look.visit(id as u32, |op, operands, x, y| {
                let dx: SmallVec<[Option<&W>; 3]> = operands.iter().map(|&x| dx[x as usize].as_ref()).collect();
                rule::push(op, x, y, &dx)
            });
            dx[id] = push.flatten();
        }
    }
    dx
}

/// How the derivatives of an output by some variables move as these move along the given tangents: forward, and back
/// through the moving values. Absent where the output does not depend on a variable.
pub(crate) fn second<V: Value>(graph: &Graph<V>, top: u32, seeds: Vec<(u32, V)>) -> Vec<Cotangent<V>> {
    let wanted = one_of(&sources(&seeds));
    let mut g: Vec<Cotangent<Dual<V>>> = needed(graph, top, &wanted);
    let dx = walk_forward(&g, &Numbers(graph), seeds);
    let values = graph.nodes.iter().zip(dx).map(|(node, dx)| Dual { x: node.value.clone(), dx }).collect();
    let look = Moved { graph, values };
    // Of the variables themselves no more is asked for than how their cotangents move.
    let mut dg: Vec<Cotangent<V>> = vec![Cotangent::Unneeded; g.len()];
    for id in (0..=top).filter(|&id| wanted(id)) {
        (g[id as usize], dg[id as usize]) = (Cotangent::Unneeded, Cotangent::Zero);
    }
    let cotangent = Dual::constant(graph.value(top).full_like(1.0));
    walk_back(
        &mut g,
        &look,
        cotangent,
        |_| false,
        |op, x, y, gy, parts| {
            rule::pull_tangents(op, x, y, gy, &mut Parts { operands: parts.operands, g: &mut dg });
            rule::pull(op, x, y, gy, parts);
        },
    );
    dg
}
