//! The derivatives of the pointwise operations: one line each.
//!
//! Each line multiplies `g` by the partial derivative ∂y/∂xᵢ, in operations that can be differentiated again. The
//! Jacobian of a pointwise operation is diagonal, so the same line serves both directions: `g` is a tangent going
//! forward and a cotangent going back. Formulas: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 3.3,
//! 4.2–4.6, 6.3–6.4, 7.1.
//!
//! Products with a partial are strong-zero products ([`mul_strong_zero`](crate::Math::mul_strong_zero)), in which 0·∞ =
//! 0. An element without influence on the result has derivative 0 then, even at a pole (`select` around a singularity).
//!
//! A rule is differentiated again, so neither it nor its derivative may cancel. The slope of tanh is therefore sech²x,
//! with the derivative −2·sech²x·tanh x. In the tails 1 − y² has no digits left, and the derivative of (1 − y)(1 + y)
//! has none near 0. The logistic function is (1 + tanh(x/2))/2. The [table of accuracies](crate::accuracy) states what
//! remains.
//!
//! The rules stand in two tables, so that only the short ones are inlined where an operation on numbers is named. In
//! one table, a recorded Rosenbrock function takes 9 % more instructions.

use crate::algebra::function::Math;
use crate::algebra::op::Pointwise;
use crate::algebra::op::Pointwise::*;
use crate::algebra::value::Reading;
use crate::array::Part::{G, X, Y};
use crate::array::{Direct, Number, Part, Runner};
use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, LOG2_E, LOG10_E};

const A: Part = X(0);
const B: Part = X(1);

/// Runs the rule of an operation by its operand `i`.
#[inline(always)]
pub(crate) fn pointwise<S: Reading, K: Runner<S>>(op: Pointwise, i: usize, k: K) -> K::Output {
    // Not `unwrap_or_else`: a closure would borrow the operation, which must stay in registers (see `Pointwise`).
    match short(op, i, k) {
        Ok(y) => y,
        Err(k) => long(op, i, k),
    }
}

/// As [`pointwise`], on whole values. A short rule is inlined where its operation is named, a long one is called.
#[inline(always)]
pub(super) fn inlined<S: Reading>(op: Pointwise, i: usize, values: Direct<'_, S>) -> S {
    #[inline(never)]
    fn call<S: Reading>(op: Pointwise, i: usize, values: Direct<'_, S>) -> S {
        long(op, i, values)
    }
    match short(op, i, values) {
        Ok(y) => y,
        Err(values) => call(op, i, values),
    }
}

/// Whether a constant is 0 or infinite as an element: a constant of `f64` may be too small or too large for `f32`.
#[inline(always)]
fn is_extreme<S: Reading>(c: f64) -> bool {
    let c = S::Elem::from_f64(c).to_f64();
    c == 0.0 || c.is_infinite()
}

/// The rules of a few instructions. Returns `k` for an operation whose rule is long.
#[inline(always)]
fn short<S: Reading, K: Runner<S>>(op: Pointwise, i: usize, k: K) -> Result<K::Output, K> {
    let other = X(1 - i.min(1));
    Ok(match op {
        Neg => k.unary(G, |g| g.neg()),
        Scale(c) if is_extreme::<S>(c) => k.unary(G, move |g| g.mul_strong_zero(&g.full_like(c))),
        Scale(c) => k.unary(G, move |g| g.scale(c)),
        Shift(_) => k.unary(G, |g| g.clone()),
        SubFrom(_) => k.unary(G, |g| g.neg()),
        DivBy(c) if is_extreme::<S>(c) => {
            k.unary(G, move |g| g.mul_strong_zero(&g.full_like(1.0 / S::Elem::from_f64(c).to_f64())))
        }
        DivBy(c) => k.unary(G, move |g| g.div_by(c)),
        DivInto(_) => k.ternary([A, Y, G], |x, y, g| g.mul_strong_zero(&(y.clone() / x)).neg()),
        // Twice by y: its square may overflow or vanish where the product does not.
        Recip => k.binary([Y, G], |y, g| g.mul_strong_zero(y).mul_strong_zero(y).neg()),
        Square => k.binary([A, G], |x, g| g.mul_strong_zero(x).scale(2.0)),
        Sqrt => k.binary([Y, G], |y, g| g.mul_strong_zero(&positive_zero(y).recip()).scale(0.5)),
        // n − 1 would be out of range.
        Powi(n) if n == f64::from(i32::MIN) => {
            k.ternary([A, Y, G], move |x, y, g| g.mul_strong_zero(&(y.clone() / x)).scale(n))
        }
        Powi(n) => k.binary([A, G], move |x, g| g.mul_strong_zero(&S::apply_pointwise(Powi(n - 1.0), &[x])).scale(n)),
        Exp => k.binary([Y, G], |y, g| g.mul_strong_zero(y)),
        Ln => k.binary([A, G], |x, g| g.mul_strong_zero(&positive_zero(x).recip())),
        Sin => k.binary([A, G], |x, g| g.mul_strong_zero(&x.cos())),
        Cos => k.binary([A, G], |x, g| g.mul_strong_zero(&x.sin()).neg()),
        Tanh => k.binary([A, G], |x, g| g.mul_strong_zero(&x.sech_squared())), // sech²x, see the module
        Relu => k.binary([Y, G], |y, g| g.mul_strong_zero(&y.sign())),
        Abs => k.binary([A, G], |x, g| g.mul_strong_zero(&x.sign())),
        Add => k.unary(G, |g| g.clone()),
        Sub if i == 0 => k.unary(G, |g| g.clone()),
        Sub => k.unary(G, |g| g.neg()),
        Mul | MulStrongZero => k.binary([other, G], |x, g| g.mul_strong_zero(x)),
        Div if i == 0 => k.binary([B, G], |b, g| g.mul_strong_zero(&b.recip())),
        Div => k.ternary([B, Y, G], |b, y, g| g.mul_strong_zero(&(y.clone() / b)).neg()),
        MulAdd if i < 2 => k.binary([other, G], |x, g| g.mul_strong_zero(x)),
        MulAdd => k.unary(G, |g| g.clone()),
        Cbrt | Powf(_) | Expm1 | Exp2 | Log2 | Log10 | Ln1p | Tan | Asin | Acos | Atan | Sinh | Cosh | SechSquared
        | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Erfc | Lgamma | Polygamma(_) | Sinc(_) | ClampMin(_)
        | ClampMax(_) | Rem | Pow | Atan2 | Hypot | Maximum | Minimum | Select | Sign | Step | Floor | Detach
        | Greater | Equal => return Err(k),
    })
}

/// The other rules.
#[inline(always)]
fn long<S: Reading, K: Runner<S>>(op: Pointwise, i: usize, k: K) -> K::Output {
    let other = X(1 - i.min(1));
    match op {
        // By a power, whose derivatives have the signs of the limits at 0.
        Cbrt => k.binary([Y, G], |y, g| g.mul_strong_zero(&y.powi(-2)).scale(1.0 / 3.0)),
        Powf(c) => k.binary([A, G], move |x, g| g.mul_strong_zero(&x.powf(c - 1.0)).scale(c)),
        Expm1 => k.binary([A, G], |x, g| g.mul_strong_zero(&x.exp())), // not y + 1, which is 0 far below 0
        Exp2 => k.binary([Y, G], |y, g| g.mul_strong_zero(y).scale(LN_2)),
        Log2 => k.binary([A, G], |x, g| g.mul_strong_zero(&positive_zero(x).recip()).scale(LOG2_E)),
        Log10 => k.binary([A, G], |x, g| g.mul_strong_zero(&positive_zero(x).recip()).scale(LOG10_E)),
        Ln1p => k.binary([A, G], |x, g| g.mul_strong_zero(&x.shift(1.0).recip())),
        Tan => k.binary([Y, G], |y, g| g.mul_strong_zero(&y.square().shift(1.0))),
        Asin => k.binary([A, G], |x, g| g.mul_strong_zero(&one_minus_square(x).sqrt().recip())),
        Acos => k.binary([A, G], |x, g| g.mul_strong_zero(&one_minus_square(x).sqrt().recip()).neg()),
        Atan => k.binary([A, G], |x, g| g.mul_strong_zero(&inverse_radius(x).square())),
        Sinh => k.binary([A, G], |x, g| g.mul_strong_zero(&x.cosh())),
        Cosh => k.binary([A, G], |x, g| g.mul_strong_zero(&x.sinh())),
        SechSquared => k.ternary([A, Y, G], |x, y, g| g.mul_strong_zero(y).mul_strong_zero(&x.tanh()).scale(-2.0)),
        Asinh => k.binary([A, G], |x, g| g.mul_strong_zero(&inverse_radius(x))),
        // By two roots: the square of a large x overflows.
        Acosh => {
            k.binary([A, G], |x, g| g.mul_strong_zero(&(x.shift(-1.0).sqrt().recip() * x.shift(1.0).sqrt().recip())))
        }
        Atanh => k.binary([A, G], |x, g| g.mul_strong_zero(&one_minus_square(x).recip())),
        Sigmoid => k.binary([A, G], |x, g| g.mul_strong_zero(&x.scale(0.5).sech_squared().scale(0.25))),
        Softplus => k.binary([A, G], |x, g| g.mul_strong_zero(&x.sigmoid())),
        Erf => k.binary([A, G], |x, g| g.mul_strong_zero(&x.square().neg().exp()).scale(FRAC_2_SQRT_PI)),
        Erfc => k.binary([A, G], |x, g| g.mul_strong_zero(&x.square().neg().exp()).scale(-FRAC_2_SQRT_PI)),
        Lgamma => k.binary([A, G], |x, g| g.mul_strong_zero(&x.polygamma(0))),
        Polygamma(n) => k.binary([A, G], move |x, g| g.mul_strong_zero(&S::apply_pointwise(Polygamma(n + 1.0), &[x]))),
        Sinc(n) => k.binary([A, G], move |x, g| g.mul_strong_zero(&S::apply_pointwise(Sinc(n + 1.0), &[x]))),
        ClampMin(_) | ClampMax(_) => k.ternary([A, Y, G], |x, y, g| g.mul_strong_zero(&x.equal(y))),
        Rem if i == 0 => k.unary(G, |g| g.clone()),
        // −trunc(a/b), which rounding must not turn into a fraction.
        Rem => k.ternary([A, B, G], |a, b, g| g.mul_strong_zero(&((a.rem(b) - a) / b).shift(0.5).floor())),
        Pow if i == 0 => k.ternary([A, B, G], |a, b, g| {
            g.mul_strong_zero(&exponent_as_factor(a, b).mul_strong_zero(&a.pow(&b.shift(-1.0))))
        }),
        Pow => k.ternary([A, Y, G], |a, y, g| g.mul_strong_zero(&y.mul_strong_zero(&a.ln()))),
        Atan2 => k.ternary([other, X(i), G], move |other, x, g| {
            let slope = g.mul_strong_zero(&share_of_radius(other, x)).mul_strong_zero(&x.hypot(other).recip());
            if i == 0 { slope } else { slope.neg() }
        }),
        Hypot => k.ternary([X(i), other, G], |x, other, g| g.mul_strong_zero(&share_of_radius(x, other))),
        Maximum => k.ternary([X(i), other, G], |x, other, g| {
            g.mul_strong_zero(&(x.greater(other) + half_where_equal(x, other)))
        }),
        Minimum => k.ternary([X(i), other, G], |x, other, g| {
            g.mul_strong_zero(&(other.greater(x) + half_where_equal(x, other)))
        }),
        Select if i == 1 => k.binary([A, G], |mask, g| mask.select(g, &g.full_like(0.0))),
        Select => k.binary([A, G], |mask, g| mask.select(&g.full_like(0.0), g)), // the mask itself has no derivative
        Sign | Step | Floor | Detach | Greater | Equal => k.unary(G, |g| g.full_like(0.0)),
        Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Powi(_) | Exp | Ln
        | Sin | Cos | Tanh | Relu | Abs | Add | Sub | Mul | MulStrongZero | Div | MulAdd => {
            unreachable!("the rule is in the other table")
        }
    }
}

/// 1 − x², rounded once. Neither it nor its derivative cancels, unlike that of (1 − x)(1 + x) near 0.
#[inline(always)]
fn one_minus_square<S: Reading>(x: &S) -> S {
    x.neg().mul_add(x, &x.full_like(1.0))
}

/// x + 0, which turns −0 into 0: at the edge of its domain a function has the slope of the limit from inside, +∞.
#[inline(always)]
fn positive_zero<S: Reading>(x: &S) -> S {
    x.shift(0.0)
}

/// The factor b of b·aᵇ⁻¹, detached at a = 0. There the derivative with respect to b is the sum of an infinite term
/// from the factor and one from aᵇ⁻¹ with the opposite sign. The second one determines the limit, so the first one is
/// left out.
#[inline(always)]
fn exponent_as_factor<S: Reading>(a: &S, b: &S) -> S {
    let zero = |x: &S| x.equal(&x.full_like(0.0));
    (zero(a) * zero(b).sub_from(1.0)).select(&b.detach(), b)
}

/// 1/√(1 + x²). The square of a large x would overflow, and its reciprocal vanish.
#[inline(always)]
fn inverse_radius<S: Reading>(x: &S) -> S {
    x.hypot(&x.full_like(1.0)).recip()
}

/// x/√(x² + b²), and 0 at the origin.
///
/// By the quotient q of the smaller operand and the larger one, as 1/√(1 + q²) or q/√(1 + q²). No square overflows or
/// vanishes, and the derivatives do not cancel: that of x/√(x² + b²), for one, is (1 − x²/(x² + b²))/√(x² + b²).
#[inline(always)]
fn share_of_radius<S: Reading>(x: &S, b: &S) -> S {
    let x_is_larger = b.abs().greater(&x.abs()).sub_from(1.0);
    let (large, small) = (x_is_larger.select(x, b), x_is_larger.select(b, x));
    let sign = (large.clone() + small.scale(0.0)).sign(); // NaN if either operand is
    let origin = large.equal(&large.full_like(0.0));
    let q = small / origin.select(&large.full_like(1.0), &large);
    let share_of_large = q.square().shift(1.0).sqrt().recip();
    x_is_larger.select(&share_of_large, &(share_of_large.clone() * q)).mul_strong_zero(&sign)
}

#[inline(always)]
fn half_where_equal<S: Reading>(x: &S, other: &S) -> S {
    x.equal(other).scale(0.5)
}
