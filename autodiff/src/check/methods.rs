//! The same derivative by every method that the crate has.

use super::case::{Direction, Estimate, Run};
use crate::algebra::{Dual, Math, Reading, Structural};
use crate::array::Number;
use crate::array::Tensor;
use crate::reading::Batched;
use crate::tape::{AsBatch, AsValues, Graph, Mode, Tape, Var, backward, forward, one_of, second_order};

/// A method, and the derivative that it computes.
pub(super) struct Method {
    pub(super) name: String,
    pub(super) derivative: Estimate,
}

/// The derivative of a scalar along the given directions, by each method. The others are compared with the first.
pub(super) fn all<'t, V: Reading>(run: &Run<'t, V>, y: Var<'t, V>, v: &[Direction<V>], modes: &[Mode]) -> Vec<Method> {
    let (last, before) = v.split_last().expect("at least one direction");
    let inner = run.nested_derivative(y, before, &vec![modes[0]; before.len()]);
    let mut methods = Vec::new();
    let mut add = |name: &str, derivative| methods.push(Method { name: name.into(), derivative });
    if modes.contains(&Mode::Reverse) {
        add("reverse mode", reverse(run, inner, last));
        if !V::SCALAR {
            add("batched reverse mode", batched_reverse(run, inner, last));
        }
    }
    if modes.contains(&Mode::Forward) {
        add("forward mode", forward_mode(run, inner, last));
        add("a run on dual numbers", dual_numbers(run, inner, last));
        if !V::SCALAR {
            add("batched forward mode", batched_forward(run, inner, last));
        }
    }
    if let ([.., previous], true) = (before, modes.len() > 1) {
        let inner = run.nested_derivative(y, &before[..before.len() - 1], &vec![modes[0]; before.len() - 1]);
        add("forward over reverse mode", forward_over_reverse(run, inner, previous, last));
        add("a tape of dual numbers", tape_of_duals(run, inner, previous, last));
    }
    for sequence in mode_sequences(modes, v.len()) {
        let name = sequence.iter().map(|mode| format!("{mode:?}").to_lowercase()).collect::<Vec<_>>().join(", then ");
        add(&format!("a recorded derivative ({name})"), Estimate::of(&run.nested_derivative(y, v, &sequence)));
    }
    methods
}

/// All sequences of `n` modes.
fn mode_sequences(modes: &[Mode], n: usize) -> Vec<Vec<Mode>> {
    (0..n).fold(vec![Vec::new()], |sequences, _| {
        let longer = |head: &Vec<Mode>| modes.iter().map(|&mode| [&head[..], &[mode]].concat()).collect::<Vec<_>>();
        sequences.iter().flat_map(longer).collect()
    })
}

pub(super) fn reverse<V: Reading>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Estimate {
    Estimate::dot(&y.backward_wrt(&run.x).of(&run.x), v)
}

fn forward_mode<V: Reading>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Estimate {
    let graph = y.tape.graph();
    let seeds = run.ids().into_iter().zip(v.iter().cloned()).collect();
    let dy = forward(y.tape, &AsValues(&graph), seeds, &[y.id()]).pop().flatten();
    dy.map_or(Estimate::ZERO, |dy| Estimate::of(&dy))
}

/// Uses the second of two cotangents, 1 and −2, so that confusing the two shows. Multiplying by −½ is exact.
fn batched_reverse<V: Reading>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Estimate {
    let graph = y.tape.graph();
    let like = graph.value(y.id());
    let number = |i: &[usize]| V::Elem::from_f64([1.0, -2.0][i[0]]);
    let seed = Batched::from_batch(like.lift(&Tensor::from_fn(like.shape().insert(0, 2), number)));
    let parts = backward(y.tape, &AsBatch(AsValues(&graph)), (y.id(), seed), &one_of(&run.ids()));
    let part = |id: u32| Some(parts.get(id)?.get()?.clone().into_batch(2).index_axis(0, 1).scale(-0.5));
    let g: Vec<V> = run.ids().iter().map(|&id| part(id).unwrap_or_else(|| graph.value(id).full_like(0.0))).collect();
    Estimate::dot(&g, v)
}

/// As [`batched_reverse`], with two tangents.
fn batched_forward<V: Reading>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Estimate {
    let graph = y.tape.graph();
    let seed = |v: &V| Batched::from_batch(V::stack(0, &[v, &v.scale(-2.0)]));
    let seeds = run.ids().into_iter().zip(v.iter().map(seed)).collect();
    let dy = forward(y.tape, &AsBatch(AsValues(&graph)), seeds, &[y.id()]).pop().flatten();
    dy.map_or(Estimate::ZERO, |dy| Estimate::of(&dy.into_batch(2).index_axis(0, 1).scale(-0.5)))
}

/// Runs the program again on dual numbers.
fn dual_numbers<V: Reading>(run: &Run<'_, V>, y: Var<'_, V>, v: &Direction<V>) -> Estimate {
    let graph = y.tape.graph();
    let y = replay(&graph, y.id(), |id, x| run.dual(id, x, v)).pop().expect("an output");
    Estimate::of(&y.tangent())
}

fn forward_over_reverse<V: Reading>(run: &Run<'_, V>, y: Var<'_, V>, u: &Direction<V>, v: &Direction<V>) -> Estimate {
    let graph = y.tape.graph();
    let parts = second_order(&graph, y.id(), run.ids().into_iter().zip(v.iter().cloned()).collect());
    let part = |id: u32| parts.get(id)?.get().cloned();
    let g: Vec<V> = run.ids().iter().map(|&id| part(id).unwrap_or_else(|| graph.value(id).full_like(0.0))).collect();
    Estimate::dot(&g, u)
}

/// Runs the program again on a tape of dual numbers. Its gradient carries a tangent, the second derivative.
fn tape_of_duals<V: Reading>(run: &Run<'_, V>, y: Var<'_, V>, u: &Direction<V>, v: &Direction<V>) -> Estimate {
    let (graph, tape) = (y.tape.graph(), Tape::new());
    let nodes = replay(&graph, y.id(), |id, x| tape.variable(run.dual(id, x, v)));
    let x: Vec<_> = run.ids().iter().map(|&id| nodes[id as usize]).collect();
    let g = nodes[y.id() as usize].backward_wrt(&x).of(&x);
    Estimate::dot(&g.iter().map(Dual::tangent).collect::<Vec<_>>(), u)
}

/// Runs the recorded program again in another reading.
fn replay<V: Reading, W: Reading>(graph: &Graph<V>, top: u32, leaf: impl Fn(u32, &V) -> W) -> Vec<W> {
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

impl<V: Reading> Run<'_, V> {
    fn ids(&self) -> Vec<u32> {
        self.x.iter().map(|x| x.id()).collect()
    }

    /// A leaf as a dual number: an input moves along the direction `v`, and other leaves are constants.
    fn dual(&self, id: u32, x: &V, v: &Direction<V>) -> Dual<V> {
        match self.x.iter().position(|input| input.id() == id) {
            Some(i) => Dual::new(x.clone(), v[i].clone()),
            None => Dual::constant(x.clone()),
        }
    }
}
