//! A recorded computation as a formula.
//!
//! `read` turns each node into an `expression`, whose constructors leave out what is exactly 0 or 1. `parts` names the
//! expressions that occur several times. `print` writes them in one of two `notation`s.

mod expression;
mod notation;
mod parts;
mod print;
mod read;
#[cfg(test)]
mod tests;

use super::text::label;
use crate::algebra::{Linear, Op, Reading};
use crate::tape::graph::Graph;
use crate::tape::var::Var;
use expression::Expression;
use notation::{Latex, Notation, Unicode};
use read::Shaped;
use std::fmt;

/// A recorded computation as a formula: see [`Var::formula`].
#[derive(Clone, Debug)]
pub struct Equations {
    /// The named parts, and the result at the end.
    lines: Vec<(Option<String>, Expression)>,
}

impl<V: Reading> Var<'_, V> {
    /// The computation of this variable as a formula, in the notation of a textbook.
    ///
    /// A derivative of any order is a recorded computation too, so it has a formula. A part with a [name](Var::named) gets
    /// a line of its own, as does a longer part that is used several times (t₁, t₂, …). Factors that are exactly 1 and terms
    /// that are exactly 0 are left out. `·` is the product of numbers or matrices, `⊙` the elementwise product of arrays, Σ
    /// the sum of all elements, and Σ₀ the sum along axis 0. Arrays broadcast as in numpy. σ is the logistic function, and
    /// σ′ its derivative.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::new();
    /// let x = tape.variable(0.5).named("x");
    /// let y = (x.powi(3) * 2.0).exp();
    /// let [slope] = y.grad([x]);
    /// assert_eq!(y.formula().to_string(), "exp(2·x³)");
    /// assert_eq!(slope.formula().to_string(), "6·exp(2·x³)·x²");
    /// assert_eq!(slope.formula().latex(), r"6 \cdot \exp\left(2 \cdot x^{3}\right) \cdot x^{2}");
    /// ```
    ///
    /// Backpropagation through a network of two layers gives the recursion of the textbooks (Nielsen 2015, equations BP1
    /// and BP2):
    ///
    /// ```
    /// # use autodiff::prelude::*;
    /// let tape = Tape::new();
    /// let w = [[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6], [0.7, 0.8]]].map(|w| tape.variable(Tensor::from(w)));
    /// let (w1, w2) = (w[0].named("W¹"), w[1].named("W²"));
    /// let x = tape.constant(Tensor::from([1.0, 2.0])).named("x");
    /// let y = tape.constant(Tensor::from([0.0, 1.0])).named("y");
    /// let z1 = w1.matmul(&x).named("z¹");
    /// let a1 = z1.sigmoid().named("a¹");
    /// let z2 = w2.matmul(&a1).named("z²");
    /// let a2 = z2.sigmoid().named("a²");
    /// let cost = (a2 - y).square().sum() * 0.5;
    /// let [delta2, delta1, slope] = cost.grad([z2, z1, w1]);
    /// delta2.named("δ²");
    /// delta1.named("δ¹");
    /// assert_eq!(
    ///     slope.formula().to_string(),
    ///     "z¹ = W¹·x\n\
    ///      a¹ = σ(z¹)\n\
    ///      z² = W²·a¹\n\
    ///      a² = σ(z²)\n\
    ///      δ² = (a² − y)⊙σ′(z²)\n\
    ///      δ¹ = ((W²)ᵀ·δ²)⊙σ′(z¹)\n\
    ///      δ¹·xᵀ"
    /// );
    /// ```
    ///
    /// On a tape of dual numbers, the formula does not show the tangents of constants.
    pub fn formula(self) -> Equations {
        let graph = self.tape.graph();
        let (parts, result) = parts::parts(&graph, self.id());
        let name = graph.op(self.id()).and(graph.names.get(self.id())).map(str::to_owned);
        let parts = parts.into_iter().map(|part| (Some(part.name), part.value));
        Equations { lines: parts.chain([(name, result)]).collect() }
    }
}

impl Equations {
    /// The formula in LaTeX. Several lines stand in an `aligned` environment.
    pub fn latex(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| write::<Latex>(line, " &= ")).collect();
        match &lines[..] {
            [one] => one.replace("&= ", "= "),
            several => format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}", several.join(" \\\\\n")),
        }
    }
}

/// The formula in Unicode: a line for each named part, and one for the result.
impl fmt::Display for Equations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.lines.iter().map(|line| write::<Unicode>(line, " = ")).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// The operation of one node, with its operands by name, or by number if they have none. A leaf is named by its kind.
pub(super) fn step<V: Reading>(graph: &Graph<V>, id: u32) -> String {
    let operand = |&x: &u32| {
        let name = graph.names.get(x).map_or_else(|| format!("%{x}"), str::to_owned);
        let shape = graph.value(x).shape();
        Shaped { value: Expression::name(name, shape.size() == 1), shape }
    };
    let is_moved = |op: &Op| matches!(op, Op::Linear(op) if !matches!(op, Linear::SumTo(_) | Linear::Slice { .. }));
    match graph.with_op(id, is_moved) {
        Some(false) => {
            let step = read::operation(graph, id, graph.operands(id).iter().map(operand).collect());
            print::print::<Unicode>(&step.expect("an operation").value)
        }
        _ => label(graph, id),
    }
}

fn write<N: Notation>((name, value): &(Option<String>, Expression), equals: &str) -> String {
    let name = name.as_ref().map(|name| N::name(name) + equals).unwrap_or_default();
    name + &print::print::<N>(value)
}
