//! The walk back over plain numbers.
//!
//! It does what [`sweep`](crate::sweep) does over values in general. But an operation on numbers takes less time than it
//! takes to look at it in general: so what is pointwise, of one operand or two, goes to the table of rules by the shortest
//! way.

use crate::cotangent::{Cotangent, Parts};
use crate::nodes::{Graph, Ids, NONE, Node, Origin};
use crate::op::Pointwise;
use crate::rule;
use crate::sweep::{Look, Numbers};
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
        // (Slices of one length, so that a place that was looked for in one is known to be in all.)
        let (nodes, g, arrived) = (&graph.nodes[..n], &mut self.g[..n], &mut self.arrived[..n]);
        (g[n - 1], arrived[n - 1]) = (gy, true);
        walk(graph, nodes, g, arrived, end, &zero);
        let take = |(g, arrived): (&mut V, &mut bool)| match std::mem::take(arrived) {
            true => Cotangent::Sum(std::mem::replace(g, zero.clone())),
            false => Cotangent::Zero,
        };
        g.iter_mut().zip(arrived).take(end).map(take).collect()
    }
}

fn walk<V: Value>(graph: &Graph<V>, nodes: &[Node<V>], g: &mut [V], arrived: &mut [bool], end: usize, zero: &V) {
    for id in (0..nodes.len()).rev() {
        if !arrived[id] {
            continue;
        }
        let gy = g[id].clone();
        if id >= end {
            (g[id], arrived[id]) = (zero.clone(), false);
        }
        let Node { origin, operands: [a, b], value: y } = &nodes[id];
        let (a, b) = (*a as usize, *b as usize);
        macro_rules! add {
            ($id:expr, $part:expr) => {
                g[$id].accumulate($part);
                arrived[$id] = true;
            };
        }
        macro_rules! by_name {
            (one $name:expr) => {{
                add!(a, V::slope($name, 0, &[&nodes[a].value], y, &gy));
            }};
            (two $name:expr) => {{
                let x = [&nodes[a].value, &nodes[b].value];
                add!(a, V::slope($name, 0, &x, y, &gy));
                add!(b, V::slope($name, 1, &x, y, &gy));
            }};
        }
        // The most frequent ones by name: their rules are read from the table when this is compiled.
        match origin {
            Origin::Pointwise(Pointwise::Add) => by_name!(two Pointwise::Add),
            Origin::Pointwise(Pointwise::Sub) => by_name!(two Pointwise::Sub),
            Origin::Pointwise(Pointwise::Mul) => by_name!(two Pointwise::Mul),
            Origin::Pointwise(Pointwise::Neg) => by_name!(one Pointwise::Neg),
            Origin::Pointwise(Pointwise::Shift(c)) => by_name!(one Pointwise::Shift(*c)),
            Origin::Pointwise(Pointwise::SubFrom(c)) => by_name!(one Pointwise::SubFrom(*c)),
            Origin::Pointwise(Pointwise::Scale(c)) => by_name!(one Pointwise::Scale(*c)),
            Origin::Pointwise(Pointwise::Square | Pointwise::Powi(2)) => by_name!(one Pointwise::Square),
            Origin::Pointwise(op) => pull_rest(graph, *op, id as u32, gy, g, arrived),
            Origin::Other(_) => pull_any(graph, id as u32, &gy, g, arrived),
            Origin::Variable | Origin::Constant | Origin::Unconnected => {}
        }
    }
}

#[inline(never)]
fn pull_rest<V: Value>(graph: &Graph<V>, op: Pointwise, id: u32, gy: V, g: &mut [V], arrived: &mut [bool]) {
    let Node { operands: [a, b], value: y, .. } = &graph.nodes[id as usize];
    let (a, b) = (*a as usize, *b as usize);
    let nodes = &graph.nodes;
    if b == NONE as usize {
        g[a].accumulate(V::slope(op, 0, &[&nodes[a].value], y, &gy));
        arrived[a] = true;
        return;
    }
    if a == NONE as usize {
        return pull_any(graph, id, &gy, g, arrived);
    }
    let x = [&nodes[a].value, &nodes[b].value];
    for (i, id) in [a, b].into_iter().enumerate() {
        if op.differentiable(i) {
            g[id].accumulate(V::slope(op, i, &x, y, &gy));
            arrived[id] = true;
        }
    }
}

#[cold]
fn pull_any<V: Value>(graph: &Graph<V>, id: u32, gy: &V, g: &mut [V], arrived: &mut [bool]) {
    Numbers(graph).visit(id, |op, operands, x, y| {
        let mut parts = vec![Cotangent::Zero; operands.len()];
        let places: Ids = (0..operands.len() as u32).collect();
        rule::pull(op, x, y, gy, &mut Parts { operands: &places, g: &mut parts });
        for (&operand, part) in operands.iter().zip(parts) {
            if let Cotangent::Sum(part) = part {
                g[operand as usize].accumulate(part);
                arrived[operand as usize] = true;
            }
        }
    });
}
