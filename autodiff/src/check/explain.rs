//! The cause of a failure: the first operation that is wrong on its own, or else a lost dependence.

use super::Options;
use super::case::{Case, Run};
use super::compare::compare_all;
use super::failure::{Cause, Failure, Finding};
use crate::algebra::{Op, Operands, Pointwise, Reading};
use crate::tape::{Graph, Origin, Site, Tape, Var, bits, label};

/// Finds the cause of a failure.
pub(super) fn cause<V: Reading>(case: &Case<'_, V>, failure: &Failure) -> Cause {
    if matches!(failure.finding, Finding::NotFinite { .. } | Finding::Indeterminate(_) | Finding::NotAFunction(_)) {
        return Cause::Unknown;
    }
    let tape = Tape::traced();
    let run = case.run(&tape, case.x);
    let graph = tape.graph();
    let activity = Activity::new(&graph, &run);
    let wrong_rule = (0..=run.y.id()).find_map(|id| wrong_rule(case, failure.order, &graph, &activity, id));
    wrong_rule
        .or_else(|| first_change(case, &graph, &run, failure))
        .or_else(|| first_detach(&graph, &activity, run.y.id()))
        .unwrap_or(Cause::Unknown)
}

/// Checks one operation on its own, as a function of the operands that depend on the inputs.
fn wrong_rule<V: Reading>(
    case: &Case<'_, V>,
    order: usize,
    graph: &Graph<V>,
    activity: &Activity,
    id: u32,
) -> Option<Cause> {
    let op = graph.op(id)?;
    let operands = Operands::from_slice(graph.operands(id));
    let varies = |i: &usize| activity.varied[operands[*i] as usize] && op.differentiable(*i);
    let varied: Vec<usize> = (0..operands.len()).filter(varies).collect();
    if varied.is_empty() || !activity.useful[id as usize] {
        return None;
    }
    let x: Vec<V> = varied.iter().map(|&i| graph.value(operands[i]).clone()).collect();
    let paths: Vec<String> = varied.iter().map(|i| format!("operand {i}")).collect();
    let alone = Case {
        f: &|tape, x| {
            let operand = |i: usize| match varied.iter().position(|&m| m == i) {
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
    // An infinity is no fault of the rule: it may lie in a branch that is not taken.
    let of_the_rule = |finding: &Finding| !matches!(finding, Finding::NotFinite { .. } | Finding::Indeterminate(_));
    let found = compare_all(&alone).err().filter(|failure| of_the_rule(&failure.finding));
    found.map(|failure| Cause::Rule { site: Box::new(Site::new(graph, id)), failure })
}

/// Records the function one difference step away on either side, and finds the first node that differs: another operation,
/// a constant with another value, or an end at another node.
fn first_change<V: Reading>(
    case: &Case<'_, V>,
    graph: &Graph<V>,
    run: &Run<'_, V>,
    failure: &Failure,
) -> Option<Cause> {
    let direction = case.random_direction(&mut case.rng(failure.order as u64));
    let step = case.options.step::<V::Elem>();
    [step, -step].into_iter().find_map(|step| {
        let tape = Tape::new();
        let (last, end) = (run.y.id(), case.run(&tape, &case.moved(&direction, step)).y.id());
        first_different_node(graph, &tape.graph(), last)
            .or_else(|| (end != last).then(|| Cause::Branch(Box::new(Site::new(graph, last)))))
    })
}

/// The first of the nodes up to `last` that another recording has in another form.
fn first_different_node<V: Reading>(graph: &Graph<V>, other: &Graph<V>, last: u32) -> Option<Cause> {
    (0..=last).find_map(|id| {
        other.nodes.get(id as usize)?;
        let site = || Box::new(Site::new(graph, id));
        if operation_name(graph, id) != operation_name(other, id) {
            return Some(Cause::Branch(site()));
        }
        let changed = match graph.nodes[id as usize].origin {
            Origin::Constant => bits(&graph.value(id).primal()) != bits(&other.value(id).primal()),
            // An operation may hold a number: `x * x.value()` on plain numbers records `scale`.
            _ => label(graph, id) != label(other, id),
        };
        changed.then(|| Cause::Constant(site()))
    })
}

/// The name of a node's operation without its parameters; for a leaf, its kind.
fn operation_name<V>(graph: &Graph<V>, id: u32) -> String {
    graph.op(id).map_or_else(|| label(graph, id), |op| op.name())
}

/// The first `detach`, or primitive that declares an operand to be without derivative, between the inputs and the output.
fn first_detach<V: Reading>(graph: &Graph<V>, activity: &Activity, top: u32) -> Option<Cause> {
    let stops = |id: u32| match graph.op(id) {
        Some(Op::Pointwise(Pointwise::Detach)) => true,
        Some(op @ Op::Custom(_)) => {
            graph.operands(id).iter().enumerate().any(|(i, &x)| activity.varied[x as usize] && !op.differentiable(i))
        }
        _ => false,
    };
    let found = (0..=top).find(|&id| activity.useful[id as usize] && stops(id))?;
    Some(Cause::Detach(Box::new(Site::new(graph, found))))
}

/// Which nodes depend on the inputs (varied), and on which nodes the output depends (useful), as activity analysis
/// calls them.
struct Activity {
    varied: Vec<bool>,
    useful: Vec<bool>,
}

impl Activity {
    fn new<V: Reading>(graph: &Graph<V>, run: &Run<'_, V>) -> Self {
        let n = run.y.id() as usize + 1;
        let (mut varied, useful) = (vec![false; n], graph.ancestors(&[run.y.id()], 0).entries);
        for id in 0..n {
            let depends = graph.operands(id as u32).iter().any(|&x| varied[x as usize]);
            varied[id] = depends || run.x.iter().any(|x| x.id() as usize == id);
        }
        Self { varied, useful }
    }
}
