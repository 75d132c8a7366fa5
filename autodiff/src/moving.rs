//! Numbers that all move: what products with second derivatives are computed with.

use crate::dual::Dual;
use crate::element::Element;
use crate::few::{Few, few};
use crate::kernel::Direct;
use crate::op::{Op, Pointwise};
use crate::operators::operators;
use crate::rule;
use crate::shape::Shape;
use crate::tensor::Tensor;
use crate::value::Value;
use std::cmp::Ordering;
use std::fmt;

/// A number and its tangent, as a [`Dual`] of numbers is, for programs in which nearly everything moves: the tangent is
/// always there, and the arithmetic is compiled where it is named and not looked up. All else is the dual number's.
///
/// [`Tape::hvp`](crate::Tape::hvp) hands [`Pending`](crate::Pending) numbers over these to a program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moving<T> {
    /// The value.
    pub x: T,
    /// The tangent.
    pub dx: T,
}

impl<T: Element> Moving<T> {
    /// A number that does not move.
    #[inline(always)]
    pub fn constant(x: T) -> Self {
        Self { x, dx: T::from_f64(0.0) }
    }

    #[inline(always)]
    fn map(self, f: impl Fn(T) -> T) -> Self {
        Self { x: f(self.x), dx: f(self.dx) }
    }

    #[inline(always)]
    fn product(self, other: Self) -> Self {
        Self { x: self.x * other.x, dx: self.dx * other.x + self.x * other.dx }
    }

    /// The arithmetic, without the care that a zero takes beside an infinite derivative.
    #[inline(always)]
    fn arithmetic(op: Pointwise, x: &[&Self]) -> Option<Self> {
        let c = T::from_f64;
        Some(match (op, x) {
            (Pointwise::Neg, [a]) => a.map(|a| -a),
            (Pointwise::Scale(k), [a]) => a.map(|a| a * c(k)),
            (Pointwise::DivBy(k), [a]) => a.map(|a| a / c(k)),
            (Pointwise::Shift(k), [a]) => Self { x: a.x + c(k), ..**a },
            (Pointwise::SubFrom(k), [a]) => Self { x: c(k) - a.x, dx: -a.dx },
            (Pointwise::Square | Pointwise::Powi(2), [a]) => a.product(**a),
            (Pointwise::Add, [a, b]) => Self { x: a.x + b.x, dx: a.dx + b.dx },
            (Pointwise::Sub, [a, b]) => Self { x: a.x - b.x, dx: a.dx - b.dx },
            (Pointwise::Mul | Pointwise::Chain, [a, b]) => a.product(**b),
            _ => return None,
        })
    }

    /// An operation as the dual numbers do it. (By value: what is referred to stands in memory and not in registers.)
    #[inline(never)]
    fn unary_dual(op: Pointwise, a: Self) -> Self {
        Dual::apply_pointwise(op, &[&a.dual()]).into()
    }

    #[inline(never)]
    fn binary_dual(op: Pointwise, a: Self, b: Self) -> Self {
        Dual::apply_pointwise(op, &[&a.dual(), &b.dual()]).into()
    }

    #[track_caller]
    fn apply_dual(op: &Op, x: &[&Self]) -> Self {
        let x: Few<Dual<T>> = x.iter().map(|x| x.dual()).collect();
        Dual::apply(op, &few(&x, |x| x)).into()
    }

    #[inline(always)]
    fn dual(self) -> Dual<T> {
        Dual::new(self.x, self.dx)
    }
}

impl<T: Element> From<Dual<T>> for Moving<T> {
    #[inline(always)]
    fn from(y: Dual<T>) -> Self {
        Self { x: y.x, dx: y.dx.unwrap_or_else(|| T::from_f64(0.0)) }
    }
}

impl<T: Element> Value for Moving<T> {
    type Elem = T::Elem;
    const SCALAR: bool = true;

    #[inline]
    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Pointwise(op) => Self::apply_pointwise(*op, x),
            _ => Self::apply_dual(op, x),
        }
    }

    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        match (Self::arithmetic(op, x), x) {
            (Some(y), _) if !y.has_nan() => y,
            (_, &[&a]) => Self::unary_dual(op, a),
            (_, &[&a, &b]) => Self::binary_dual(op, a, b),
            _ => Self::apply_dual(&op.into(), x),
        }
    }

    #[inline(always)]
    fn slope(op: Pointwise, i: usize, x: &[&Self], y: &Self, g: &Self) -> Self {
        rule::pointwise_inlined(op, i, Direct { x, y: Some(y), g: Some(g) })
    }

    fn shape(&self) -> Shape {
        Shape::scalar()
    }

    fn primal(&self) -> Tensor<T::Elem> {
        self.x.primal()
    }

    #[inline(always)]
    fn item(&self) -> T::Elem {
        self.x.item()
    }

    fn lift(&self, numbers: &Tensor<T::Elem>) -> Self {
        Self::constant(self.x.lift(numbers))
    }

    #[inline(always)]
    fn full_like(&self, c: f64) -> Self {
        c.into()
    }
}

operators!([T: Element] Moving<T>);

impl<T: Element> Element for Moving<T> {
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        Self::constant(T::from_f64(x))
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.x.to_f64()
    }

    #[inline(always)]
    fn has_nan(&self) -> bool {
        self.x.has_nan() | self.dx.has_nan()
    }
}

impl<T: Element> From<f64> for Moving<T> {
    #[inline(always)]
    fn from(c: f64) -> Self {
        Self::from_f64(c)
    }
}

/// Equality looks at the values alone, and so does order: a branch is taken as the numbers would take it.
impl<T: PartialEq> PartialEq for Moving<T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.x == other.x
    }
}

impl<T: PartialOrd> PartialOrd for Moving<T> {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.x.partial_cmp(&other.x)
    }
}

impl<T: Element> fmt::Display for Moving<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {}ε", self.x, self.dx)
    }
}
