//! A tape as text.

use crate::algebra::{Matmul, Op, Reading};
use crate::tape::graph::Graph;
use crate::tape::record::Tape;
use std::fmt;

/// Writes a line for each node: its number, operation, operands and shape, and its name if it has one.
///
/// ```
/// use autodiff::prelude::*;
/// let tape = Tape::new();
/// let x = tape.variable(Tensor::from([1.0, 2.0])).named("x");
/// let _y = (x.exp() * 2.0).sum();
/// assert_eq!(
///     tape.to_string(),
///     "%0 = variable : [2]  # x\n%1 = exp %0 : [2]\n%2 = scale(2) %1 : [2]\n%3 = sum_to[] %2 : []\n"
/// );
/// ```
impl<V: Reading> fmt::Display for Tape<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let graph = self.graph();
        for id in 0..graph.nodes.len() as u32 {
            writeln!(f, "{}", line(&graph, id))?;
        }
        Ok(())
    }
}

/// The line of a node in the text of its tape.
pub(crate) fn line<V: Reading>(graph: &Graph<V>, id: u32) -> String {
    let name = graph.names.get(id).map(|name| format!("  # {name}")).unwrap_or_default();
    format!("%{id} = {} : {}{name}", call(graph, id), graph.value(id).shape())
}

/// An operation and its operands: `exp %0`, and `%0·%1ᵀ + %2` for a matrix product.
fn call<V>(graph: &Graph<V>, id: u32) -> String {
    let operands = graph.operands(id);
    let product = |op: &Op| match op {
        Op::Matmul(Matmul { transpose_lhs, transpose_rhs }) => {
            let mark = |transposed: &bool| if *transposed { "ᵀ" } else { "" };
            let addend = operands.get(2).map(|x| format!(" + %{x}")).unwrap_or_default();
            let (a, b) = (mark(transpose_lhs), mark(transpose_rhs));
            Some(format!("%{}{a}·%{}{b}{addend}", operands[0], operands[1]))
        }
        Op::Pointwise(_) | Op::Linear(_) | Op::LogSoftmax { .. } | Op::Custom(_) => None,
        #[cfg(feature = "linalg")]
        Op::Decomposition(_) => None,
    };
    let operands = || operands.iter().map(|x| format!(" %{x}")).collect::<String>();
    graph.with_op(id, product).flatten().unwrap_or_else(|| label(graph, id) + &operands())
}

/// The operation of a node; for a leaf, its kind.
pub(crate) fn label<V>(graph: &Graph<V>, id: u32) -> String {
    match graph.op(id) {
        Some(op) => op.to_string(),
        None => format!("{:?}", graph.nodes[id as usize].origin).to_lowercase(),
    }
}
