//! Random expressions.

use crate::algebra::{Composite, Math, Structural, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A random smooth function of one value: a short program in which each line takes earlier lines as operands.
///
/// It is generic over the reading, as every function is. Intermediate values stay within a few units, so that
/// derivatives can be compared with finite differences.
#[derive(Clone, Debug)]
pub struct Expression(Vec<Line>);

#[derive(Clone, Debug)]
struct Line {
    step: Step,
    operands: [Index; 2],
}

/// The function of a line. Bounded functions come first, so that a failing case shrinks to them.
#[derive(Clone, Copy, Debug)]
enum Step {
    Tanh,
    Sin,
    Sigmoid,
    Softplus,
    Gauss,
    Atan,
    Root,
    Average,
    Product,
    Quotient,
    Hypot,
    Softmax,
    Centred,
    Reversed,
}

use Step::*;
const STEPS: [Step; 14] =
    [Tanh, Sin, Sigmoid, Softplus, Gauss, Atan, Root, Average, Product, Quotient, Hypot, Softmax, Centred, Reversed];

/// Expressions of up to `lines` lines. They shrink to fewer lines.
pub fn expressions(lines: usize) -> impl Strategy<Value = Expression> {
    let line = (select(&STEPS[..]), any::<[Index; 2]>()).prop_map(|(step, operands)| Line { step, operands });
    vec(line, 1..=lines).prop_map(Expression)
}

impl Expression {
    /// The function at `x`. The result has the shape of `x`.
    pub fn call<V: Value>(&self, x: &V) -> V {
        let mut values = vec![x.clone()];
        for line in &self.0 {
            let [a, b] = line.operands.map(|operand| operand.get(&values).clone());
            values.push(line.step.apply(&a, &b));
        }
        values.pop().expect("at least one line")
    }
}

impl Step {
    fn apply<V: Value>(self, a: &V, b: &V) -> V {
        let along_last_axis = |f: fn(&V) -> V| if a.shape().rank() == 0 { a.tanh() } else { f(a) };
        match self {
            Tanh => a.tanh(),
            Sin => a.sin(),
            Sigmoid => a.sigmoid(),
            Softplus => a.softplus(),
            Gauss => a.square().neg().exp(),
            Atan => a.atan(),
            Root => a.square().shift(1.0).sqrt(),
            Average => (a.clone() + b).scale(0.5),
            Product => a.tanh() * b,
            Quotient => a.clone() / b.square().shift(1.0),
            Hypot => a.hypot(b.square().shift(0.5)),
            Softmax => along_last_axis(|a| a.softmax(-1)),
            Centred => along_last_axis(|a| a.clone() - a.mean()),
            Reversed => along_last_axis(|a| a.flip(-1)),
        }
    }
}
