//! Where in the source a node was recorded: kept beside the nodes of a tape that was asked to, see
//! [`Tape::traced`](crate::Tape::traced).

use super::text::line;
use crate::algebra::{Op, Value};
use crate::array::Number;
use crate::tape::graph::Graph;
use crate::tape::var::Var;
use std::fmt;
use std::panic::Location;

impl<V: Value> Var<'_, V> {
    /// The source line that recorded this; of a derivative, the line of the operation that it belongs to. Only a
    /// [traced](crate::Tape::traced) tape knows.
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

/// A node of a tape, as reports show it: what it is, where it comes from, and what it was computed from.
#[derive(Clone, Debug)]
pub struct Site {
    /// The node, as the text of the tape has it: `%7 = ln %6 : [2, 3]`, with its name if it has one.
    pub node: String,
    /// The operation, or nothing for an input.
    pub op: Option<Op>,
    /// The source line of the operation; known on a [traced](crate::Tape::traced) tape.
    pub location: Option<&'static Location<'static>>,
    /// The node of whose derivative this one is a part, where a walk recorded it.
    pub derivative_of: Option<String>,
    /// The operands.
    pub operands: Vec<Spread>,
    /// The result.
    pub result: Spread,
}

/// The numbers of a node, in short.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The node, as the text of the tape has it.
    pub node: String,
    /// The smallest and the largest of the finite elements.
    pub range: Option<(f64, f64)>,
    /// How many elements are not finite.
    pub not_finite: usize,
}

impl Site {
    pub(crate) fn new<V: Value>(graph: &Graph<V>, id: u32) -> Self {
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
    fn new<V: Value>(graph: &Graph<V>, id: u32) -> Self {
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

/// The node, its line, and a line for each operand.
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
            n => write!(f, ", {n} not finite"),
        }
    }
}
