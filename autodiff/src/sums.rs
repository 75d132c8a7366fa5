//! The walk back over plain numbers.
//!
//! It does what [`sweep`](crate::sweep) does over values in general. But an operation on numbers takes less time than it
//! takes to look at it in general: so what is pointwise, of one operand or two, goes to the table of rules by the shortest
//! way.

use crate::cotangent::{Cotangent, Parts};
use crate::few::Few;
use crate::nodes::{Graph, NONE, Node, Origin};
use crate::op::Pointwise::{self, *};
use crate::rule;
use crate::value::Value;

/// What the walk collects: the sums, and whether anything has arrived. Of a number a sum that begins at zero costs
/// nothing, where it would take longer to look what state it is in; and two lists are the smaller one.
///
/// Between walks they are zeros: each is set back where the walk reads it last, which takes less time than to fill the
/// lists before the next one.
pub(crate) struct Sums<V> {
    g: Vec<V>,
    arrived: Vec<bool>,
}

impl<V> Default for Sums<V> {
    fn default() -> Self {
        Self { g: Vec::new(), arrived: Vec::new() }
    }
}

impl<V: Value> Sums<V> {
    pub(crate) fn bytes(&self) -> usize {
        self.g.capacity() * size_of::<V>() + self.arrived.capacity()
    }

    /// Walks back from an output with its cotangent. Gives the cotangents of the first `end` nodes.
    pub(crate) fn walk_back(&mut self, graph: &Graph<V>, (top, gy): (u32, V), end: usize) -> Vec<Cotangent<V>> {
        let (n, zero) = (top as usize + 1, gy.full_like(0.0));
        if self.g.len() < n {
            self.g.resize(n, zero.clone());
            self.arrived.resize(n, false);
        }
        let (g, arrived) = (&mut self.g[..n], &mut self.arrived[..n]);
        (g[n - 1], arrived[n - 1]) = (gy, true);
        walk(graph, g, arrived, end, &zero);
        let take = |(g, arrived): (&mut V, &mut bool)| match std::mem::take(arrived) {
            true => Cotangent::Sum(std::mem::replace(g, zero.clone())),
            false => Cotangent::Zero,
        };
        g.iter_mut().zip(arrived).take(end).map(take).collect()
    }
}

fn walk<V: Value>(graph: &Graph<V>, g: &mut [V], arrived: &mut [bool], end: usize, zero: &V) {
    // (Slices of one length, so that a place that was looked for in one is known to be in all.)
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
                    g[$operand].accumulate(V::slope($op, $i, &x, y, &gy));
                    arrived[$operand] = true;
                )+
            }};
        }
        // The most frequent ones by name: their rules are read from the table when this is compiled.
        match origin {
            Origin::Pointwise(Add) => pull!(Add, 0 a, 1 b),
            Origin::Pointwise(Sub) => pull!(Sub, 0 a, 1 b),
            Origin::Pointwise(Mul) => pull!(Mul, 0 a, 1 b),
            Origin::Pointwise(Neg) => pull!(Neg, 0 a),
            Origin::Pointwise(Shift(c)) => pull!(Shift(*c), 0 a),
            Origin::Pointwise(SubFrom(c)) => pull!(SubFrom(*c), 0 a),
            Origin::Pointwise(Scale(c)) => pull!(Scale(*c), 0 a),
            Origin::Pointwise(Square | Powi(2)) => pull!(Square, 0 a),
            Origin::Pointwise(op) => pull_pointwise(graph, *op, id as u32, &gy, g, arrived),
            Origin::Other(_) => pull_any(graph, id as u32, &gy, g, arrived),
            Origin::Variable | Origin::Constant | Origin::Unconnected => {}
        }
    }
}

/// Apart, so that the loop is short.
#[inline(never)]
fn pull_pointwise<V: Value>(graph: &Graph<V>, op: Pointwise, id: u32, gy: &V, g: &mut [V], arrived: &mut [bool]) {
    let Node { operands, value: y, .. } = &graph.nodes[id as usize];
    let mut pull = |i: usize, operand: u32, x: &[&V]| {
        if op.differentiable(i) {
            g[operand as usize].accumulate(V::slope(op, i, x, y, gy));
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

#[cold]
fn pull_any<V: Value>(graph: &Graph<V>, id: u32, gy: &V, g: &mut [V], arrived: &mut [bool]) {
    let Some(op) = graph.op(id) else { return };
    let operands = graph.operands(id);
    let x: Vec<&V> = operands.iter().map(|&x| graph.value(x)).collect();
    let mut parts = vec![Cotangent::Zero; x.len()];
    let places: Few<u32> = (0..x.len() as u32).collect();
    rule::pull(&op, &x, graph.value(id), gy, &mut Parts { operands: &places, g: &mut parts });
    for (&operand, part) in operands.iter().zip(parts) {
        if let Cotangent::Sum(part) = part {
            g[operand as usize].accumulate(part);
            arrived[operand as usize] = true;
        }
    }
}
