//! A tape as text, and as a graph for Graphviz.

use crate::algebra::Reading;
use crate::tape::graph::{Graph, Origin};
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
    let operands: String = graph.operands(id).iter().map(|x| format!(" %{x}")).collect();
    let name = graph.names.get(id).map(|name| format!("  # {name}")).unwrap_or_default();
    format!("%{id} = {}{operands} : {}{name}", label(graph, id), graph.value(id).shape())
}

impl<V: Reading> Tape<V> {
    /// The graph in the DOT language, which `dot -Tsvg` draws. Variables are boxes, and constants have dashed outlines.
    pub fn to_dot(&self) -> String {
        let graph = self.graph();
        let mut dot = String::from("digraph tape {\n  rankdir=BT;\n  node [fontname=\"sans-serif\"];\n");
        for id in 0..graph.nodes.len() as u32 {
            let name = graph.names.get(id).map(|name| format!("{name}\n")).unwrap_or_default();
            let text = format!("{name}{}\n{}", label(&graph, id), graph.value(id).shape());
            let style = match graph.nodes[id as usize].origin {
                Origin::Variable => "shape=box",
                Origin::Constant | Origin::Unconnected => "shape=box, style=dashed",
                Origin::Pointwise(_) | Origin::Operation(_) => "shape=ellipse",
            };
            dot += &format!("  n{id} [label=\"{}\", {style}];\n", escape(&text));
            dot.extend(graph.operands(id).iter().map(|x| format!("  n{x} -> n{id};\n")));
        }
        dot + "}\n"
    }
}

/// The operation of a node; for a leaf, its kind.
pub(crate) fn label<V>(graph: &Graph<V>, id: u32) -> String {
    match graph.op(id) {
        Some(op) => op.to_string(),
        None => format!("{:?}", graph.nodes[id as usize].origin).to_lowercase(),
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
