//! The values of the pointwise operations on `f32` and `f64`: one line each.

use crate::element::Element;
use crate::kernel::Kernel;
use crate::kernel::Part::X;
use crate::op::Pointwise::{self, *};
use num_traits::Float;

/// `f32` or `f64`.
pub(crate) trait Real: Element + Float {
    fn erf(self) -> Self;
    /// A constant of this type.
    fn of(c: f64) -> Self;
}

impl Real for f64 {
    #[inline(always)]
    fn erf(self) -> Self {
        libm::erf(self)
    }
    #[inline(always)]
    fn of(c: f64) -> Self {
        c
    }
}

impl Real for f32 {
    #[inline(always)]
    fn erf(self) -> Self {
        libm::erff(self)
    }
    #[inline(always)]
    fn of(c: f64) -> Self {
        c as f32
    }
}

#[inline(always)]
pub(crate) fn evaluate<T: Real, K: Kernel<T>>(op: Pointwise, k: K) -> K::Output {
    let (zero, one) = (T::zero(), T::one());
    match op {
        Neg => k.of([X(0)], |[&x]| -x),
        Scale(c) => k.of([X(0)], |[&x]| x * T::of(c)),
        Shift(c) => k.of([X(0)], |[&x]| x + T::of(c)),
        SubFrom(c) => k.of([X(0)], |[&x]| T::of(c) - x),
        DivBy(c) => k.of([X(0)], |[&x]| x / T::of(c)),
        DivInto(c) => k.of([X(0)], |[&x]| T::of(c) / x),
        Recip => k.of([X(0)], |[&x]| one / x),
        Square => k.of([X(0)], |[&x]| x * x),
        Sqrt => k.of([X(0)], |[&x]| Float::sqrt(x)),
        Cbrt => k.of([X(0)], |[&x]| Float::cbrt(x)),
        Powi(n) => k.of([X(0)], |[&x]| Float::powi(x, n)),
        Powf(c) => k.of([X(0)], |[&x]| Float::powf(x, T::of(c))),
        Exp => k.of([X(0)], |[&x]| Float::exp(x)),
        Expm1 => k.of([X(0)], |[&x]| Float::exp_m1(x)),
        Exp2 => k.of([X(0)], |[&x]| Float::exp2(x)),
        Ln => k.of([X(0)], |[&x]| Float::ln(x)),
        Log2 => k.of([X(0)], |[&x]| Float::log2(x)),
        Log10 => k.of([X(0)], |[&x]| Float::log10(x)),
        Ln1p => k.of([X(0)], |[&x]| Float::ln_1p(x)),
        Sin => k.of([X(0)], |[&x]| Float::sin(x)),
        Cos => k.of([X(0)], |[&x]| Float::cos(x)),
        Tan => k.of([X(0)], |[&x]| Float::tan(x)),
        Asin => k.of([X(0)], |[&x]| Float::asin(x)),
        Acos => k.of([X(0)], |[&x]| Float::acos(x)),
        Atan => k.of([X(0)], |[&x]| Float::atan(x)),
        Sinh => k.of([X(0)], |[&x]| Float::sinh(x)),
        Cosh => k.of([X(0)], |[&x]| Float::cosh(x)),
        Tanh => k.of([X(0)], |[&x]| Float::tanh(x)),
        Asinh => k.of([X(0)], |[&x]| Float::asinh(x)),
        Acosh => k.of([X(0)], |[&x]| Float::acosh(x)),
        Atanh => k.of([X(0)], |[&x]| Float::atanh(x)),
        Sigmoid => k.of([X(0)], |[&x]| {
            let small = Float::exp(-Float::abs(x)); // never overflows
            if x >= zero { one / (one + small) } else { small / (one + small) }
        }),
        Softplus => k.of([X(0)], |[&x]| relu(x) + Float::ln_1p(Float::exp(-Float::abs(x)))),
        Erf => k.of([X(0)], |[&x]| x.erf()),
        Relu => k.of([X(0)], |[&x]| relu(x)),
        Abs => k.of([X(0)], |[&x]| Float::abs(x)),
        AtLeast(c) => k.of([X(0)], |[&x]| larger(x, T::of(c))),
        AtMost(c) => k.of([X(0)], |[&x]| smaller(x, T::of(c))),
        Sign => k.of([X(0)], |[&x]| if x == zero { zero } else { Float::signum(x) }),
        Step => k.of([X(0)], |[&x]| flag(x >= zero)),
        Floor => k.of([X(0)], |[&x]| Float::floor(x)),
        Detach => k.of([X(0)], |[&x]| x),
        Add => k.of([X(0), X(1)], |[&a, &b]| a + b),
        Sub => k.of([X(0), X(1)], |[&a, &b]| a - b),
        Mul => k.of([X(0), X(1)], |[&a, &b]| a * b),
        Chain => k.of([X(0), X(1)], |[&a, &b]| if a == zero || b == zero { zero } else { a * b }),
        Div => k.of([X(0), X(1)], |[&a, &b]| a / b),
        Rem => k.of([X(0), X(1)], |[&a, &b]| a % b),
        Pow => k.of([X(0), X(1)], |[&a, &b]| Float::powf(a, b)),
        Atan2 => k.of([X(0), X(1)], |[&a, &b]| Float::atan2(a, b)),
        Hypot => k.of([X(0), X(1)], |[&a, &b]| Float::hypot(a, b)),
        Maximum => k.of([X(0), X(1)], |[&a, &b]| larger(a, b)),
        Minimum => k.of([X(0), X(1)], |[&a, &b]| smaller(a, b)),
        Greater => k.of([X(0), X(1)], |[&a, &b]| flag(a > b)),
        Equal => k.of([X(0), X(1)], |[&a, &b]| flag(a == b)),
        MulAdd => k.of([X(0), X(1), X(2)], |[&a, &b, &c]| Float::mul_add(a, b, c)),
        Select => k.of([X(0), X(1), X(2)], |[&mask, &yes, &no]| if mask != zero { yes } else { no }),
    }
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
