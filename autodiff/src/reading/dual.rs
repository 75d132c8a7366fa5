//! Dual numbers, the reading that carries tangents forward.

use crate::algebra::{Element, Op, Pointwise, Value, operators, per_operand, rule, slope};
use crate::array::{Number, Shape, Tensor};
use std::cmp::Ordering;
use std::fmt;

/// A value `x` with a tangent `dx`, its derivative along a direction of the input.
///
/// Every operation carries both forward, by the rules that a tape uses in its backward pass. `V` may be any reading:
/// tensors, variables (forward over reverse), or dual numbers (second order). A dual number over `f64` is an element
/// that a tensor or a tape can hold: `Tape<Dual<f64>>` is reverse mode with a forward derivative inside.
///
/// `D` is the type of the tangent. The default, `Option<V>`, is absent for constants, for which nothing is computed. In
/// `Dual<f64, f64>` the tangent is always present, which is faster if few numbers are constant. See [`Tangent`].
///
/// ```
/// use autodiff::prelude::*;
/// let x = Dual::new(3.0, 1.0);
/// let y = x * x + x.sin();
/// assert_eq!(y.dx, Some(6.0 + 3.0f64.cos()));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual<V, D = Option<V>> {
    /// The value.
    pub x: V,
    /// The tangent; an absent tangent is zero.
    pub dx: D,
}

impl<V: Value> Dual<V> {
    /// A value with a tangent of the same shape.
    pub fn new(x: V, dx: V) -> Self {
        Self { x, dx: Some(dx) }
    }

    /// A constant, whose tangent is absent.
    pub fn constant(x: V) -> Self {
        Self { x, dx: None }
    }
}

impl<V: Value, D: Tangent<V>> Dual<V, D> {
    /// A constant, with a tangent of any type.
    #[inline(always)]
    pub fn from_value(x: V) -> Self {
        Self { dx: D::of_constant(&x), x }
    }

    /// The tangent; zeros if it is absent.
    pub fn tangent(&self) -> V {
        self.dx.to_value(&self.x)
    }
}

/// The type of a [`Dual`] number's tangent: `Option<V>`, absent for a constant, or, for numbers, the tangent itself.
pub trait Tangent<V>: Clone {
    /// The tangent of a constant.
    fn of_constant(x: &V) -> Self;

    /// The tangent as a value of the shape of `x`.
    fn to_value(&self, x: &V) -> V;

    /// Applies a pointwise operation.
    #[doc(hidden)]
    #[track_caller]
    fn apply_dual(op: Pointwise, x: &[&Dual<V, Self>]) -> Dual<V, Self>;

    /// The tangent of the result of an operation that is not pointwise.
    #[doc(hidden)]
    fn push_tangent(op: &Op, x: &[&V], y: &V, dx: &[&Self]) -> Self;

    /// As [`Value::storage`].
    #[doc(hidden)]
    fn storage(&self, _report: &mut dyn FnMut(usize, usize)) {}
}

impl<V: Value> Tangent<V> for Option<V> {
    fn of_constant(_: &V) -> Self {
        None
    }

    fn to_value(&self, x: &V) -> V {
        self.clone().unwrap_or_else(|| x.full_like(0.0))
    }

    // Not inlined: otherwise the rules of both operands would be compiled again for each operation of a program.
    #[track_caller]
    fn apply_dual(op: Pointwise, operands: &[&Dual<V>]) -> Dual<V> {
        match *operands {
            [a] => {
                let y = V::apply_pointwise(op, &[&a.x]);
                Dual { dx: contribution(op, 0, &[&a.x], &y, &a.dx), x: y }
            }
            [a, b] => {
                let x = [&a.x, &b.x];
                let y = V::apply_pointwise(op, &x);
                let dx = match (contribution(op, 0, &x, &y, &a.dx), contribution(op, 1, &x, &y, &b.dx)) {
                    (Some(mut sum), Some(term)) => {
                        sum.accumulate(term);
                        Some(sum)
                    }
                    (one, other) => one.or(other),
                };
                Dual { x: y, dx }
            }
            _ => apply_any(&op.into(), operands),
        }
    }

    fn push_tangent(op: &Op, x: &[&V], y: &V, dx: &[&Self]) -> Self {
        let dx = per_operand(dx, |dx| dx.as_ref());
        if dx.iter().any(Option::is_some) { rule::push(op, x, y, &dx) } else { None }
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.iter().for_each(|dx| dx.storage(report));
    }
}

/// The contribution of operand `i` to the tangent of the result.
fn contribution<V: Value>(op: Pointwise, i: usize, x: &[&V], y: &V, dx: &Option<V>) -> Option<V> {
    match dx {
        Some(dx) if op.differentiable(i) => Some(slope(op, i, x, y, dx)),
        _ => None,
    }
}

impl<T: Element> Tangent<T> for T {
    #[inline(always)]
    fn of_constant(_: &T) -> Self {
        T::from_f64(0.0)
    }

    #[inline(always)]
    fn to_value(&self, _: &T) -> T {
        *self
    }

    /// Arithmetic is inlined. It uses plain rather than strong-zero products, so a result with a NaN is computed again
    /// by the rule.
    #[inline(always)]
    #[track_caller]
    fn apply_dual(op: Pointwise, x: &[&Dual<T, T>]) -> Dual<T, T> {
        match (arithmetic(op, x), x) {
            (Some(y), _) if !y.has_nan() => y,
            (_, &[&a]) => by_rule(op, [a]),
            (_, &[&a, &b]) => by_rule(op, [a, b]),
            _ => apply_any(&op.into(), x),
        }
    }

    fn push_tangent(op: &Op, x: &[&T], y: &T, dx: &[&Self]) -> Self {
        rule::push(op, x, y, &per_operand(dx, |&dx| Some(dx))).unwrap_or_default()
    }
}

/// The arithmetic operations on a number and its tangent, or `None` for other operations.
#[inline(always)]
fn arithmetic<T: Element>(op: Pointwise, x: &[&Dual<T, T>]) -> Option<Dual<T, T>> {
    let c = T::from_f64;
    Some(match (op, x) {
        (Pointwise::Neg, [a]) => Dual { x: -a.x, dx: -a.dx },
        (Pointwise::Scale(k), [a]) => Dual { x: a.x * c(k), dx: a.dx * c(k) },
        (Pointwise::DivBy(k), [a]) => Dual { x: a.x / c(k), dx: a.dx / c(k) },
        (Pointwise::Shift(k), [a]) => Dual { x: a.x + c(k), dx: a.dx },
        (Pointwise::SubFrom(k), [a]) => Dual { x: c(k) - a.x, dx: -a.dx },
        (Pointwise::Square | Pointwise::Powi(2), [a]) => Dual { x: a.x * a.x, dx: a.dx * a.x + a.x * a.dx },
        (Pointwise::Add, [a, b]) => Dual { x: a.x + b.x, dx: a.dx + b.dx },
        (Pointwise::Sub, [a, b]) => Dual { x: a.x - b.x, dx: a.dx - b.dx },
        (Pointwise::Mul | Pointwise::MulStrongZero, [a, b]) => Dual { x: a.x * b.x, dx: a.dx * b.x + a.x * b.dx },
        _ => return None,
    })
}

/// Applies an operation by its rule. Takes the operands by value, so that the caller's stay in registers.
#[inline(never)]
fn by_rule<T: Element, const N: usize>(op: Pointwise, operands: [Dual<T, T>; N]) -> Dual<T, T> {
    let x = operands.each_ref().map(|operand| &operand.x);
    let y = T::apply_pointwise(op, &x);
    let terms = (0..N).filter(|&i| op.differentiable(i)).map(|i| slope(op, i, &x, &y, &operands[i].dx));
    Dual { x: y, dx: terms.reduce(|sum, term| sum + term).unwrap_or_default() }
}

/// Applies any operation: the inner reading computes the value, and the rule the tangent.
#[inline]
#[track_caller]
fn apply_any<V: Value, D: Tangent<V>>(op: &Op, operands: &[&Dual<V, D>]) -> Dual<V, D> {
    let x = per_operand(operands, |operand| &operand.x);
    let y = V::apply(op, &x);
    let dx = D::push_tangent(op, &x, &y, &per_operand(operands, |operand| &operand.dx));
    Dual { x: y, dx }
}

impl<V: Value, D: Tangent<V>> Value for Dual<V, D> {
    type Elem = V::Elem;
    const SCALAR: bool = V::SCALAR;

    #[inline]
    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Pointwise(op) => D::apply_dual(*op, x),
            Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } | Op::Custom(_) => apply_any(op, x),
        }
    }

    #[inline(always)]
    #[track_caller]
    fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
        D::apply_dual(op, x)
    }

    fn shape(&self) -> Shape {
        self.x.shape()
    }

    fn primal(&self) -> Tensor<Self::Elem> {
        self.x.primal()
    }

    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self {
        Self::from_value(self.x.lift(numbers))
    }

    #[inline(always)]
    fn full_like(&self, c: f64) -> Self {
        Self::from_value(self.x.full_like(c))
    }

    #[inline(always)]
    #[track_caller]
    fn item(&self) -> Self::Elem {
        self.x.item()
    }

    fn batch_axes(&self) -> usize {
        self.x.batch_axes()
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.x.storage(report);
        self.dx.storage(report);
    }
}

operators!([V: Value, D: Tangent<V>] Dual<V, D>);

impl<T: Element, D: Tangent<T> + Copy + fmt::Debug + Default + Send + Sync + 'static> Number for Dual<T, D> {
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        Self::from_value(T::from_f64(x))
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.x.to_f64()
    }

    #[inline(always)]
    fn has_nan(&self) -> bool {
        self.x.has_nan() | self.tangent().has_nan()
    }

    fn mul_strong_zero(self, other: Self) -> Self {
        Self::apply_pointwise(Pointwise::MulStrongZero, &[&self, &other])
    }
}

impl<T: Element, D: Tangent<T> + Copy + fmt::Debug + Default + Send + Sync + 'static> Element for Dual<T, D> {
    super::compute::on_arrays!();

    fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self> {
        crate::array::loops::elementwise(x, |x| Self::apply_pointwise(op, x))
    }

    fn exp_in_loop(self) -> Self {
        Self::apply_pointwise(Pointwise::Exp, &[&self])
    }
}

impl<T: Element, D: Tangent<T>> From<f64> for Dual<T, D> {
    #[inline(always)]
    fn from(c: f64) -> Self {
        Self::from_value(T::from_f64(c))
    }
}

/// Compares the values and ignores the tangents, so that programs branch as they do on plain numbers.
impl<T: PartialEq, D> PartialEq for Dual<T, D> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.x == other.x
    }
}

impl<T: PartialOrd, D> PartialOrd for Dual<T, D> {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.x.partial_cmp(&other.x)
    }
}

impl<V: Value + fmt::Display, D: Tangent<V>> fmt::Display for Dual<V, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {}ε", self.x, self.tangent())
    }
}
