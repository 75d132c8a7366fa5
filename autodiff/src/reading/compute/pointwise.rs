//! The values of the pointwise operations on `f32` and `f64`: one line each.

use crate::algebra::Pointwise;
use crate::algebra::Pointwise::*;
use crate::array::Part::X;
use crate::array::{Real, Runner, function, larger, relu, smaller};
use num_traits::Float;

/// An operation on arrays.
#[inline(always)]
pub(super) fn evaluate<T: Real, K: Runner<T>>(op: Pointwise, k: K) -> K::Output {
    arithmetic(op, k).unwrap_or_else(|k| function(op, k))
}

/// What takes less time than a call, so that it is worth its machine code wherever it is named; or `k` again.
#[inline(always)]
pub(super) fn arithmetic<T: Real, K: Runner<T>>(op: Pointwise, k: K) -> Result<K::Output, K> {
    // Constants are made inside of the formulas: one that is captured would be read from memory for each element.
    Ok(match op {
        Neg => k.one(X(0), |&x| -x),
        Scale(c) => k.one(X(0), |&x| x * T::from_f64(c)),
        Shift(c) => k.one(X(0), |&x| x + T::from_f64(c)),
        SubFrom(c) => k.one(X(0), |&x| T::from_f64(c) - x),
        DivBy(c) => k.one(X(0), |&x| x / T::from_f64(c)),
        DivInto(c) => k.one(X(0), |&x| T::from_f64(c) / x),
        Recip => k.one(X(0), |&x| T::one() / x),
        Square | Powi(2) => k.one(X(0), |&x| x * x),
        Powi(1) => k.one(X(0), |&x| x),
        Add => k.two([X(0), X(1)], |&a, &b| a + b),
        Sub => k.two([X(0), X(1)], |&a, &b| a - b),
        Mul => k.two([X(0), X(1)], |&a, &b| a * b),
        Chain => k.two([X(0), X(1)], |&a, &b| if (a == T::zero()) | (b == T::zero()) { T::zero() } else { a * b }),
        Div => k.two([X(0), X(1)], |&a, &b| a / b),
        Sqrt => k.one(X(0), |&x| Float::sqrt(x)),
        Relu => k.one(X(0), |&x| relu(x)),
        Abs => k.one(X(0), |&x| Float::abs(x)),
        AtLeast(c) => k.one(X(0), |&x| larger(x, T::from_f64(c))),
        AtMost(c) => k.one(X(0), |&x| smaller(x, T::from_f64(c))),
        Sign => k.one(X(0), |&x| if x == T::zero() { T::zero() } else { Float::signum(x) }),
        Step => k.one(X(0), |&x| flag(x >= T::zero())),
        Floor => k.one(X(0), |&x| Float::floor(x)),
        Detach => k.one(X(0), |&x| x),
        Maximum => k.two([X(0), X(1)], |&a, &b| larger(a, b)),
        Minimum => k.two([X(0), X(1)], |&a, &b| smaller(a, b)),
        Greater => k.two([X(0), X(1)], |&a, &b| flag(a > b)),
        Equal => k.two([X(0), X(1)], |&a, &b| flag(a == b)),
        Select => k.three([X(0), X(1), X(2)], |&mask, &yes, &no| if mask != T::zero() { yes } else { no }),
        _ => return Err(k),
    })
}

/// All the others.
#[inline(always)]
pub(super) fn function<T: Real, K: Runner<T>>(op: Pointwise, k: K) -> K::Output {
    match op {
        Cbrt => k.one(X(0), |&x| Float::cbrt(x)),
        Powi(n) => k.one(X(0), |&x| Float::powi(x, n)),
        Powf(c) => k.one(X(0), |&x| Float::powf(x, T::from_f64(c))),
        Exp => k.function(function::Exp),
        Expm1 => k.function(function::Expm1),
        Exp2 => k.one(X(0), |&x| Float::exp2(x)),
        Ln => k.function(function::Ln),
        Log2 => k.one(X(0), |&x| Float::log2(x)),
        Log10 => k.one(X(0), |&x| Float::log10(x)),
        Ln1p => k.function(function::Ln1p),
        Sin => k.function(function::Sin),
        Cos => k.function(function::Cos),
        Tan => k.one(X(0), |&x| Float::tan(x)),
        Asin => k.one(X(0), |&x| Float::asin(x)),
        Acos => k.one(X(0), |&x| Float::acos(x)),
        Atan => k.one(X(0), |&x| Float::atan(x)),
        Sinh => k.one(X(0), |&x| Float::sinh(x)),
        Cosh => k.one(X(0), |&x| Float::cosh(x)),
        Tanh => k.function(function::Tanh),
        Asinh => k.one(X(0), |&x| Float::asinh(x)),
        Acosh => k.one(X(0), |&x| Float::acosh(x)),
        Atanh => k.one(X(0), |&x| Float::atanh(x)),
        Sigmoid => k.function(function::Sigmoid),
        Softplus => k.function(function::Softplus),
        Erf => k.function(function::Erf),
        Rem => k.two([X(0), X(1)], |&a, &b| a % b),
        Pow => k.two([X(0), X(1)], |&a, &b| Float::powf(a, b)),
        Atan2 => k.two([X(0), X(1)], |&a, &b| Float::atan2(a, b)),
        Hypot => k.two([X(0), X(1)], |&a, &b| Float::hypot(a, b)),
        MulAdd => k.three([X(0), X(1), X(2)], |&a, &b, &c| Float::mul_add(a, b, c)),
        Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Add | Sub | Mul | Chain
        | Div | Sqrt | Relu | Abs | AtLeast(_) | AtMost(_) | Sign | Step | Floor | Detach | Maximum | Minimum
        | Greater | Equal | Select => {
            unreachable!("is arithmetic")
        }
    }
}

#[inline(always)]
fn flag<T: Real>(condition: bool) -> T {
    if condition { T::one() } else { T::zero() }
}
