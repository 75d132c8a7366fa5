//! The values of the pointwise operations on `f32` and `f64`: one line each.

use crate::element::Element;
use crate::kernel::Part::X;
use crate::kernel::{Direct, Kernel};
use crate::op::Pointwise::{self, *};
use crate::tensor::vector_math::{double, single};
use crate::tensor::{error_function, trigonometric};
use num_traits::Float;

/// `f32` or `f64`. The functions with `many` come in two forms: the standard library's for one number, and one that the
/// compiler vectorises for a loop over many; both are within 2 units in the last place.
pub(crate) trait Real: Element + Float {
    /// A constant of this type.
    fn of(c: f64) -> Self;
    /// An operation on one number, or on two or three.
    fn evaluate(op: Pointwise, x: &[&Self]) -> Self;
    /// As [`evaluate`](Real::evaluate), for all that is not arithmetic: compiled once, not where it is called.
    fn call(op: Pointwise, x: &[&Self]) -> Self;
    fn exp(self, many: bool) -> Self;
    fn expm1(self, many: bool) -> Self;
    fn ln(self, many: bool) -> Self;
    fn ln1p(self, many: bool) -> Self;
    fn tanh(self, many: bool) -> Self;
    fn sigmoid(self, many: bool) -> Self;
    fn softplus(self, many: bool) -> Self;
    fn sin(self, many: bool) -> Self;
    fn cos(self, many: bool) -> Self;
    fn erf(self, many: bool) -> Self;
    /// Whether sine and cosine of many are right for it.
    fn is_reducible(self) -> bool;
}

macro_rules! real {
    ($type:ident, $vector:ident, $erf:path) => {
        impl Real for $type {
            #[inline(always)]
            fn of(c: f64) -> Self {
                c as $type
            }
            #[inline(always)]
            fn evaluate(op: Pointwise, x: &[&Self]) -> Self {
                arithmetic(op, Direct { x, y: None, g: None }).unwrap_or_else(|_| Self::call(op, x))
            }
            #[inline(never)]
            fn call(op: Pointwise, x: &[&Self]) -> Self {
                function(op, Direct { x, y: None, g: None })
            }
            #[inline(always)]
            fn exp(self, many: bool) -> Self {
                if many { $vector::exp(self) } else { Float::exp(self) }
            }
            #[inline(always)]
            fn expm1(self, many: bool) -> Self {
                if many { $vector::expm1(self) } else { Float::exp_m1(self) }
            }
            #[inline(always)]
            fn ln(self, many: bool) -> Self {
                if many { $vector::ln(self) } else { Float::ln(self) }
            }
            #[inline(always)]
            fn ln1p(self, many: bool) -> Self {
                if many { $vector::ln1p(self) } else { Float::ln_1p(self) }
            }
            #[inline(always)]
            fn tanh(self, many: bool) -> Self {
                if many { $vector::tanh(self) } else { Float::tanh(self) }
            }
            #[inline(always)]
            fn sigmoid(self, many: bool) -> Self {
                if many { $vector::sigmoid(self) } else { sigmoid(self) }
            }
            #[inline(always)]
            fn softplus(self, many: bool) -> Self {
                if many { $vector::softplus(self) } else { relu(self) + Float::ln_1p(Float::exp(-Float::abs(self))) }
            }
            #[inline(always)]
            fn sin(self, many: bool) -> Self {
                if many { trigonometric::$vector::sin(self) } else { Float::sin(self) }
            }
            #[inline(always)]
            fn cos(self, many: bool) -> Self {
                if many { trigonometric::$vector::cos(self) } else { Float::cos(self) }
            }
            #[inline(always)]
            fn erf(self, many: bool) -> Self {
                if many { error_function::$vector(self) } else { $erf(self) }
            }
            #[inline(always)]
            fn is_reducible(self) -> bool {
                Float::abs(self) <= trigonometric::LARGEST as $type
            }
        }
    };
}

real!(f32, single, libm::erff);
real!(f64, double, libm::erf);

/// The functions of many operations, as types.
mod functions {
    use super::Real;
    use crate::kernel::Function;

    macro_rules! functions {
        ($($type:ident $method:ident $(where $fits:ident)?;)*) => {$(
            pub(super) struct $type;

            impl<T: Real> Function<T> for $type {
                #[inline(always)]
                fn one(x: T) -> T {
                    Real::$method(x, false)
                }
                #[inline(always)]
                fn many(x: T) -> T {
                    Real::$method(x, true)
                }
                $(#[inline(always)]
                fn fits(x: T) -> bool {
                    Real::$fits(x)
                })?
            }
        )*};
    }

    functions!(Exp exp; Expm1 expm1; Ln ln; Ln1p ln1p; Tanh tanh; Sigmoid sigmoid; Softplus softplus; Erf erf;);
    functions!(Sin sin where is_reducible; Cos cos where is_reducible;);
}

/// An operation on arrays.
#[inline(always)]
pub(crate) fn evaluate<T: Real, K: Kernel<T>>(op: Pointwise, k: K) -> K::Output {
    arithmetic(op, k).unwrap_or_else(|k| function(op, k))
}

/// What takes less time than a call, so that it is worth its machine code wherever it is named; or `k` again.
#[inline(always)]
fn arithmetic<T: Real, K: Kernel<T>>(op: Pointwise, k: K) -> Result<K::Output, K> {
    // Constants are made inside of the formulas: one that is captured would be read from memory for each element.
    Ok(match op {
        Neg => k.one(X(0), |&x| -x),
        Scale(c) => k.one(X(0), |&x| x * T::of(c)),
        Shift(c) => k.one(X(0), |&x| x + T::of(c)),
        SubFrom(c) => k.one(X(0), |&x| T::of(c) - x),
        DivBy(c) => k.one(X(0), |&x| x / T::of(c)),
        DivInto(c) => k.one(X(0), |&x| T::of(c) / x),
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
        AtLeast(c) => k.one(X(0), |&x| larger(x, T::of(c))),
        AtMost(c) => k.one(X(0), |&x| smaller(x, T::of(c))),
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
fn function<T: Real, K: Kernel<T>>(op: Pointwise, k: K) -> K::Output {
    match op {
        Cbrt => k.one(X(0), |&x| Float::cbrt(x)),
        Powi(n) => k.one(X(0), |&x| Float::powi(x, n)),
        Powf(c) => k.one(X(0), |&x| Float::powf(x, T::of(c))),
        Exp => k.function(functions::Exp),
        Expm1 => k.function(functions::Expm1),
        Exp2 => k.one(X(0), |&x| Float::exp2(x)),
        Ln => k.function(functions::Ln),
        Log2 => k.one(X(0), |&x| Float::log2(x)),
        Log10 => k.one(X(0), |&x| Float::log10(x)),
        Ln1p => k.function(functions::Ln1p),
        Sin => k.function(functions::Sin),
        Cos => k.function(functions::Cos),
        Tan => k.one(X(0), |&x| Float::tan(x)),
        Asin => k.one(X(0), |&x| Float::asin(x)),
        Acos => k.one(X(0), |&x| Float::acos(x)),
        Atan => k.one(X(0), |&x| Float::atan(x)),
        Sinh => k.one(X(0), |&x| Float::sinh(x)),
        Cosh => k.one(X(0), |&x| Float::cosh(x)),
        Tanh => k.function(functions::Tanh),
        Asinh => k.one(X(0), |&x| Float::asinh(x)),
        Acosh => k.one(X(0), |&x| Float::acosh(x)),
        Atanh => k.one(X(0), |&x| Float::atanh(x)),
        Sigmoid => k.function(functions::Sigmoid),
        Softplus => k.function(functions::Softplus),
        Erf => k.function(functions::Erf),
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
fn sigmoid<T: Real>(x: T) -> T {
    let small = Float::exp(-Float::abs(x)); // never overflows
    (if x >= T::zero() { T::one() } else { small }) / (T::one() + small)
}

#[inline(always)]
fn relu<T: Real>(x: T) -> T {
    if x < T::zero() { T::zero() } else { x } // NaN stays NaN
}

/// The larger of two; NaN if either is, unlike `Float::max`, so that a fault is not hidden.
#[inline(always)]
fn larger<T: Real>(a: T, b: T) -> T {
    if a > b || Float::is_nan(a) { a } else { b }
}

#[inline(always)]
fn smaller<T: Real>(a: T, b: T) -> T {
    if a < b || Float::is_nan(a) { a } else { b }
}

#[inline(always)]
fn flag<T: Real>(condition: bool) -> T {
    if condition { T::one() } else { T::zero() }
}
