//! `f32` and `f64`, with each function in two forms.

use crate::array::function::vector_math::{double, single};
use crate::array::function::{error_function, gamma, sinc, trigonometric};
use crate::array::number::Number;
use num_traits::Float;

/// `f32` or `f64`. A function takes `in_loop`, which chooses between two forms: the standard library's for one number,
/// and one without branches that the compiler vectorises in a loop. Both are within 2 units in the last place.
pub(crate) trait Real: Number + Float {
    fn exp(self, in_loop: bool) -> Self;
    fn expm1(self, in_loop: bool) -> Self;
    fn ln(self, in_loop: bool) -> Self;
    fn ln1p(self, in_loop: bool) -> Self;
    fn tanh(self, in_loop: bool) -> Self;
    fn sigmoid(self, in_loop: bool) -> Self;
    fn softplus(self, in_loop: bool) -> Self;
    fn sin(self, in_loop: bool) -> Self;
    fn cos(self, in_loop: bool) -> Self;
    fn erf(self, in_loop: bool) -> Self;
    fn erfc(self, in_loop: bool) -> Self;
    fn sinh(self, in_loop: bool) -> Self;
    fn cosh(self, in_loop: bool) -> Self;
    /// The inverse hyperbolic functions are libm's: those of the standard library lose up to all digits near −1, near 1
    /// and at 10³⁰⁸.
    fn asinh(self) -> Self;
    fn acosh(self) -> Self;
    fn atanh(self) -> Self;
    /// ln |Γ(x)|.
    fn lgamma(self) -> Self;
    /// The derivative of order n + 1 of ln |Γ(x)|.
    fn polygamma(self, n: u32) -> Self;
    /// The derivative of order n of sin(πx)/(πx).
    fn sinc(self, n: u32) -> Self;
    /// The derivative of tanh.
    fn tanh_slope(self, in_loop: bool) -> Self;
    /// The derivative of `tanh_slope`.
    fn tanh_curvature(self, in_loop: bool) -> Self;
    /// The derivative of the logistic function.
    fn sigmoid_slope(self, in_loop: bool) -> Self;
    /// Whether the vectorised sine and cosine are accurate for this argument.
    fn is_reducible(self) -> bool;
}

macro_rules! real {
    ($type:ident, $vector:ident, $erf:path, $erfc:path, $erfc_in_loop:ident) => {
        impl Real for $type {
            #[inline(always)]
            fn exp(self, in_loop: bool) -> Self {
                if in_loop { $vector::exp(self) } else { Float::exp(self) }
            }
            #[inline(always)]
            fn expm1(self, in_loop: bool) -> Self {
                if in_loop { $vector::expm1(self) } else { Float::exp_m1(self) }
            }
            #[inline(always)]
            fn ln(self, in_loop: bool) -> Self {
                if in_loop { $vector::ln(self) } else { Float::ln(self) }
            }
            #[inline(always)]
            fn ln1p(self, in_loop: bool) -> Self {
                if in_loop { $vector::ln1p(self) } else { Float::ln_1p(self) }
            }
            #[inline(always)]
            fn tanh(self, in_loop: bool) -> Self {
                if in_loop { $vector::tanh(self) } else { Float::tanh(self) }
            }
            #[inline(always)]
            fn sigmoid(self, in_loop: bool) -> Self {
                if in_loop { $vector::sigmoid(self) } else { sigmoid(self) }
            }
            #[inline(always)]
            fn softplus(self, in_loop: bool) -> Self {
                if in_loop { $vector::softplus(self) } else { relu(self) + Float::ln_1p(Float::exp(-Float::abs(self))) }
            }
            #[inline(always)]
            fn sin(self, in_loop: bool) -> Self {
                if in_loop { trigonometric::$vector::sin(self) } else { Float::sin(self) }
            }
            #[inline(always)]
            fn cos(self, in_loop: bool) -> Self {
                if in_loop { trigonometric::$vector::cos(self) } else { Float::cos(self) }
            }
            #[inline(always)]
            fn erf(self, in_loop: bool) -> Self {
                if in_loop { error_function::$vector(self) } else { $erf(self) }
            }
            #[inline(always)]
            fn erfc(self, in_loop: bool) -> Self {
                if in_loop { error_function::$erfc_in_loop(self) } else { $erfc(self) }
            }
            #[inline(always)]
            fn sinh(self, in_loop: bool) -> Self {
                if in_loop { $vector::sinh(self) } else { Float::sinh(self) }
            }
            #[inline(always)]
            fn cosh(self, in_loop: bool) -> Self {
                if in_loop { $vector::cosh(self) } else { Float::cosh(self) }
            }
            fn asinh(self) -> Self {
                libm::asinh(f64::from(self)) as $type
            }
            fn acosh(self) -> Self {
                libm::acosh(f64::from(self)) as $type
            }
            fn atanh(self) -> Self {
                libm::atanh(f64::from(self)) as $type
            }
            fn lgamma(self) -> Self {
                libm::lgamma(f64::from(self)) as $type
            }
            fn polygamma(self, n: u32) -> Self {
                gamma::polygamma(n, f64::from(self)) as $type
            }
            fn sinc(self, n: u32) -> Self {
                sinc::sinc(n, f64::from(self)) as $type
            }
            #[inline(always)]
            fn tanh_slope(self, in_loop: bool) -> Self {
                if in_loop { $vector::tanh_slope(self) } else { 4.0 * sigmoid_slope(2.0 * self) }
            }
            #[inline(always)]
            fn tanh_curvature(self, in_loop: bool) -> Self {
                -2.0 * Real::tanh_slope(self, in_loop) * Real::tanh(self, in_loop)
            }
            #[inline(always)]
            fn sigmoid_slope(self, in_loop: bool) -> Self {
                if in_loop { $vector::sigmoid_slope(self) } else { sigmoid_slope(self) }
            }
            #[inline(always)]
            fn is_reducible(self) -> bool {
                Float::abs(self) <= trigonometric::LARGEST as $type
            }
        }
    };
}

real!(f32, single, libm::erff, libm::erfcf, complement_single);
real!(f64, double, libm::erf, libm::erfc, complement_double);

/// A function of many operations, in both forms. It is a type, because the compiler can be told to inline a method into a
/// vectorised loop, but not a closure.
pub(crate) trait Function<T> {
    /// For one number.
    fn scalar(x: T) -> T;

    /// For an element in a loop.
    fn lanes(x: T) -> T;

    /// Whether `lanes` is accurate for `x`. If not, the loop calls `scalar`.
    #[inline(always)]
    fn fits(_x: T) -> bool {
        true
    }
}

macro_rules! functions {
    ($($type:ident $method:ident $(if $fits:ident)?;)*) => {$(
        pub(crate) struct $type;

        impl<T: Real> Function<T> for $type {
            #[inline(always)]
            fn scalar(x: T) -> T {
                Real::$method(x, false)
            }

            #[inline(always)]
            fn lanes(x: T) -> T {
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
functions!(Erfc erfc; Sinh sinh; Cosh cosh;);

functions!(TanhSlope tanh_slope; TanhCurvature tanh_curvature; SigmoidSlope sigmoid_slope;);
functions!(Sin sin if is_reducible; Cos cos if is_reducible;);

#[inline(always)]
fn sigmoid<T: Real>(x: T) -> T {
    let small = Float::exp(-Float::abs(x)); // never overflows
    (if x >= T::zero() { T::one() } else { small }) / (T::one() + small)
}

/// As e/(1 + e)² with e = e^(−|x|).
#[inline(always)]
fn sigmoid_slope<T: Real>(x: T) -> T {
    let small = Float::exp(-Float::abs(x));
    let whole = T::one() + small;
    small / (whole * whole)
}

#[inline(always)]
pub(crate) fn relu<T: Real>(x: T) -> T {
    if x < T::zero() { T::zero() } else { x } // NaN stays NaN
}

/// The larger of two; NaN if either is, unlike `Float::max`, so that a fault is not hidden.
#[inline(always)]
pub(crate) fn larger<T: Real>(a: T, b: T) -> T {
    if a > b || Float::is_nan(a) { a } else { b }
}

#[inline(always)]
pub(crate) fn smaller<T: Real>(a: T, b: T) -> T {
    if a < b || Float::is_nan(a) { a } else { b }
}
