//! Dual numbers as elements of the matrices of the crate `nalgebra`, by the traits of `simba`.
//!
//! A dual number is a real number: each method does the same as on plain numbers and carries the tangent along. Only the
//! value decides a branch.

use crate::algebra::{Dual, Element, Tangent};
use crate::array::Number;
use approx::{RelativeEq, UlpsEq};
use num_traits::{Float, FloatConst, FromPrimitive, One, Zero};
use simba::scalar::{ComplexField, Field, RealField, SubsetOf};
use simba::simd::SimdValue;

/// A dual number is a single lane.
impl<T: Element, D: Tangent<T> + Copy> SimdValue for Dual<T, D> {
    const LANES: usize = 1;
    type Element = Self;
    type SimdBool = bool;

    #[inline(always)]
    fn splat(lane: Self) -> Self {
        lane
    }

    #[inline(always)]
    fn extract(&self, _: usize) -> Self {
        *self
    }

    #[expect(unsafe_code, reason = "the trait declares the method unsafe; the body is safe")]
    #[inline(always)]
    unsafe fn extract_unchecked(&self, _: usize) -> Self {
        *self
    }

    #[inline(always)]
    fn replace(&mut self, _: usize, lane: Self) {
        *self = lane;
    }

    #[expect(unsafe_code, reason = "the trait declares the method unsafe; the body is safe")]
    #[inline(always)]
    unsafe fn replace_unchecked(&mut self, _: usize, lane: Self) {
        *self = lane;
    }

    #[inline(always)]
    fn select(self, condition: bool, other: Self) -> Self {
        if condition { self } else { other }
    }
}

impl<T: Element + Float, D: Tangent<T> + Copy> Field for Dual<T, D> {}

impl<T: Element, D: Tangent<T> + Copy> SubsetOf<Self> for Dual<T, D> {
    #[inline(always)]
    fn to_superset(&self) -> Self {
        *self
    }

    #[inline(always)]
    fn from_superset_unchecked(number: &Self) -> Self {
        *number
    }

    #[inline(always)]
    fn is_in_subset(_: &Self) -> bool {
        true
    }
}

/// Plain numbers are constants among the dual numbers; the way back drops the derivative.
macro_rules! subset {
    ($($number:ident),*) => {$(
        impl<T: Element, D: Tangent<T> + Copy> SubsetOf<Dual<T, D>> for $number {
            #[inline(always)]
            fn to_superset(&self) -> Dual<T, D> {
                (*self).into()
            }

            #[inline(always)]
            fn from_superset_unchecked(number: &Dual<T, D>) -> Self {
                Number::to_f64(number.x) as $number
            }

            #[inline(always)]
            fn is_in_subset(_: &Dual<T, D>) -> bool {
                true
            }
        }
    )*};
}

subset!(f32, f64);

/// Methods that are those of `Float`.
macro_rules! float {
    ($($name:ident $(($($y:ident),*))?),*) => {$(
        #[inline(always)]
        #[track_caller]
        fn $name(self $($(, $y: Self)*)?) -> Self {
            Float::$name(self $($(, $y)*)?)
        }
    )*};
}

/// Constants that are those of `FloatConst`.
macro_rules! constants {
    ($($name:ident $constant:ident),*) => {$(
        #[inline(always)]
        fn $name() -> Self {
            Self::from_value(T::$constant())
        }
    )*};
}

impl<T> ComplexField for Dual<T, T>
where
    T: Element + Float + FloatConst + FromPrimitive + RelativeEq<Epsilon = T> + UlpsEq<Epsilon = T>,
{
    type RealField = Self;

    float!(floor, ceil, round, trunc, fract, abs, signum, recip, sqrt, cbrt, hypot(other), mul_add(a, b));
    float!(exp, exp2, exp_m1, ln, log2, log10, ln_1p, log(base), powf(n));
    float!(sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh);

    #[inline(always)]
    fn from_real(re: Self) -> Self {
        re
    }

    #[inline(always)]
    fn real(self) -> Self {
        self
    }

    #[inline(always)]
    fn imaginary(self) -> Self {
        Self::zero()
    }

    #[inline(always)]
    fn conjugate(self) -> Self {
        self
    }

    #[inline(always)]
    fn modulus(self) -> Self {
        Float::abs(self)
    }

    #[inline(always)]
    fn modulus_squared(self) -> Self {
        self * self
    }

    #[inline(always)]
    fn norm1(self) -> Self {
        Float::abs(self)
    }

    fn argument(self) -> Self {
        if self.x >= T::zero() { Self::zero() } else { Self::pi() }
    }

    fn to_exp(self) -> (Self, Self) {
        if self.x >= T::zero() { (self, Self::one()) } else { (-self, -Self::one()) }
    }

    #[inline(always)]
    fn scale(self, factor: Self) -> Self {
        self * factor
    }

    #[inline(always)]
    fn unscale(self, factor: Self) -> Self {
        self / factor
    }

    #[inline(always)]
    fn sin_cos(self) -> (Self, Self) {
        Float::sin_cos(self)
    }

    #[inline(always)]
    fn powi(self, n: i32) -> Self {
        Float::powi(self, n)
    }

    #[inline(always)]
    fn powc(self, n: Self) -> Self {
        Float::powf(self, n)
    }

    #[inline(always)]
    fn is_finite(&self) -> bool {
        Float::is_finite(*self)
    }

    fn try_sqrt(self) -> Option<Self> {
        (self.x >= T::zero()).then(|| Float::sqrt(self))
    }
}

impl<T> RealField for Dual<T, T>
where
    T: Element + Float + FloatConst + FromPrimitive + RelativeEq<Epsilon = T> + UlpsEq<Epsilon = T>,
{
    float!(copysign(sign), max(other), min(other), atan2(x), clamp(min, max));
    constants!(pi PI, two_pi TAU, frac_pi_2 FRAC_PI_2, frac_pi_3 FRAC_PI_3, frac_pi_4 FRAC_PI_4, frac_pi_6 FRAC_PI_6);
    constants!(frac_pi_8 FRAC_PI_8, frac_1_pi FRAC_1_PI, frac_2_pi FRAC_2_PI, frac_2_sqrt_pi FRAC_2_SQRT_PI);
    constants!(e E, log2_e LOG2_E, log10_e LOG10_E, ln_2 LN_2, ln_10 LN_10);

    #[inline(always)]
    fn is_sign_positive(&self) -> bool {
        Float::is_sign_positive(*self)
    }

    #[inline(always)]
    fn is_sign_negative(&self) -> bool {
        Float::is_sign_negative(*self)
    }

    fn min_value() -> Option<Self> {
        Some(Float::min_value())
    }

    fn max_value() -> Option<Self> {
        Some(Float::max_value())
    }
}
