//! The backward pass over plain numbers.
//!
//! It computes the same cotangents as [`backward`](mod@super::backward). For plain numbers, the indirection of a
//! [`NodeView`](super::view::NodeView) costs more than the operation: through it, a recorded Rosenbrock function takes five
//! times as many instructions. Pointwise operations with one or two operands therefore call their rules directly.

use crate::algebra::Pointwise::*;
use crate::algebra::{Cotangent, OperandCotangents, Operands, Pointwise, Reading, rule, slope};
use crate::tape::adjoints::Adjoints;
use crate::tape::graph::{Graph, NONE, Node, Origin};

/// The general pass of `backward.rs` takes about this many times as long for each node. It visits fewer nodes if the inputs
/// are among the last ones of a long tape, and is then faster.
pub(crate) const SPEEDUP: u32 = 5;

/// Runs a backward pass over the whole tape, from an output with its cotangent (the seed). Returns the cotangents of the
/// first `end` nodes.
pub(crate) fn backward<V: Reading>(
    adjoints: &mut Adjoints<V>,
    graph: &Graph<V>,
    (top, gy): (u32, V),
    end: usize,
) -> Vec<Cotangent<V>> {
    let (n, zero) = (top as usize + 1, gy.full_like(0.0));
    if adjoints.g.len() < n {
        adjoints.g.resize(n, zero.clone());
        adjoints.arrived.resize(n, false);
    }
    let (g, arrived) = (&mut adjoints.g[..n], &mut adjoints.arrived[..n]);
    (g[n - 1], arrived[n - 1]) = (gy, true);
    walk_back(graph, g, arrived, end, &zero);
    let take = |(g, arrived): (&mut V, &mut bool)| match std::mem::take(arrived) {
        true => Cotangent::Accumulated(std::mem::replace(g, zero.clone())),
        false => Cotangent::Zero,
    };
    g.iter_mut().zip(arrived).take(end).map(take).collect()
}

/// The loop. It resets each entry from `end` on after reading it, so that the memory is zero for the next pass. Out of
/// line, it has all registers to itself: 5 % fewer instructions.
#[inline(never)]
fn walk_back<V: Reading>(graph: &Graph<V>, g: &mut [V], arrived: &mut [bool], end: usize, zero: &V) {
    // Slices of equal length, so that the compiler checks an index once for all of them.
    let n = g.len();
    let (nodes, arrived) = (&graph.nodes[..n], &mut arrived[..n]);
    for id in (0..n).rev() {
        if !arrived[id] {
            continue;
        }
        let gy = g[id].clone();
        if id >= end {
            (g[id], arrived[id]) = (zero.clone(), false);
        }
        let Node { origin, operands: [a, b], value: y } = &nodes[id];
        let (a, b) = (*a as usize, *b as usize);
        macro_rules! pull {
            ($op:expr, $($i:literal $operand:ident),+) => {{
                let x = [$(&nodes[$operand].value),+];
                $(
                    g[$operand].accumulate(slope($op, $i, &x, y, &gy));
                    arrived[$operand] = true;
                )+
            }};
        }
        // The most frequent operations have arms of their own, so that their rules are inlined.
        match origin {
            Origin::Pointwise(Add) => pull!(Add, 0 a, 1 b),
            Origin::Pointwise(Sub) => pull!(Sub, 0 a, 1 b),
            Origin::Pointwise(Mul | MulStrongZero) => pull!(Mul, 0 a, 1 b),
            Origin::Pointwise(Neg) => pull!(Neg, 0 a),
            Origin::Pointwise(Shift(c)) => pull!(Shift(*c), 0 a),
            Origin::Pointwise(SubFrom(c)) => pull!(SubFrom(*c), 0 a),
            Origin::Pointwise(Scale(c)) => pull!(Scale(*c), 0 a),
            Origin::Pointwise(Square | Powi(2.0)) => pull!(Square, 0 a),
            Origin::Pointwise(op) => pull_pointwise(graph, *op, id as u32, &gy, g, arrived),
            Origin::Operation(_) => pull_any(graph, id as u32, &gy, g, arrived),
            Origin::Variable | Origin::Constant | Origin::Unconnected => {}
        }
    }
}

/// Pulls back any pointwise operation. Out of line, which keeps the loop short.
#[inline(never)]
fn pull_pointwise<V: Reading>(graph: &Graph<V>, op: Pointwise, id: u32, gy: &V, g: &mut [V], arrived: &mut [bool]) {
    let Node { operands, value: y, .. } = &graph.nodes[id as usize];
    let mut pull = |i: usize, operand: u32, x: &[&V]| {
        if op.differentiable(i) {
            g[operand as usize].accumulate(slope(op, i, x, y, gy));
            arrived[operand as usize] = true;
        }
    };
    match *operands {
        [a, NONE] => pull(0, a, &[graph.value(a)]),
        [NONE, _] => pull_any(graph, id, gy, g, arrived),
        [a, b] => {
            let x = [graph.value(a), graph.value(b)];
            pull(0, a, &x);
            pull(1, b, &x);
        }
    }
}

/// Pulls back any operation.
#[cold]
fn pull_any<V: Reading>(graph: &Graph<V>, id: u32, gy: &V, g: &mut [V], arrived: &mut [bool]) {
    let Some(op) = graph.op(id) else { return };
    let operands = graph.operands(id);
    let x: Vec<&V> = operands.iter().map(|&x| graph.value(x)).collect();
    let mut parts = vec![Cotangent::Zero; x.len()];
    let places: Operands<u32> = (0..x.len() as u32).collect();
    rule::pull(&op, &x, graph.value(id), gy, &mut OperandCotangents { operands: &places, g: &mut parts, start: 0 });
    for (&operand, part) in operands.iter().zip(parts) {
        if let Cotangent::Accumulated(part) = part {
            g[operand as usize].accumulate(part);
            arrived[operand as usize] = true;
        }
    }
}
