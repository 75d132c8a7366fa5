//! A node in a report: its operation, its source line, and its numbers in short.

use super::text::line;
use crate::algebra::{Op, Reading};
use crate::array::Number;
use crate::tape::graph::Graph;
use crate::tape::var::Var;
use std::fmt;
use std::panic::Location;

impl<V: Reading> Var<'_, V> {
    /// The source line that recorded this variable. For a derivative, it is the line of the differentiated operation.
    /// `None` unless the tape is [traced](crate::Tape::traced).
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::traced();
    /// let x = tape.variable(2.0);
    /// let (y, line) = (x.exp(), line!());
    /// assert_eq!(y.location().map(|place| place.line()), Some(line));
    /// ```
    pub fn location(self) -> Option<&'static Location<'static>> {
        self.tape.graph().locations.get(self.id())
    }
}

/// A node of a tape in a report: its operation, its source line, its operands and its result.
#[derive(Clone, Debug)]
pub struct Site {
    /// The line of the node in the text of the tape, such as `%7 = ln %6 : [2, 3]`, with its name if it has one.
    pub node: String,
    /// The operation. A leaf has none.
    pub op: Option<Op>,
    /// The source line, if the tape is [traced](crate::Tape::traced).
    pub location: Option<&'static Location<'static>>,
    /// The node whose derivative contains this node, if a recorded pass created it and the tape is traced.
    pub derivative_of: Option<String>,
    /// The operands.
    pub operands: Vec<Spread>,
    /// The result.
    pub result: Spread,
}

/// A summary of the numbers of a node.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The line of the node in the text of the tape.
    pub node: String,
    /// The smallest and the largest finite element.
    pub range: Option<(f64, f64)>,
    /// The number of elements that are not finite.
    pub not_finite: usize,
}

impl Site {
    pub(crate) fn new<V: Reading>(graph: &Graph<V>, id: u32) -> Self {
        let root = graph.locations.root(id);
        Self {
            node: line(graph, id),
            op: graph.op(id),
            location: graph.locations.get(id),
            derivative_of: (root != id).then(|| line(graph, root)),
            operands: graph.operands(id).iter().map(|&x| Spread::new(graph, x)).collect(),
            result: Spread::new(graph, id),
        }
    }
}

impl Spread {
    fn new<V: Reading>(graph: &Graph<V>, id: u32) -> Self {
        let mut spread = Self { node: line(graph, id), range: None, not_finite: 0 };
        for x in graph.value(id).primal().iter().map(Number::to_f64) {
            match x.is_finite() {
                true => spread.range = Some(spread.range.map_or((x, x), |(low, high)| (low.min(x), high.max(x)))),
                false => spread.not_finite += 1,
            }
        }
        spread
    }
}

/// Writes the node, its source line, a line for each operand, and the result.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.node)?;
        if let Some(node) = &self.derivative_of {
            write!(f, "\n  in the derivative of {node}")?;
        }
        if let Some(location) = self.location {
            write!(f, "\n  at {location}")?;
        }
        self.operands.iter().try_for_each(|operand| write!(f, "\n  from {operand}"))?;
        write!(f, "\n  gives {}", self.result)
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.node)?;
        match self.range {
            Some((low, high)) if low == high => write!(f, ", all {low}")?,
            Some((low, high)) => write!(f, ", from {low} to {high}")?,
            None => {}
        }
        match self.not_finite {
            0 => Ok(()),
            n => write!(f, "; not finite: {n}"),
        }
    }
}
