//! Views of the nodes of a tape. The view decides which kind of value a pass computes with.

use crate::algebra::{Dual, Op, Operands, Reading, per_operand};
use crate::reading::Batched;
use crate::tape::graph::{Graph, Section};
use crate::tape::record::Tape;
use crate::tape::var::Var;

/// The nodes of a tape, seen as values of type `W`.
pub(crate) trait NodeView<W> {
    /// Calls `f(op, ids, operands, result)` for a node, where `ids` are the numbers of the operands' nodes. Returns
    /// `None` for a leaf, without a call.
    fn node<R>(&self, id: u32, f: impl FnOnce(&Op, &[u32], &[&W], &W) -> R) -> Option<R>;
}

/// The nodes as the values that they hold.
pub(crate) struct AsValues<'a, V>(pub(crate) &'a Graph<V>);

impl<V> NodeView<V> for AsValues<'_, V> {
    #[inline]
    fn node<R>(&self, id: u32, f: impl FnOnce(&Op, &[u32], &[&V], &V) -> R) -> Option<R> {
        let operands = self.0.operands(id);
        let f = |op: &Op| f(op, operands, &per_operand(operands, |&x| self.0.value(x)), self.0.value(id));
        self.0.with_op(id, f)
    }
}

/// The nodes as variables, so that the pass is recorded. The tape is not borrowed while `f` runs.
pub(crate) struct AsVariables<'t, V>(pub(crate) &'t Tape<V>);

impl<'t, V: Reading> NodeView<Var<'t, V>> for AsVariables<'t, V> {
    fn node<R>(&self, id: u32, f: impl FnOnce(&Op, &[u32], &[&Var<'t, V>], &Var<'t, V>) -> R) -> Option<R> {
        let tape = self.0;
        let (op, operands) = {
            let graph = tape.graph();
            let op = graph.op(id)?;
            graph.locations.set_derivative_of(Some(id));
            (op, Operands::from_slice(graph.operands(id)))
        };
        // A user's pullback may return a factor as it is, which must then be a node of its own.
        let keeps_factors = !V::SCALAR && !matches!(op, Op::Custom(_));
        if keeps_factors {
            tape.note_slope(id);
        }
        let variable = |id| if keeps_factors { Var::in_rule(tape, id) } else { Var::at(tape, id) };
        let x = per_operand(&operands, |&id| variable(id));
        let result = f(&op, &operands, &per_operand(&x, |x| x), &variable(id));
        tape.graph().locations.set_derivative_of(None);
        Some(result)
    }
}

/// The nodes of another view as values that a whole batch of tangents or cotangents shares.
pub(crate) struct AsBatch<N>(pub(crate) N);

impl<W: Reading, N: NodeView<W>> NodeView<Batched<W>> for AsBatch<N> {
    fn node<R>(&self, id: u32, f: impl FnOnce(&Op, &[u32], &[&Batched<W>], &Batched<W>) -> R) -> Option<R> {
        self.0.node(id, |op, operands, x, y| {
            let x: Operands<Batched<W>> = x.iter().map(|&x| Batched::shared(x.clone())).collect();
            f(op, operands, &per_operand(&x, |x| x), &Batched::shared(y.clone()))
        })
    }
}

/// A value with the tangent of a forward pass, absent at nodes that the pass did not reach.
pub(crate) type Pushed<V> = Dual<V, Option<V>>;

/// The nodes as dual numbers, with the tangents of a forward pass.
pub(crate) struct AsDuals<'a, V: Reading> {
    graph: &'a Graph<V>,
    /// All nodes up to the last one of the pass.
    values: Vec<Pushed<V>>,
}

impl<'a, V: Reading> AsDuals<'a, V> {
    /// `dx` holds a tangent for each node of the pass.
    pub(crate) fn new(graph: &'a Graph<V>, dx: Section<Option<V>>) -> Self {
        let tangents = std::iter::repeat_with(|| None).take(dx.start as usize).chain(dx.entries);
        let values = graph.nodes.iter().zip(tangents).map(|(node, dx)| Dual { x: node.value.clone(), dx }).collect();
        Self { graph, values }
    }
}

impl<V: Reading> NodeView<Pushed<V>> for AsDuals<'_, V> {
    #[inline]
    fn node<R>(&self, id: u32, f: impl FnOnce(&Op, &[u32], &[&Pushed<V>], &Pushed<V>) -> R) -> Option<R> {
        let (operands, value) = (self.graph.operands(id), |&id: &u32| &self.values[id as usize]);
        self.graph.with_op(id, |op| f(op, operands, &per_operand(operands, value), value(&id)))
    }
}
