//! The search for indeterminate forms 0·∞ in recorded derivatives.

use super::site::Site;
use crate::algebra::{Math, Op, Pointwise, Reading, per_operand};
use crate::array::Number;
use crate::tape::graph::{Graph, Origin};
use crate::tape::var::Var;

impl<V: Reading> Var<'_, V> {
    /// Finds the products 0·∞ in this recorded derivative: the places where an outer slope vanished and the next slope is
    /// not finite. The chain rule counts such a product as 0, but the derivative may have any value there, so it is
    /// indeterminate.
    ///
    /// A zero that no input can change makes the product 0 for good, and is no such place: the branch that a
    /// [`select`](crate::Math::select) does not take, the inactive side of `relu`, `clamp`, `max` and `min`, an element
    /// that a slice or a gather does not read, a constant 0, and everything behind a [`detach`](crate::Math::detach).
    ///
    /// The search costs nothing while the program runs. On a [traced](crate::Tape::traced) tape it also finds the source
    /// line and the differentiated operation. [`check_grads`](crate::check::check_grads) searches the derivatives of every
    /// order.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let tape = Tape::traced();
    /// let x = tape.variable(0.0);
    /// let [slope] = x.sqrt().square().grad([x]); // the function is x, so the slope is 1
    /// assert_eq!(slope.value(), 0.0);
    /// let forms = slope.indeterminate_forms();
    /// assert_eq!(forms.len(), 1);
    /// assert_eq!(forms[0].derivative_of.as_deref(), Some("%1 = sqrt %0 : []"));
    /// ```
    pub fn indeterminate_forms(self) -> Vec<Site> {
        let graph = self.tape.graph();
        let ancestors = graph.ancestors(&[self.id()], 0).entries;
        let meets: Vec<u32> =
            (0..=self.id()).filter(|&id| ancestors[id as usize] && is_form(&graph, id, None)).collect();
        let Some(&last) = meets.last() else { return Vec::new() };
        let marks = variable_elements(&graph, &ancestors[..=last as usize]);
        let found = meets.into_iter().filter(|&id| is_form(&graph, id, Some(&marks)));
        found.map(|id| Site::new(&graph, id)).collect()
    }
}

/// Whether a node is a product of the chain rule in which 0 meets a factor that is not finite. With `marks`, only zeros
/// that an input can change count.
fn is_form<V: Reading>(graph: &Graph<V>, id: u32, marks: Option<&[Option<V>]>) -> bool {
    let node = &graph.nodes[id as usize];
    let Origin::Pointwise(Pointwise::MulStrongZero) = node.origin else { return false };
    let [a, b] = node.operands;
    let meet = |zero: u32, other: u32| {
        let (x, other) = (graph.value(zero), graph.value(other));
        let zero_meets_infinity = x.equal(&x.full_like(0.0)) * is_finite(other).sub_from(1.0);
        let counted = match marks.and_then(|marks| marks[zero as usize].as_ref()) {
            Some(mark) => zero_meets_infinity * mark,
            None => zero_meets_infinity,
        };
        counted.primal().iter().any(|x| x.to_f64() != 0.0)
    };
    meet(a, b) || meet(b, a)
}

/// 1 where an element is finite, else 0.
fn is_finite<V: Reading>(x: &V) -> V {
    x.full_like(f64::INFINITY).greater(&x.abs())
}

/// For each ancestor, 0 where an element is a *structural zero*, one that stays 0 however the variables move, and 1
/// elsewhere. An element counts as 1 if an operation is not known to keep the zeros of its operands.
fn variable_elements<V: Reading>(graph: &Graph<V>, ancestors: &[bool]) -> Vec<Option<V>> {
    let mut marks: Vec<Option<V>> = Vec::with_capacity(ancestors.len());
    for (id, &needed) in ancestors.iter().enumerate() {
        let (id, value) = (id as u32, graph.value(id as u32));
        let mark = || match graph.nodes[id as usize].origin {
            Origin::Variable => value.full_like(1.0),
            Origin::Constant | Origin::Unconnected => is_not_zero(value),
            Origin::Pointwise(_) | Origin::Operation(_) => {
                let operands = graph.operands(id);
                let x = per_operand(operands, |&x| graph.value(x));
                let of_operands =
                    per_operand(operands, |&x| marks[x as usize].as_ref().expect("an ancestor has a mark"));
                let op = graph.op(id).expect("an operation");
                variable_elements_of(&op, &x, value, &of_operands)
            }
        };
        let mark = needed.then(mark);
        marks.push(mark);
    }
    marks
}

/// The marks of a result, from those of the operands.
fn variable_elements_of<V: Reading>(op: &Op, x: &[&V], y: &V, marks: &[&V]) -> V {
    match op {
        // A sum of products of marks is 0 if each term has a structural zero.
        Op::Linear(_) | Op::Matmul(_) => is_not_zero(&V::apply(op, marks)),
        Op::Pointwise(op) => variable_elements_of_pointwise(*op, x, y, marks),
        Op::LogSoftmax { .. } | Op::Custom(_) => y.full_like(1.0),
        #[cfg(feature = "linalg")]
        Op::Decomposition(_) => y.full_like(1.0),
    }
}

fn variable_elements_of_pointwise<V: Reading>(op: Pointwise, x: &[&V], y: &V, marks: &[&V]) -> V {
    use Pointwise::*;
    let keep = || marks[0].clone();
    match op {
        Neg | Square | Sqrt | Cbrt | Expm1 | Ln1p | Sin | Tan | Asin | Atan | Sinh | Tanh | Asinh | Atanh | Erf
        | Abs | Sign | DivBy(_) | Div | Rem => keep(),
        Scale(c) | DivInto(c) if c == 0.0 => y.full_like(0.0),
        Scale(_) => keep(),
        Shift(c) | SubFrom(c) if c == 0.0 => keep(),
        Powi(n) if n > 0.0 => keep(),
        Powf(c) if c > 0.0 => keep(),
        Sinc(n) if n % 2.0 != 0.0 => keep(),
        // The inactive side is constant, but the kink itself is not.
        Relu => x[0].equal(y) * marks[0],
        ClampMin(c) | ClampMax(c) if c == 0.0 => x[0].equal(y) * marks[0],
        ClampMin(_) | ClampMax(_) => is_not_zero(y).maximum(marks[0]),
        Step | Floor | Detach | Greater | Equal => is_not_zero(y),
        Mul | MulStrongZero => keep() * marks[1],
        Add | Sub | Hypot | Maximum | Minimum => marks[0].maximum(marks[1]),
        MulAdd => (keep() * marks[1]).maximum(marks[2]),
        Select => x[0].select(marks[1], marks[2]),
        Shift(_) | SubFrom(_) | DivInto(_) | Recip | Powi(_) | Powf(_) | Exp | Exp2 | Ln | Log2 | Log10 | Cos
        | Acos | Cosh | SechSquared | Acosh | Sigmoid | Softplus | Erfc | Lgamma | Polygamma(_) | Sinc(_) | Pow
        | Atan2 => y.full_like(1.0),
    }
}

fn is_not_zero<V: Reading>(x: &V) -> V {
    x.not_equal(&x.full_like(0.0))
}
