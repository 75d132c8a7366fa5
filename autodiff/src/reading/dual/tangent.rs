//! The operations on dual numbers, for tangents that may be absent and for those that are always present.

use crate::algebra::{Dual, Element, Math, Op, Pointwise, Reading, Tangent, per_operand, rule, slope};

impl<V: Reading> Tangent<V> for Option<V> {
    type Outer = Option<Dual<V, Self>>;

    #[inline(always)]
    fn of_constant(_: &V) -> Self {
        None
    }

    #[inline(always)]
    fn of_value(dx: V) -> Self {
        Some(dx)
    }

    #[inline(always)]
    fn to_value(&self, x: &V) -> V {
        self.clone().unwrap_or_else(|| x.full_like(0.0))
    }

    /// Arithmetic on numbers is inlined, as for a tangent that is always present.
    #[inline(always)]
    #[track_caller]
    fn apply_dual(op: Pointwise, x: &[&Dual<V, Self>]) -> Dual<V, Self> {
        if V::SCALAR
            && !V::RECORDS
            && let Some(y) = arithmetic(op, x)
        {
            return y;
        }
        apply_optional(op, x)
    }

    fn push_tangent(op: &Op, x: &[&V], y: &V, dx: &[&Self]) -> Self {
        let dx = per_operand(dx, |dx| dx.as_ref());
        if dx.iter().any(Option::is_some) { rule::push(op, x, y, &dx) } else { None }
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.iter().for_each(|dx| dx.storage(report));
    }
}

/// Applies an operation by its rule. Not inlined: otherwise the rules of both operands would be compiled again for each
/// operation of a program.
#[inline(never)]
#[track_caller]
fn apply_optional<V: Reading>(op: Pointwise, operands: &[&Dual<V, Option<V>>]) -> Dual<V, Option<V>> {
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

/// The contribution of operand `i` to the tangent of the result.
fn contribution<V: Reading>(op: Pointwise, i: usize, x: &[&V], y: &V, dx: &Option<V>) -> Option<V> {
    match dx {
        Some(dx) if op.differentiable(i) => Some(slope(op, i, x, y, dx)),
        _ => None,
    }
}

impl<T: Element> Tangent<T> for T {
    type Outer = Dual<T>;

    #[inline(always)]
    fn of_constant(_: &T) -> Self {
        T::from_f64(0.0)
    }

    #[inline(always)]
    fn of_value(dx: T) -> Self {
        dx
    }

    #[inline(always)]
    fn to_value(&self, _: &T) -> T {
        *self
    }

    /// Arithmetic is inlined.
    #[inline(always)]
    #[track_caller]
    fn apply_dual(op: Pointwise, x: &[&Dual<T>]) -> Dual<T> {
        match (arithmetic(op, x), x) {
            (Some(y), _) => y,
            (None, &[&a]) => by_rule(op, [a]),
            (None, &[&a, &b]) => by_rule(op, [a, b]),
            (None, _) => apply_any(&op.into(), x),
        }
    }

    fn push_tangent(op: &Op, x: &[&T], y: &T, dx: &[&Self]) -> Self {
        rule::push(op, x, y, &per_operand(dx, |&dx| Some(dx))).unwrap_or_default()
    }
}

/// The arithmetic of the tangents of numbers. It has no branches that depend on whether a tangent is present: they would
/// take longer than a sum with a zero.
trait Arithmetic<V: Reading>: Tangent<V> {
    /// The tangent, or a zero of the given sign if it is absent.
    fn or_zero(&self, zero: f64, x: &V) -> V;

    /// The tangent times a factor; −0, which changes no sum, if it is absent.
    fn times(&self, factor: &V) -> V;

    /// A linear function of the tangent.
    fn map(&self, f: impl Fn(&V) -> V) -> Self;

    /// The tangent `sum` of a result. It is absent if the tangents of both operands are.
    fn of_either(a: &Self, b: &Self, sum: V) -> Self;
}

impl<V: Reading> Arithmetic<V> for Option<V> {
    #[inline(always)]
    fn or_zero(&self, zero: f64, x: &V) -> V {
        match self {
            Some(dx) => dx.clone(),
            None => x.full_like(zero),
        }
    }

    #[inline(always)]
    fn times(&self, factor: &V) -> V {
        match self {
            Some(dx) => dx.mul_strong_zero(factor),
            None => factor.full_like(-0.0),
        }
    }

    #[inline(always)]
    fn map(&self, f: impl Fn(&V) -> V) -> Self {
        self.as_ref().map(f)
    }

    #[inline(always)]
    fn of_either(a: &Self, b: &Self, sum: V) -> Self {
        if a.is_some() | b.is_some() { Some(sum) } else { None }
    }
}

impl<T: Element> Arithmetic<T> for T {
    #[inline(always)]
    fn or_zero(&self, _: f64, _: &T) -> T {
        *self
    }

    #[inline(always)]
    fn times(&self, factor: &T) -> T {
        Math::mul_strong_zero(self, factor)
    }

    #[inline(always)]
    fn map(&self, f: impl Fn(&T) -> T) -> Self {
        f(self)
    }

    #[inline(always)]
    fn of_either(_: &Self, _: &Self, sum: T) -> Self {
        sum
    }
}

/// The arithmetic operations on a number and its tangent, or `None` for other operations.
///
/// Each is a function of its own, without `inline(always)`: with nested dual numbers, all operations inside each operation
/// would otherwise be compiled before the `match` is decided.
#[inline(always)]
fn arithmetic<V: Reading, D: Arithmetic<V>>(op: Pointwise, x: &[&Dual<V, D>]) -> Option<Dual<V, D>> {
    use Pointwise::*;
    Some(match op {
        Neg => neg(x[0]),
        Scale(k) if is_regular(k) => scale(x[0], k),
        DivBy(k) if is_regular(k) => div_by(x[0], k),
        Shift(k) => shift(x[0], k),
        SubFrom(k) => sub_from(x[0], k),
        Add => add(x[0], x[1]),
        Sub => sub(x[0], x[1]),
        Square | Powi(2.0) => square(x[0]),
        Mul => mul(x[0], x[1]),
        MulStrongZero => mul_strong_zero(x[0], x[1]),
        Div => div(x[0], x[1]),
        Recip => recip(x[0]),
        Sqrt => sqrt(x[0]),
        Scale(_) | DivBy(_) | DivInto(_) | Cbrt | Powi(_) | Powf(_) | Exp | Expm1 | Exp2 | Ln | Log2 | Log10 | Ln1p
        | Sin | Cos | Tan | Asin | Acos | Atan | Sinh | Cosh | Tanh | SechSquared | Asinh | Acosh | Atanh | Sigmoid
        | Softplus | Erf | Erfc | Lgamma | Polygamma(_) | Sinc(_) | Relu | Abs | ClampMin(_) | ClampMax(_) | Sign
        | Step | Floor | Detach | Rem | Pow | Atan2 | Hypot | Maximum | Minimum | Greater | Equal | MulAdd | Select => {
            return None;
        }
    })
}

/// Whether the product with a constant is a strong-zero product too.
#[inline(always)]
fn is_regular(k: f64) -> bool {
    k != 0.0 && k.is_finite()
}

#[inline]
fn neg<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>) -> Dual<V, D> {
    Dual { x: -a.x.clone(), dx: a.dx.map(|dx| -dx.clone()) }
}

#[inline]
fn scale<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, k: f64) -> Dual<V, D> {
    Dual { x: a.x.scale(k), dx: a.dx.map(|dx| dx.scale(k)) }
}

#[inline]
fn div_by<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, k: f64) -> Dual<V, D> {
    Dual { x: a.x.div_by(k), dx: a.dx.map(|dx| dx.div_by(k)) }
}

#[inline]
fn shift<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, k: f64) -> Dual<V, D> {
    Dual { x: a.x.shift(k), dx: a.dx.clone() }
}

#[inline]
fn sub_from<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, k: f64) -> Dual<V, D> {
    Dual { x: a.x.sub_from(k), dx: a.dx.map(|dx| -dx.clone()) }
}

#[inline]
fn add<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, b: &Dual<V, D>) -> Dual<V, D> {
    let sum = a.dx.or_zero(-0.0, &a.x) + &b.dx.or_zero(-0.0, &b.x);
    Dual { x: a.x.clone() + &b.x, dx: D::of_either(&a.dx, &b.dx, sum) }
}

#[inline]
fn sub<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, b: &Dual<V, D>) -> Dual<V, D> {
    let difference = a.dx.or_zero(-0.0, &a.x) - &b.dx.or_zero(0.0, &b.x);
    Dual { x: a.x.clone() - &b.x, dx: D::of_either(&a.dx, &b.dx, difference) }
}

#[inline]
fn square<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>) -> Dual<V, D> {
    Dual { x: a.x.square(), dx: a.dx.map(|dx| dx.mul_strong_zero(&a.x).scale(2.0)) }
}

#[inline]
fn mul<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, b: &Dual<V, D>) -> Dual<V, D> {
    Dual { x: a.x.clone() * &b.x, dx: tangent_of_product(a, b) }
}

#[inline]
fn mul_strong_zero<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, b: &Dual<V, D>) -> Dual<V, D> {
    Dual { x: a.x.mul_strong_zero(&b.x), dx: tangent_of_product(a, b) }
}

#[inline]
fn tangent_of_product<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, b: &Dual<V, D>) -> D {
    D::of_either(&a.dx, &b.dx, a.dx.times(&b.x) + &b.dx.times(&a.x))
}

#[inline]
fn div<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>, b: &Dual<V, D>) -> Dual<V, D> {
    let y = a.x.clone() / &b.x;
    let by_b = b.dx.map(|dx| slope(Pointwise::Div, 1, &[&a.x, &b.x], &y, dx));
    let sum = a.dx.times(&b.x.recip()) + &by_b.or_zero(-0.0, &y);
    Dual { dx: D::of_either(&a.dx, &b.dx, sum), x: y }
}

#[inline]
fn recip<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>) -> Dual<V, D> {
    let y = a.x.recip();
    Dual { dx: a.dx.map(|dx| slope(Pointwise::Recip, 0, &[&a.x], &y, dx)), x: y }
}

#[inline]
fn sqrt<V: Reading, D: Arithmetic<V>>(a: &Dual<V, D>) -> Dual<V, D> {
    let y = a.x.sqrt();
    Dual { dx: a.dx.map(|dx| slope(Pointwise::Sqrt, 0, &[&a.x], &y, dx)), x: y }
}

/// Applies an operation by its rule. Takes the operands by value, so that the caller's stay in registers.
#[inline(never)]
fn by_rule<T: Element, const N: usize>(op: Pointwise, operands: [Dual<T>; N]) -> Dual<T> {
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
