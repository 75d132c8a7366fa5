//! Rules with a fault in them, by which the checker is checked: each row of the table as a primitive whose derivative
//! is the right one, falsified.

use crate::domain::{direction, rng};
use crate::table::{Row, loss};
use autodiff::prelude::*;

/// What is wrong with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 2.001 times the derivative.
    Factor,
    /// No derivative.
    Dropped,
    /// The derivative of another operand of the same shape.
    Swapped,
    /// The derivative is right, but its own derivative is 1.001 times what it should be.
    FactorAtSecondOrder,
    /// The derivative is right, but the operands count as constants in it.
    Detached,
}

impl Fault {
    /// The order at which it shows.
    pub fn order(self) -> usize {
        match self {
            Fault::Factor | Fault::Dropped | Fault::Swapped => 1,
            Fault::FactorAtSecondOrder | Fault::Detached => 2,
        }
    }

    /// Falsifies what is pulled back to operand `i`. The second parts are the same numbers, in which the operands count
    /// as constants.
    fn plant<V: Value>(self, parts: &mut [V], constant: &[V], i: usize) {
        let part = parts[i].clone();
        parts[i] = match self {
            Fault::Factor => part.scale(2.001),
            Fault::Dropped => part.full_like(0.0),
            Fault::Swapped => {
                match parts.iter().enumerate().find(|(j, other)| *j != i && other.shape() == part.shape()) {
                    Some((_, other)) => other.clone(),
                    None => part,
                }
            }
            Fault::FactorAtSecondOrder => part.clone() + (part - &constant[i]).scale(0.001),
            Fault::Detached => constant[i].clone(),
        };
    }

    /// Whether it changes a derivative of a row, at the order at which it shows.
    pub fn changes(self, row: Row, x: &[Tensor<f64>], i: usize) -> bool {
        let faulty = self.derivative(x, |x| custom(Faulty::new(row, self, i), &x.iter().collect::<Vec<_>>()));
        let right = self.derivative(x, |x| row.call(x));
        faulty.iter().zip(&right).any(|(a, b)| a.approx(b, 1e-6).is_err())
    }

    fn derivative(
        self,
        x: &[Tensor<f64>],
        f: impl for<'t> Fn(&[Var<'t, Tensor<f64>>]) -> Var<'t, Tensor<f64>>,
    ) -> Vec<Tensor<f64>> {
        let x = x.to_vec();
        // Not along x: there functions that grow in proportion to it, as norms do, have no second derivative.
        let v = x.map(&mut |_, x| direction(x.size(), &mut rng(3)).reshape(x.shape()));
        match self.order() {
            1 => value_and_grad(&x, |_, x| loss(&f(&x))).1,
            _ => hvp_tree(Mode::Forward, &x, &v, |_, x| loss(&f(&x))),
        }
    }
}

/// A row of the table with a fault in its rule.
pub struct Faulty {
    row: Row,
    fault: Fault,
    operand: usize,
    name: String,
}

impl Faulty {
    /// A row whose derivative by one operand is falsified.
    pub fn new(row: Row, fault: Fault, operand: usize) -> Self {
        Self { row, fault, operand, name: format!("faulty {row:?}") }
    }

    /// The pullback without the fault.
    fn right<V: Value>(&self, x: &[V], g: V) -> Vec<V> {
        let tape = Tape::new();
        let x: Vec<_> = x.iter().map(|x| tape.variable(x.clone())).collect();
        self.row.call(&x).backward_from(g).of(&x)
    }
}

impl Primitive for Faulty {
    fn name(&self) -> &str {
        &self.name
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        self.row.call(x)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let mut parts = self.right(x, g);
        let constant = self.right(&x.iter().map(Math::detach).collect::<Vec<_>>(), g);
        self.fault.plant(&mut parts, &constant, self.operand);
        parts
    }
}

/// A broadcast to a shape, whose pullback forgets to add up: it takes the first cotangent of each sum.
pub struct SliceForSum(pub Shape);

impl Primitive for SliceForSum {
    fn name(&self) -> &str {
        "slice for sum"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        x[0].broadcast_to(self.0.clone())
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let new = g.shape().rank() - x[0].shape().rank();
        let mut part = (0..new).fold(g, |g, _| g.at(0, 0));
        for (axis, &size) in x[0].shape().iter().enumerate() {
            part = part.slice(axis as isize, 0, size);
        }
        vec![part]
    }
}
