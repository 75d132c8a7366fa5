//! The tangent of a dual number: absent for a constant, or always present.

use super::value::Dual;
use crate::algebra::{Element, Op, Pointwise, Reading, per_operand, rule, slope};
use crate::array::Number;

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

    /// As [`Reading::storage`].
    #[doc(hidden)]
    fn storage(&self, _report: &mut dyn FnMut(usize, usize)) {}
}

impl<V: Reading> Tangent<V> for Option<V> {
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
fn contribution<V: Reading>(op: Pointwise, i: usize, x: &[&V], y: &V, dx: &Option<V>) -> Option<V> {
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
    use Pointwise::*;
    let (c, a) = (T::from_f64, x[0]);
    let product = |a: &Dual<T, T>, b: &Dual<T, T>| Dual { x: a.x * b.x, dx: a.dx * b.x + a.x * b.dx };
    Some(match op {
        Neg => Dual { x: -a.x, dx: -a.dx },
        Scale(k) => Dual { x: a.x * c(k), dx: a.dx * c(k) },
        DivBy(k) => Dual { x: a.x / c(k), dx: a.dx / c(k) },
        Shift(k) => Dual { x: a.x + c(k), dx: a.dx },
        SubFrom(k) => Dual { x: c(k) - a.x, dx: -a.dx },
        Square | Powi(2) => product(a, a),
        Add => Dual { x: a.x + x[1].x, dx: a.dx + x[1].dx },
        Sub => Dual { x: a.x - x[1].x, dx: a.dx - x[1].dx },
        Mul | MulStrongZero => product(a, x[1]),
        DivInto(_) | Recip | Sqrt | Cbrt | Powi(_) | Powf(_) | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p | Sin
        | Cos | Tan | Asin | Acos | Atan | Sinh | Cosh | Tanh | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf
        | Erfc | Relu | Abs | ClampMin(_) | ClampMax(_) | Sign | Step | Floor | Detach | Div | Rem | Pow | Atan2
        | Hypot | Maximum | Minimum | Greater | Equal | MulAdd | Select => return None,
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
pub(super) fn apply_any<V: Reading, D: Tangent<V>>(op: &Op, operands: &[&Dual<V, D>]) -> Dual<V, D> {
    let x = per_operand(operands, |operand| &operand.x);
    let y = V::apply(op, &x);
    let dx = D::push_tangent(op, &x, &y, &per_operand(operands, |operand| &operand.dx));
    Dual { x: y, dx }
}
