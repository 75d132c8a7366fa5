//! Differentiation rules with a deliberate fault, which the gradient checker must find.
//!
//! [`Faulty`] turns a row of the table into a primitive whose rule computes the correct cotangents and falsifies one.

use crate::domain::{direction, rng};
use crate::table::{Row, loss};
use autodiff::prelude::*;

/// A fault in a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The derivative is multiplied by 2.001.
    Factor,
    /// The derivative is zero.
    Dropped,
    /// The derivative with respect to another operand of the same shape is returned.
    Swapped,
    /// The first derivative is correct; the second derivative is multiplied by 1.001.
    FactorAtSecondOrder,
    /// The first derivative is correct, but the rule treats the operands as constants.
    Detached,
}

impl Fault {
    /// The lowest order of derivative that is wrong.
    pub fn order(self) -> usize {
        match self {
            Fault::Factor | Fault::Dropped | Fault::Swapped => 1,
            Fault::FactorAtSecondOrder | Fault::Detached => 2,
        }
    }

    /// Falsifies the cotangent of operand `i`. `detached` holds the same cotangents with the operands as constants.
    fn plant<V: Value>(self, cotangents: &mut [V], detached: &[V], i: usize) {
        let correct = cotangents[i].clone();
        cotangents[i] = match self {
            Fault::Factor => correct.scale(2.001),
            Fault::Dropped => correct.full_like(0.0),
            Fault::Swapped => {
                match cotangents.iter().enumerate().find(|(j, other)| *j != i && other.shape() == correct.shape()) {
                    Some((_, other)) => other.clone(),
                    None => correct,
                }
            }
            Fault::FactorAtSecondOrder => correct.clone() + (correct - &detached[i]).scale(0.001),
            Fault::Detached => detached[i].clone(),
        };
    }

    /// Whether the fault changes a derivative of a row, at the order of the fault.
    pub fn changes(self, row: Row, x: &[Tensor<f64>], i: usize) -> bool {
        let faulty = self.derivative(x, |x| custom(Faulty::new(row, self, i), &x.iter().collect::<Vec<_>>()));
        let correct = self.derivative(x, |x| row.call(x));
        faulty.iter().zip(&correct).any(|(a, b)| a.approx(b, 1e-6).is_err())
    }

    fn derivative(
        self,
        x: &[Tensor<f64>],
        f: impl for<'t> Fn(&[Var<'t, Tensor<f64>>]) -> Var<'t, Tensor<f64>>,
    ) -> Vec<Tensor<f64>> {
        let x = x.to_vec();
        // A random direction, because the second derivative of a norm along x itself is zero, and a different one for
        // each operand, because that of `logaddexp` along equal directions is zero.
        let mut rng = rng(3);
        let v = x.map(&mut |_, x| direction(x.size(), &mut rng).reshape(x.shape()));
        match self.order() {
            1 => value_and_grad(&x, |_, x| loss(&f(&x))).1,
            _ => hvp_tree(&x, &v, |_, x| loss(&f(&x))),
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
    /// A row with a fault in the derivative with respect to one operand.
    pub fn new(row: Row, fault: Fault, operand: usize) -> Self {
        Self { row, fault, operand, name: format!("faulty {row:?}") }
    }

    /// The correct pullback.
    fn correct_pull<V: Value>(&self, x: &[V], g: V) -> Vec<V> {
        let tape = Tape::new();
        let x: Vec<_> = x.iter().map(|x| tape.variable(x.clone())).collect();
        self.row.call(&x).backward_with(g).of(&x)
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
        let mut cotangents = self.correct_pull(x, g);
        let detached = self.correct_pull(&x.iter().map(Math::detach).collect::<Vec<_>>(), g);
        self.fault.plant(&mut cotangents, &detached, self.operand);
        cotangents
    }
}

/// A broadcast whose pullback forgets the sum: it returns the first of the cotangents that should be added.
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
        let mut cotangent = (0..new).fold(g, |g, _| g.index_axis(0, 0));
        for (axis, &size) in x[0].shape().iter().enumerate() {
            cotangent = cotangent.slice(axis as isize, 0, size);
        }
        vec![cotangent]
    }
}
