//! The values of the pointwise operations on `f32` and `f64`: one line each.
//!
//! They stand in two tables, so that only arithmetic and the most frequent functions are inlined where an operation on
//! numbers is named, and the other functions are called. In one table, a recorded Rosenbrock function takes 9 % more
//! instructions.

use crate::algebra::Pointwise;
use crate::algebra::Pointwise::*;
use crate::algebra::whole;
use crate::array::Part::X;
use crate::array::{Real, Runner, function, larger, relu, smaller};
use num_traits::Float;

/// Runs an operation.
#[inline(always)]
pub(super) fn evaluate<T: Real, K: Runner<T>>(op: Pointwise, k: K) -> K::Output {
    // Not `unwrap_or_else`: a closure would borrow the operation, which must stay in registers (see `Pointwise`).
    match frequent(op, k) {
        Ok(y) => y,
        Err(k) => other(op, k),
    }
}

/// The operations of a few instructions, and the most frequent functions. Returns `k` for any other.
#[inline(always)]
pub(super) fn frequent<T: Real, K: Runner<T>>(op: Pointwise, k: K) -> Result<K::Output, K> {
    // A formula holds its constant by value (`move`): a borrowed one would be read from memory for each element.
    Ok(match op {
        Neg => k.unary(X(0), |&x| -x),
        Scale(c) => k.unary(X(0), move |&x| x * T::from_f64(c)),
        Shift(c) => k.unary(X(0), move |&x| x + T::from_f64(c)),
        SubFrom(c) => k.unary(X(0), move |&x| T::from_f64(c) - x),
        DivBy(c) => k.unary(X(0), move |&x| x / T::from_f64(c)),
        DivInto(c) => k.unary(X(0), move |&x| T::from_f64(c) / x),
        Recip => k.unary(X(0), |&x| T::one() / x),
        Square | Powi(2.0) => k.unary(X(0), |&x| x * x),
        Powi(1.0) => k.unary(X(0), |&x| x),
        Powi(3.0) => k.unary(X(0), |&x| x * (x * x)),
        Powi(4.0) => k.unary(X(0), |&x| (x * x) * (x * x)),
        Add => k.binary([X(0), X(1)], |&a, &b| a + b),
        Sub => k.binary([X(0), X(1)], |&a, &b| a - b),
        Mul => k.binary([X(0), X(1)], |&a, &b| a * b),
        MulStrongZero => {
            k.binary([X(0), X(1)], |&a, &b| if (a == T::zero()) | (b == T::zero()) { T::zero() } else { a * b })
        }
        Div => k.binary([X(0), X(1)], |&a, &b| a / b),
        Sqrt => k.unary(X(0), |&x| Float::sqrt(x)),
        Exp => k.function(function::Exp),
        Ln => k.function(function::Ln),
        Sin => k.function(function::Sin),
        Cos => k.function(function::Cos),
        Cosh => k.function(function::Cosh),
        Tanh => k.function(function::Tanh),
        Relu => k.unary(X(0), |&x| relu(x)),
        Abs => k.unary(X(0), |&x| Float::abs(x)),
        ClampMin(c) => k.unary(X(0), move |&x| larger(x, T::from_f64(c))),
        ClampMax(c) => k.unary(X(0), move |&x| smaller(x, T::from_f64(c))),
        Sign => k.unary(X(0), |&x| if x == T::zero() { T::zero() } else { Float::signum(x) }),
        Step => k.unary(X(0), |&x| flag(x >= T::zero())),
        Floor => k.unary(X(0), |&x| Float::floor(x)),
        Detach => k.unary(X(0), |&x| x),
        Maximum => k.binary([X(0), X(1)], |&a, &b| larger(a, b)),
        Minimum => k.binary([X(0), X(1)], |&a, &b| smaller(a, b)),
        Greater => k.binary([X(0), X(1)], |&a, &b| flag(a > b)),
        Equal => k.binary([X(0), X(1)], |&a, &b| flag(a == b)),
        MulAdd => k.ternary([X(0), X(1), X(2)], |&a, &b, &c| Float::mul_add(a, b, c)),
        Select => k.ternary([X(0), X(1), X(2)], |&mask, &yes, &no| if mask != T::zero() { yes } else { no }),
        Cbrt | Powi(_) | Powf(_) | Expm1 | Exp2 | Log2 | Log10 | Ln1p | Tan | Asin | Acos | Atan | Sinh
        | SechSquared | Asinh | Acosh | Atanh | Sigmoid | Softplus | Erf | Erfc | Lgamma | Polygamma(_) | Sinc(_)
        | Rem | Pow | Atan2 | Hypot => return Err(k),
    })
}

/// The other operations.
#[inline(always)]
pub(super) fn other<T: Real, K: Runner<T>>(op: Pointwise, k: K) -> K::Output {
    match op {
        Cbrt => k.unary(X(0), |&x| Float::cbrt(x)),
        Powi(n) => {
            let n = whole("powi", n);
            k.unary(X(0), move |&x| Float::powi(x, n))
        }
        Powf(c) => k.unary(X(0), move |&x| Float::powf(x, T::from_f64(c))),
        Expm1 => k.function(function::Expm1),
        Exp2 => k.unary(X(0), |&x| Float::exp2(x)),
        Log2 => k.unary(X(0), |&x| Float::log2(x)),
        Log10 => k.unary(X(0), |&x| Float::log10(x)),
        Ln1p => k.function(function::Ln1p),
        Tan => k.unary(X(0), |&x| Float::tan(x)),
        Asin => k.unary(X(0), |&x| Float::asin(x)),
        Acos => k.unary(X(0), |&x| Float::acos(x)),
        Atan => k.unary(X(0), |&x| Float::atan(x)),
        Sinh => k.function(function::Sinh),
        SechSquared => k.function(function::TanhSlope),
        Asinh => k.unary(X(0), |&x| Real::asinh(x)),
        Acosh => k.unary(X(0), |&x| Real::acosh(x)),
        Atanh => k.unary(X(0), |&x| Real::atanh(x)),
        Sigmoid => k.function(function::Sigmoid),
        Softplus => k.function(function::Softplus),
        Erf => k.function(function::Erf),
        Erfc => k.function(function::Erfc),
        Lgamma => k.unary(X(0), |&x| Real::lgamma(x)),
        Polygamma(n) => {
            let n = whole("polygamma", n);
            k.unary(X(0), move |&x| Real::polygamma(x, n))
        }
        Sinc(n) => {
            let n = whole("sinc", n);
            k.unary(X(0), move |&x| Real::sinc(x, n))
        }
        Rem => k.binary([X(0), X(1)], |&a, &b| a % b),
        Pow => k.binary([X(0), X(1)], |&a, &b| Float::powf(a, b)),
        Atan2 => k.binary([X(0), X(1)], |&a, &b| Float::atan2(a, b)),
        Hypot => k.binary([X(0), X(1)], |&a, &b| Float::hypot(a, b)),
        Neg | Scale(_) | Shift(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Add | Sub | Mul
        | MulStrongZero | Div | Sqrt | Exp | Ln | Sin | Cos | Cosh | Tanh | Relu | Abs | ClampMin(_) | ClampMax(_)
        | Sign | Step | Floor | Detach | Maximum | Minimum | Greater | Equal | MulAdd | Select => {
            unreachable!("the value is in the other table")
        }
    }
}

#[inline(always)]
fn flag<T: Real>(condition: bool) -> T {
    if condition { T::one() } else { T::zero() }
}
