//! The text about a node in a picture.

use crate::algebra::Reading;
use crate::array::{Number, Tensor};
use crate::tape::graph::{Graph, Origin};
use crate::tape::report::formula::step;

/// A node in a picture.
pub(super) struct Card {
    pub(super) id: u32,
    pub(super) kind: Kind,
    /// The order of the derivative that recorded the node; 0 for the program itself.
    pub(super) order: usize,
    pub(super) lines: Vec<String>,
    pub(super) operands: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Variable,
    Constant,
    Operation,
}

/// Arrays with more elements are shown by their range.
const SHOWN: usize = 6;

impl Card {
    pub(super) fn new<V: Reading>(graph: &Graph<V>, id: u32, value: Option<&V>, gradient: Option<&V>) -> Self {
        let kind = match graph.nodes[id as usize].origin {
            Origin::Variable => Kind::Variable,
            Origin::Constant | Origin::Unconnected => Kind::Constant,
            Origin::Pointwise(_) | Origin::Operation(_) => Kind::Operation,
        };
        let (order, shape) = (graph.locations.order(id), graph.value(id).shape());
        let name = graph.names.get(id).map(|name| format!("  {name}")).unwrap_or_default();
        let mark = if order == 0 { String::new() } else { format!("  {}", "∂".repeat(order)) };
        let shape = if shape.rank() == 0 { String::new() } else { format!(" : {shape}") };
        let mut lines = vec![format!("%{id}{name}{mark}"), format!("{}{shape}", step(graph, id))];
        lines.extend(value.map(numbers));
        lines.extend(gradient.map(|gradient| format!("gradient {}", numbers(gradient))));
        Self { id, kind, order, lines, operands: graph.operands(id).to_vec() }
    }
}

/// A few numbers, or the range of many.
pub(super) fn numbers<V: Reading>(value: &V) -> String {
    let numbers: Tensor<f64> = value.primal().map(|x| x.to_f64());
    match numbers.size() {
        0..=SHOWN => numbers.to_string().replace(['\n', ' '], "").replace(',', ", "),
        _ => {
            let range = numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
            let nan = if numbers.iter().any(|x| x.is_nan()) { ", NaN" } else { "" };
            format!("{:.4} … {:.4}{nan}", range.0, range.1)
        }
    }
}
