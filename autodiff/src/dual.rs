//! Dual numbers: the reading «push forward».

use crate::element::Element;
use crate::few::few;
use crate::op::{Op, Pointwise};
use crate::operators::operators;
use crate::rule;
use crate::shape::Shape;
use crate::tensor::Tensor;
use crate::value::Value;
use std::cmp::Ordering;
use std::fmt;

/// A value `x` with a tangent `dx`: how it moves as the input moves in some direction.
///
/// Every operation carries both forward by the same rules that the tape pulls back by. `V` may be any reading: dual
/// numbers over tensors, over variables (forward over reverse), over duals (second order); and a dual over `f64` is an
/// element that a tensor can hold, or a tape (`Tape<Dual<f64>>`: reverse, with a forward derivative inside).
///
/// ```
/// use autodiff::prelude::*;
/// let x = Dual::new(3.0, 1.0);
/// let y = x * x + x.sin();
/// assert_eq!(y.dx, Some(6.0 + 3.0f64.cos()));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual<V> {
    /// The value.
    pub x: V,
    /// The tangent; an absent one is zero.
    pub dx: Option<V>,
}

impl<V: Value> Dual<V> {
    /// A value with a tangent of its shape.
    pub fn new(x: V, dx: V) -> Self {
        Self { x, dx: Some(dx) }
    }

    /// A value that does not move.
    pub fn constant(x: V) -> Self {
        Self { x, dx: None }
    }

    /// The tangent, with zeros written out.
    pub fn tangent(&self) -> V {
        self.dx.clone().unwrap_or_else(|| self.x.full_like(0.0))
    }
}

impl<V: Value> Value for Dual<V> {
    type Elem = V::Elem;
    const SCALAR: bool = V::SCALAR;

    #[inline]
    #[track_caller]
    fn apply(op: &Op, operands: &[&Self]) -> Self {
        let x = few(operands, |operand| &operand.x);
        let dx = few(operands, |operand| operand.dx.as_ref());
        let y = V::apply(op, &x);
        let dy = if dx.iter().any(Option::is_some) { rule::push(op, &x, &y, &dx) } else { None };
        Self { x: y, dx: dy }
    }

    // Not inlined: with the rules of both operands inside it would be compiled anew for each operation of a program.
    #[track_caller]
    fn apply_pointwise(op: Pointwise, operands: &[&Self]) -> Self {
        match *operands {
            [a] => {
                let y = V::apply_pointwise(op, &[&a.x]);
                Self { dx: tangent(op, 0, &[&a.x], &y, &a.dx), x: y }
            }
            [a, b] => {
                let x = [&a.x, &b.x];
                let y = V::apply_pointwise(op, &x);
                let dx = match (tangent(op, 0, &x, &y, &a.dx), tangent(op, 1, &x, &y, &b.dx)) {
                    (Some(mut sum), Some(part)) => {
                        sum.accumulate(part);
                        Some(sum)
                    }
                    (one, other) => one.or(other),
                };
                Self { x: y, dx }
            }
            _ => Self::apply(&op.into(), operands),
        }
    }

    fn shape(&self) -> Shape {
        self.x.shape()
    }

    fn primal(&self) -> Tensor<Self::Elem> {
        self.x.primal()
    }

    fn hidden_axes(&self) -> usize {
        self.x.hidden_axes()
    }

    #[inline(always)]
    #[track_caller]
    fn item(&self) -> Self::Elem {
        self.x.item()
    }

    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self {
        Self::constant(self.x.lift(numbers))
    }

    fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
        self.x.storage(show);
        self.dx.iter().for_each(|dx| dx.storage(show));
    }

    fn full_like(&self, c: f64) -> Self {
        Self::constant(self.x.full_like(c))
    }
}

/// What the tangent of operand `i` contributes to that of the result.
fn tangent<V: Value>(op: Pointwise, i: usize, x: &[&V], y: &V, dx: &Option<V>) -> Option<V> {
    match dx {
        Some(dx) if op.differentiable(i) => Some(V::slope(op, i, x, y, dx)),
        _ => None,
    }
}

operators!([V: Value] Dual<V>);

impl<T: Element> Element for Dual<T> {
    fn from_f64(x: f64) -> Self {
        Self::constant(T::from_f64(x))
    }

    fn to_f64(self) -> f64 {
        self.x.to_f64()
    }

    fn has_nan(&self) -> bool {
        self.x.has_nan() || self.dx.is_some_and(|dx| dx.has_nan())
    }
}

impl<T: Element> From<f64> for Dual<T> {
    fn from(c: f64) -> Self {
        Self::from_f64(c)
    }
}

/// Equality looks at the values alone, and so does order: a branch is taken as the numbers would take it.
impl<T: PartialEq> PartialEq for Dual<T> {
    fn eq(&self, other: &Self) -> bool {
        self.x == other.x
    }
}

impl<T: PartialOrd> PartialOrd for Dual<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.x.partial_cmp(&other.x)
    }
}

impl<T: Value + fmt::Display> fmt::Display for Dual<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {}ε", self.x, self.tangent())
    }
}
