//! One derivative by all the ways there are.

use super::case::{Direction, Run, Sum, dot, number};
use crate::algebra::{Math, Structural, Value};
use crate::array::Number;
use crate::array::Tensor;
use crate::reading::{Batched, Dual};
use crate::tape::{AsBatch, AsValues, Graph, Mode, Tape, Var, forward_in, one_of, reverse_in, second};

/// A way, and what it gives.
pub(super) struct Way {
    pub(super) name: String,
    pub(super) gives: Sum,
}

/// The derivative of a scalar on the tape along some directions, by each way; the first is the one that the others are
/// compared with.
pub(super) fn all<'t, V: Value>(run: &Run<'t, V>, y: Var<'t, V>, v: &[Direction<V>], modes: &[Mode]) -> Vec<Way> {
    let (last, before) = v.split_last().expect("a direction");
    let inner = run.along_all(y, before, &vec![modes[0]; before.len()]);
    let mut ways = Vec::new();
    let mut way = |name: &str, gives| ways.push(Way { name: name.into(), gives });
    if modes.contains(&Mode::Reverse) {
        way("reverse", reverse(run, inner, last));
        if !V::SCALAR {
            way("reverse, in a batch", reverse_batched(run, inner, last));
        }
    }
    if modes.contains(&Mode::Forward) {
        way("forward", forward(run, inner, last));
        way("dual numbers", by_duals(run, inner, last));
        if !V::SCALAR {
            way("forward, in a batch", forward_batched(run, inner, last));
        }
    }
    if let ([.., previous], true) = (before, modes.len() > 1) {
        let inner = run.along_all(y, &before[..before.len() - 1], &vec![modes[0]; before.len() - 1]);
        way("forward over reverse", forward_over_reverse(run, inner, previous, last));
        way("a tape of dual numbers", by_tape_of_duals(run, inner, previous, last));
    }
    for word in words(modes, v.len()) {
        let name = word.iter().map(|mode| format!("{mode:?}").to_lowercase()).collect::<Vec<_>>().join(", then ");
        way(&format!("recorded {name}"), number(&run.along_all(y, v, &word)));
    }
    ways
}

/// All successions of `n` modes.
fn words(modes: &[Mode], n: usize) -> Vec<Vec<Mode>> {
    (0..n).fold(vec![Vec::new()], |words, _| {
        let longer = |word: &Vec<Mode>| modes.iter().map(|&mode| [&word[..], &[mode]].concat()).collect::<Vec<_>>();
        words.iter().flat_map(longer).collect()
    })
}

pub(super) fn reverse<V: Value>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Sum {
    dot(&y.backward_wrt(&run.x).of(&run.x), v)
}

fn forward<V: Value>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Sum {
    let graph = y.tape.graph();
    let seeds = run.ids().into_iter().zip(v.iter().cloned()).collect();
    let dy = forward_in(y.tape, &AsValues(&graph), seeds, &[y.id()]).pop().flatten();
    dy.map_or(Sum::ZERO, |dy| number(&dy))
}

/// The second of two cotangents, −2, so that a confusion of the two shows; halving is exact.
fn reverse_batched<V: Value>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Sum {
    let graph = y.tape.graph();
    let like = graph.value(y.id());
    let number = |i: &[usize]| V::Elem::from_f64([1.0, -2.0][i[0]]);
    let seed = Batched::from_batch(like.lift(&Tensor::from_fn(like.shape().insert(0, 2), number)));
    let parts = reverse_in(y.tape, &AsBatch(AsValues(&graph)), (y.id(), seed), one_of(&run.ids()));
    let part = |id: u32| Some(parts.get(id as usize)?.get()?.clone().into_batch(2).index_axis(0, 1).scale(-0.5));
    let g: Vec<V> = run.ids().iter().map(|&id| part(id).unwrap_or_else(|| graph.value(id).full_like(0.0))).collect();
    dot(&g, v)
}

fn forward_batched<V: Value>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Sum {
    let graph = y.tape.graph();
    let seed = |v: &V| Batched::from_batch(V::stack(0, &[v, &v.scale(-2.0)]));
    let seeds = run.ids().into_iter().zip(v.iter().map(seed)).collect();
    let dy = forward_in(y.tape, &AsBatch(AsValues(&graph)), seeds, &[y.id()]).pop().flatten();
    dy.map_or(Sum::ZERO, |dy| number(&dy.into_batch(2).index_axis(0, 1).scale(-0.5)))
}

/// The program again, from its beginning, on dual numbers.
fn by_duals<V: Value>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Sum {
    let graph = y.tape.graph();
    let y = replay(&graph, y.id(), |id, x| run.moving(id, x, v)).pop().expect("the output");
    y.dx.map_or(Sum::ZERO, |dy| number(&dy))
}

fn forward_over_reverse<V: Value>(run: &Run<'_, V>, y: Var<'_, V>, u: &Direction<V>, v: &Direction<V>) -> Sum {
    let graph = y.tape.graph();
    let parts = second(&graph, y.id(), run.ids().into_iter().zip(v.iter().cloned()).collect());
    let part = |id: u32| parts.get(id as usize)?.get().cloned();
    let g: Vec<V> = run.ids().iter().map(|&id| part(id).unwrap_or_else(|| graph.value(id).full_like(0.0))).collect();
    dot(&g, u)
}

/// The program again on a tape of dual numbers, walked back: its gradient has a tangent.
fn by_tape_of_duals<V: Value>(run: &Run<'_, V>, y: Var<'_, V>, u: &Direction<V>, v: &Direction<V>) -> Sum {
    let (graph, tape) = (y.tape.graph(), Tape::new());
    let nodes = replay(&graph, y.id(), |id, x| tape.variable(run.moving(id, x, v)));
    let x: Vec<_> = run.ids().iter().map(|&id| nodes[id as usize]).collect();
    let g = nodes[y.id() as usize].backward_wrt(&x).of(&x);
    dot(&g.iter().map(Dual::tangent).collect::<Vec<_>>(), u)
}

/// Runs what is on a tape once more, in another reading.
fn replay<V: Value, W: Value>(graph: &Graph<V>, top: u32, leaf: impl Fn(u32, &V) -> W) -> Vec<W> {
    let mut nodes: Vec<W> = Vec::new();
    for id in 0..=top {
        let node = match graph.op(id) {
            Some(op) => {
                let x: Vec<&W> = graph.operands(id).iter().map(|&x| &nodes[x as usize]).collect();
                W::apply(&op, &x)
            }
            None => leaf(id, graph.value(id)),
        };
        nodes.push(node);
    }
    nodes
}

impl<V: Value> Run<'_, V> {
    fn ids(&self) -> Vec<u32> {
        self.x.iter().map(|x| x.id()).collect()
    }

    /// A leaf of the tape as the inputs move along a direction.
    fn moving(&self, id: u32, x: &V, v: &Direction<V>) -> Dual<V> {
        match self.x.iter().position(|input| input.id() == id) {
            Some(i) => Dual::new(x.clone(), v[i].clone()),
            None => Dual::constant(x.clone()),
        }
    }
}
