//! The derivatives of the pointwise operations: one line each.
//!
//! A line multiplies `g` by the partial derivative ∂y/∂xᵢ, in operations that can be differentiated again. The matrix
//! of such an operation is diagonal, so the same line serves both directions: `g` is a tangent going forward and a
//! cotangent going back. Formulas: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 3.3, 4.2–4.6, 7.1.
//!
//! Products with a partial are [`chain`](crate::Math::chain) products, in which 0·∞ = 0: an element that the result does
//! not depend on has derivative 0, however singular the function is there (`select` around a pole).

use crate::algebra::function::Math;
use crate::algebra::op::Pointwise;
use crate::algebra::op::Pointwise::*;
use crate::algebra::value::Value;
use crate::array::Part::{G, X, Y};
use crate::array::{Direct, Part, Runner};
use std::f64::consts::{FRAC_2_SQRT_PI, LN_2, LOG2_E, LOG10_E};

const A: Part = X(0);
const B: Part = X(1);

#[inline(always)]
pub(crate) fn pointwise<S: Value, K: Runner<S>>(op: Pointwise, i: usize, k: K) -> K::Output {
    common(op, i, k).unwrap_or_else(|k| rare(op, i, k))
}

/// As [`pointwise`], for numbers that the rule is compiled for where it is named.
#[inline(always)]
pub(super) fn inlined<S: Value>(op: Pointwise, i: usize, numbers: Direct<'_, S>) -> S {
    #[inline(never)]
    fn call<S: Value>(op: Pointwise, i: usize, numbers: Direct<'_, S>) -> S {
        rare(op, i, numbers)
    }
    common(op, i, numbers).unwrap_or_else(|numbers| call(op, i, numbers))
}

/// What is common, so that it is worth its machine code wherever it is named; or `k` again.
#[inline(always)]
fn common<S: Value, K: Runner<S>>(op: Pointwise, i: usize, k: K) -> Result<K::Output, K> {
    let other = X(1 - i.min(1));
    Ok(match op {
        Neg => k.one(G, |g| g.neg()),
        Scale(c) if c == 0.0 || c.is_infinite() => k.one(G, |g| g.chain(&g.full_like(c))),
        Scale(c) => k.one(G, |g| g.scale(c)),
        Shift(_) => k.one(G, |g| g.clone()),
        SubFrom(_) => k.one(G, |g| g.neg()),
        DivBy(c) if c == 0.0 || c.is_infinite() => k.one(G, |g| g.chain(&g.full_like(1.0 / c))),
        DivBy(c) => k.one(G, |g| g.div_by(c)),
        DivInto(_) => k.three([A, Y, G], |x, y, g| g.chain(&(y.clone() / x)).neg()),
        Recip => k.two([Y, G], |y, g| g.chain(&y.square()).neg()),
        Square => k.two([A, G], |x, g| g.chain(x).scale(2.0)),
        Sqrt => k.two([Y, G], |y, g| g.chain(&y.recip()).scale(0.5)),
        Powi(n) => k.two([A, G], |x, g| g.chain(&x.powi(n - 1)).scale(n.into())),
        Exp => k.two([Y, G], |y, g| g.chain(y)),
        Ln => k.two([A, G], |x, g| g.chain(&x.recip())),
        Sin => k.two([A, G], |x, g| g.chain(&x.cos())),
        Cos => k.two([A, G], |x, g| g.chain(&x.sin()).neg()),
        Tanh => k.two([Y, G], |y, g| g.chain(&one_minus_square(y))),
        Sigmoid => k.two([Y, G], |y, g| g.chain(&(y.sub_from(1.0) * y))),
        Relu => k.two([Y, G], |y, g| g.chain(&y.sign())),
        Abs => k.two([A, G], |x, g| g.chain(&x.sign())),
        Add => k.one(G, |g| g.clone()),
        Sub if i == 0 => k.one(G, |g| g.clone()),
        Sub => k.one(G, |g| g.neg()),
        Mul | Chain => k.two([other, G], |x, g| g.chain(x)),
        Div if i == 0 => k.two([B, G], |b, g| g.chain(&b.recip())),
        Div => k.three([B, Y, G], |b, y, g| g.chain(&(y.clone() / b)).neg()),
        MulAdd if i < 2 => k.two([other, G], |x, g| g.chain(x)),
        MulAdd => k.one(G, |g| g.clone()),
        _ => return Err(k),
    })
}

/// All the others.
#[inline(always)]
fn rare<S: Value, K: Runner<S>>(op: Pointwise, i: usize, k: K) -> K::Output {
    let other = X(1 - i.min(1));
    match op {
        Cbrt => k.two([Y, G], |y, g| g.chain(&y.square().recip()).scale(1.0 / 3.0)),
        Powf(c) => k.two([A, G], |x, g| g.chain(&x.powf(c - 1.0)).scale(c)),
        Expm1 => k.two([A, G], |x, g| g.chain(&x.exp())), // not y + 1, which is 0 far below 0
        Exp2 => k.two([Y, G], |y, g| g.chain(y).scale(LN_2)),
        Log2 => k.two([A, G], |x, g| g.chain(&x.recip()).scale(LOG2_E)),
        Log10 => k.two([A, G], |x, g| g.chain(&x.recip()).scale(LOG10_E)),
        Ln1p => k.two([A, G], |x, g| g.chain(&x.shift(1.0).recip())),
        Tan => k.two([Y, G], |y, g| g.chain(&y.square().shift(1.0))),
        Asin => k.two([A, G], |x, g| g.chain(&one_minus_square(x).sqrt().recip())),
        Acos => k.two([A, G], |x, g| g.chain(&one_minus_square(x).sqrt().recip()).neg()),
        Atan => k.two([A, G], |x, g| g.chain(&x.square().shift(1.0).recip())),
        Sinh => k.two([A, G], |x, g| g.chain(&x.cosh())),
        Cosh => k.two([A, G], |x, g| g.chain(&x.sinh())),
        // By the radius, and by two roots: the square of a large x overflows.
        Asinh => k.two([A, G], |x, g| g.chain(&x.hypot(&x.full_like(1.0)).recip())),
        Acosh => k.two([A, G], |x, g| g.chain(&(x.shift(-1.0).sqrt() * x.shift(1.0).sqrt()).recip())),
        Atanh => k.two([A, G], |x, g| g.chain(&one_minus_square(x).recip())),
        Softplus => k.two([A, G], |x, g| g.chain(&x.sigmoid())),
        Erf => k.two([A, G], |x, g| g.chain(&x.square().neg().exp()).scale(FRAC_2_SQRT_PI)),
        AtLeast(c) => k.two([A, G], |x, g| g.chain(&x.shift(-c).step())),
        AtMost(c) => k.two([A, G], |x, g| g.chain(&x.sub_from(c).step())),
        Rem if i == 0 => k.one(G, |g| g.clone()),
        Rem => k.three([A, B, G], |a, b, g| g.chain(&((a.rem(b) - a) / b).detach())), // −trunc(a/b)
        Pow if i == 0 => k.three([A, B, G], |a, b, g| g.chain(&b.chain(&a.pow(&b.shift(-1.0))))),
        Pow => k.three([A, Y, G], |a, y, g| g.chain(&y.chain(&a.ln()))),
        Atan2 if i == 0 => k.three([A, B, G], |a, b, g| g.chain(&b.chain(&inverse_square_radius(a, b)))),
        Atan2 => k.three([A, B, G], |a, b, g| g.chain(&a.chain(&inverse_square_radius(a, b))).neg()),
        Hypot => k.three([X(i), Y, G], |x, y, g| g.chain(&x.chain(&y.recip()))),
        Maximum => k.three([X(i), other, G], |x, other, g| g.chain(&(x.greater(other) + half_where_equal(x, other)))),
        Minimum => k.three([X(i), other, G], |x, other, g| g.chain(&(other.greater(x) + half_where_equal(x, other)))),
        Select if i == 1 => k.two([A, G], |mask, g| mask.select(g, &g.full_like(0.0))),
        Select => k.two([A, G], |mask, g| mask.select(&g.full_like(0.0), g)), // the mask itself has no derivative
        Sign | Step | Floor | Detach | Greater | Equal => k.one(G, |g| g.full_like(0.0)),
        Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Powi(_) | Exp | Ln
        | Sin | Cos | Tanh | Sigmoid | Relu | Abs | Add | Sub | Mul | Chain | Div | MulAdd => {
            unreachable!("is common")
        }
    }
}

/// 1 − x² as (1 − x)(1 + x), which keeps its digits near ±1.
#[inline(always)]
fn one_minus_square<S: Value>(x: &S) -> S {
    x.sub_from(1.0) * x.shift(1.0)
}

/// 1/(a² + b²), by the radius so that no square overflows.
#[inline(always)]
fn inverse_square_radius<S: Value>(a: &S, b: &S) -> S {
    a.hypot(b).recip().square()
}

#[inline(always)]
fn half_where_equal<S: Value>(x: &S, other: &S) -> S {
    x.equal(other).scale(0.5)
}
