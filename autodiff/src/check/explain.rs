//! Why a check fails: the first operation that is wrong by itself, or what else is.

use super::case::{Case, Direction, Run};
use super::failure::{Cause, Failure, Finding};
use super::{Options, find};
use crate::algebra::{Math, Operands, Pointwise, Value};
use crate::tape::{Graph, Origin, Site, Tape, Var, bits, label};

/// The cause of a failure.
pub(super) fn cause<V: Value>(case: &Case<'_, V>, failure: &Failure) -> Cause {
    if matches!(failure.finding, Finding::NotFinite { .. } | Finding::NotAFunction(_)) {
        return Cause::Unknown;
    }
    let tape = Tape::traced();
    let run = case.run(&tape, case.x);
    let graph = tape.graph();
    let dependence = Dependence::new(&graph, &run);
    let by_rule = (0..=run.y.id()).find_map(|id| rule(case, failure.order, &graph, &dependence, id));
    by_rule
        .or_else(|| path(case, &graph, &run, failure))
        .or_else(|| detach(&graph, &dependence, run.y.id()))
        .unwrap_or(Cause::Unknown)
}

/// Checks an operation by itself, as a function of the operands that move.
fn rule<V: Value>(
    case: &Case<'_, V>,
    order: usize,
    graph: &Graph<V>,
    dependence: &Dependence,
    id: u32,
) -> Option<Cause> {
    let op = graph.op(id)?;
    let operands = Operands::from_slice(graph.operands(id));
    let moves = |i: &usize| dependence.moved[operands[*i] as usize] && op.differentiable(*i);
    let moving: Vec<usize> = (0..operands.len()).filter(moves).collect();
    if moving.is_empty() || !dependence.used[id as usize] {
        return None;
    }
    let x: Vec<V> = moving.iter().map(|&i| graph.value(operands[i]).clone()).collect();
    let paths: Vec<String> = moving.iter().map(|i| format!("operand {i}")).collect();
    let alone = Case {
        f: &|tape, x| {
            let operand = |i: usize| match moving.iter().position(|&m| m == i) {
                Some(place) => x[place],
                None => tape.constant(graph.value(operands[i]).clone()),
            };
            let all: Vec<Var<'_, V>> = (0..operands.len()).map(operand).collect();
            Var::apply(&op, &all.iter().collect::<Vec<_>>())
        },
        x: &x,
        paths: &paths,
        options: &Options { order, ..*case.options },
    };
    // Infinities in a branch that is not taken are no fault.
    let found = find::first(&alone).err().filter(|failure| !matches!(failure.finding, Finding::NotFinite { .. }));
    found.map(|failure| Cause::Rule { site: Box::new(Site::new(graph, id)), failure })
}

/// Runs the function a step away, and compares what it records: a constant that is another number there, or another
/// operation.
fn path<V: Value>(case: &Case<'_, V>, graph: &Graph<V>, run: &Run<'_, V>, failure: &Failure) -> Option<Cause> {
    let v: Direction<V> = case.direction(&mut case.rng(failure.order as u64));
    let h = case.options.step::<V::Elem>();
    let moved: Vec<V> = case.x.iter().zip(&v).map(|(x, v)| x.clone() + v.scale(h)).collect();
    let tape = Tape::new();
    case.run(&tape, &moved);
    let other = tape.graph();
    (0..=run.y.id()).find_map(|id| {
        other.nodes.get(id as usize)?;
        let site = || Box::new(Site::new(graph, id));
        if kind(graph, id) != kind(&other, id) {
            return Some(Cause::Branch(site()));
        }
        let changed = match graph.nodes[id as usize].origin {
            Origin::Constant => bits(&graph.value(id).primal()) != bits(&other.value(id).primal()),
            // A number within the operation: `x * x.value()` scales by it.
            _ => label(graph, id) != label(&other, id),
        };
        changed.then(|| Cause::Constant(site()))
    })
}

fn kind<V>(graph: &Graph<V>, id: u32) -> String {
    graph.op(id).map_or_else(|| label(graph, id), |op| op.name())
}

fn detach<V: Value>(graph: &Graph<V>, dependence: &Dependence, top: u32) -> Option<Cause> {
    let cut = |id: u32| matches!(graph.nodes[id as usize].origin, Origin::Pointwise(Pointwise::Detach));
    let found = (0..=top).find(|&id| cut(id) && dependence.used[id as usize])?;
    Some(Cause::Detach(Box::new(Site::new(graph, found))))
}

/// Which nodes depend on the inputs, and on which the output depends.
struct Dependence {
    moved: Vec<bool>,
    used: Vec<bool>,
}

impl Dependence {
    fn new<V: Value>(graph: &Graph<V>, run: &Run<'_, V>) -> Self {
        let n = run.y.id() as usize + 1;
        let (mut moved, mut used) = (vec![false; n], vec![false; n]);
        used[n - 1] = true;
        for id in 0..n {
            let depends = graph.operands(id as u32).iter().any(|&x| moved[x as usize]);
            moved[id] = depends || run.x.iter().any(|x| x.id() as usize == id);
        }
        for id in (0..n).rev() {
            if used[id] {
                graph.operands(id as u32).iter().for_each(|&x| used[x as usize] = true);
            }
        }
        Self { moved, used }
    }
}
