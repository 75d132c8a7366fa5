//! `num_traits::Float` for differentiable numbers, so that scalar programs are differentiated unchanged.
//!
//! One macro implements it for [`Dual`](crate::Dual) (forward mode), [`Active`](crate::Active) (first derivatives) and
//! [`Scalar`](crate::Scalar) (recorded):
//!
//! - Smooth functions are the operations of the same name. Their values equal those of the plain program to the last
//!   bit.
//! - Comparisons (also `==`), tests such as `is_nan`, and conversions to plain numbers read the value alone, so a
//!   program takes the same branches as on plain numbers. A conversion to a plain number and back ends the dependence,
//!   as [`detach`](crate::Math::detach) does.
//! - Piecewise constant functions (`floor`, `ceil`, `round`, `trunc`, `signum`) return a constant. Nothing is recorded,
//!   and derivatives stay exact at every order.
//! - `max` and `min` return one of the operands. If one operand is NaN, they return the other one, as IEEE 754 demands;
//!   [`maximum`](crate::Math::maximum), which tensors use, returns NaN. At a tie each operand gets half of the
//!   derivative.
//! - `abs_sub` is max(x − y, 0), with derivative 0 at a tie.

use super::one_number::{OneNumber, for_each_number};
use crate::algebra::Math;
use num_traits::{Float, FloatConst, Num, One, Zero};
use std::num::FpCategory;

/// Implements `Float` and the traits that it requires, except conversions.
macro_rules! float {
    ([$($generics:tt)*] $type:ty, $number:ty) => {
        impl<$($generics)*> Zero for $type {
            fn zero() -> Self {
                <Self as OneNumber>::constant(<$number>::zero())
            }

            fn is_zero(&self) -> bool {
                self.number().is_zero()
            }
        }

        impl<$($generics)*> One for $type {
            fn one() -> Self {
                <Self as OneNumber>::constant(<$number>::one())
            }
        }

        impl<$($generics)*> Num for $type {
            type FromStrRadixErr = <$number as Num>::FromStrRadixErr;

            fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
                <$number>::from_str_radix(text, radix).map(<Self as OneNumber>::constant)
            }
        }

        impl<$($generics)*> FloatConst for $type where $number: FloatConst {
            float!(@constants $number, E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3);
            float!(@constants $number, FRAC_PI_4 FRAC_PI_6 FRAC_PI_8 LN_10 LN_2 LOG10_2 LOG10_E LOG2_10 LOG2_E);
            float!(@constants $number, PI SQRT_2 TAU);
        }

        impl<$($generics)*> Float for $type {
            float!(@methods $number);
        }
    };
    (@constants $number:ty, $($name:ident)*) => {$(
        fn $name() -> Self {
            <Self as OneNumber>::constant(<$number>::$name())
        }
    )*};
    (@methods $number:ty) => {
        float!(@limits $number, nan infinity neg_infinity neg_zero min_value min_positive_value epsilon max_value);
        float!(@tests bool, is_nan is_infinite is_finite is_normal is_subnormal is_sign_positive is_sign_negative);
        float!(@tests FpCategory, classify);
        float!(@tests (u64, i16, i8), integer_decode);
        float!(@jumps floor ceil round trunc signum);
        float!(@smooth abs => abs, recip => recip, sqrt => sqrt, cbrt => cbrt, exp => exp, exp2 => exp2, exp_m1 => expm1);
        float!(@smooth ln => ln, log2 => log2, log10 => log10, ln_1p => ln1p);
        float!(@smooth sin => sin, cos => cos, tan => tan, asin => asin, acos => acos, atan => atan);
        float!(@smooth sinh => sinh, cosh => cosh, tanh => tanh, asinh => asinh, acosh => acosh, atanh => atanh);
        float!(@smooth powf(n) => pow, hypot(y) => hypot, atan2(y) => atan2, mul_add(a, b) => mul_add);

        #[inline(always)]
        #[track_caller]
        fn powi(self, n: i32) -> Self {
            Math::powi(&self, n)
        }

        #[track_caller]
        fn log(self, base: Self) -> Self {
            Float::ln(self) / Float::ln(base)
        }

        #[track_caller]
        fn sin_cos(self) -> (Self, Self) {
            (Float::sin(self), Float::cos(self))
        }

        #[track_caller]
        fn fract(self) -> Self {
            self - Float::trunc(self)
        }

        #[track_caller]
        fn to_degrees(self) -> Self {
            self * <Self as OneNumber>::constant(Float::to_degrees(<$number>::one()))
        }

        #[track_caller]
        fn to_radians(self) -> Self {
            self * <Self as OneNumber>::constant(Float::to_radians(<$number>::one()))
        }

        #[track_caller]
        fn max(self, other: Self) -> Self {
            match (self.number(), other.number()) {
                (x, y) if x == y => self.maximum(&other),
                (x, y) => if x > y || y.is_nan() { self } else { other },
            }
        }

        #[track_caller]
        fn min(self, other: Self) -> Self {
            match (self.number(), other.number()) {
                (x, y) if x == y => self.minimum(&other),
                (x, y) => if x < y || y.is_nan() { self } else { other },
            }
        }

        #[track_caller]
        fn abs_sub(self, other: Self) -> Self {
            if self.number() <= other.number() { Self::zero() } else { self - other }
        }
    };
    (@limits $number:ty, $($name:ident)*) => {$(
        fn $name() -> Self {
            <Self as OneNumber>::constant(<$number as Float>::$name())
        }
    )*};
    (@tests $result:ty, $($name:ident)*) => {$(
        fn $name(self) -> $result {
            Float::$name(self.number())
        }
    )*};
    (@jumps $($name:ident)*) => {$(
        fn $name(self) -> Self {
            <Self as OneNumber>::constant(Float::$name(self.number()))
        }
    )*};
    (@smooth $($name:ident $(($($y:ident),*))? => $math:ident),*) => {$(
        #[inline(always)]
        #[track_caller]
        fn $name(self $($(, $y: Self)*)?) -> Self {
            Math::$math(&self $($(, &$y)*)?)
        }
    )*};
}

for_each_number!(float);
