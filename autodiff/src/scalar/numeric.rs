//! The arithmetic traits of `num_traits` that [`Float`] does not require.
//!
//! `NumOps`, `NumRef`, `NumAssign`, `NumAssignRef` and `RefNum` follow from the operators, and `Real` from `Float`.
//!
//! - `Signed`, `Inv`, `MulAdd` and `Bounded` are the methods of `Float` under other names.
//! - `Pow` takes a number of the same type, an `f64` or an `i32`. It does not take an `f32`: with two types of literals,
//!   `x.pow(2.0).sin()` would be ambiguous.
//! - `div_euclid` is piecewise constant, so it returns a constant. `rem_euclid` has the derivatives 1 by x and
//!   −`div_euclid` by y, also where it jumps: those of the branch that holds the value.

use super::active::Active;
use super::one_number::{OneNumber, for_each_number};
use super::recorded::Scalar;
use crate::algebra::{Dual, Element, Math, Reading};
use num_traits::{Bounded, ConstOne, ConstZero, Euclid, Float, Inv, MulAdd, MulAddAssign, Pow, Signed, Zero};

macro_rules! numeric {
    ([$($generics:tt)*] $type:ty, $number:ty) => {
        impl<$($generics)*> Signed for $type {
            #[track_caller]
            fn abs(&self) -> Self {
                Math::abs(self)
            }

            #[track_caller]
            fn abs_sub(&self, other: &Self) -> Self {
                Float::abs_sub(*self, *other)
            }

            fn signum(&self) -> Self {
                Float::signum(*self)
            }

            fn is_positive(&self) -> bool {
                Float::is_sign_positive(*self)
            }

            fn is_negative(&self) -> bool {
                Float::is_sign_negative(*self)
            }
        }

        impl<$($generics)*> Bounded for $type {
            fn min_value() -> Self {
                <Self as Float>::min_value()
            }

            fn max_value() -> Self {
                <Self as Float>::max_value()
            }
        }

        impl<$($generics)*> Inv for $type {
            type Output = Self;

            #[track_caller]
            fn inv(self) -> Self {
                Math::recip(&self)
            }
        }

        numeric!(@pow [$($generics)*] $type, |x, n: $type| Math::pow(&x, &n));
        numeric!(@pow [$($generics)*] $type, |x, n: f64| Math::powf(&x, n));
        numeric!(@pow [$($generics)*] $type, |x, n: i32| Math::powi(&x, n));

        impl<$($generics)*> MulAdd for $type {
            type Output = Self;

            #[track_caller]
            fn mul_add(self, a: Self, b: Self) -> Self {
                Math::mul_add(&self, &a, &b)
            }
        }

        impl<$($generics)*> MulAddAssign for $type {
            #[track_caller]
            fn mul_add_assign(&mut self, a: Self, b: Self) {
                *self = Math::mul_add(self, &a, &b);
            }
        }

        impl<$($generics)*> Euclid for $type where $number: Euclid {
            fn div_euclid(&self, divisor: &Self) -> Self {
                <Self as OneNumber>::constant(self.number().div_euclid(&divisor.number()))
            }

            #[track_caller]
            fn rem_euclid(&self, divisor: &Self) -> Self {
                let remainder = *self % *divisor;
                if remainder.number() < <$number>::zero() { remainder + Math::abs(divisor) } else { remainder }
            }
        }
    };
    // Not for references to numbers: `x.pow(&y)` would be ambiguous beside `Math::pow`.
    (@pow [$($generics:tt)*] $type:ty, |$x:ident, $n:ident: $exponent:ty| $power:expr) => {
        impl<$($generics)*> Pow<$exponent> for $type {
            type Output = Self;

            #[track_caller]
            fn pow(self, $n: $exponent) -> Self {
                let $x = self;
                $power
            }
        }

        impl<$($generics)*> Pow<&$exponent> for $type {
            type Output = Self;

            #[track_caller]
            fn pow(self, exponent: &$exponent) -> Self {
                Pow::pow(self, *exponent)
            }
        }
    };
}

for_each_number!(numeric);

impl<T: Reading + Float + ConstZero> ConstZero for Dual<T, Option<T>> {
    const ZERO: Self = Self { x: T::ZERO, dx: None };
}

impl<T: Reading + Float + ConstOne> ConstOne for Dual<T, Option<T>> {
    const ONE: Self = Self { x: T::ONE, dx: None };
}

impl<T: Element + Float + ConstZero> ConstZero for Dual<T, T> {
    const ZERO: Self = Self { x: T::ZERO, dx: T::ZERO };
}

impl<T: Element + Float + ConstZero + ConstOne> ConstOne for Dual<T, T> {
    const ONE: Self = Self { x: T::ONE, dx: T::ZERO };
}

impl<T: Element + Float + ConstZero> ConstZero for Active<'_, T> {
    const ZERO: Self = Self::const_constant(T::ZERO, T::ZERO);
}

impl<T: Element + Float + ConstZero + ConstOne> ConstOne for Active<'_, T> {
    const ONE: Self = Self::const_constant(T::ONE, T::ZERO);
}

impl<V: Reading<Elem: Float>> ConstZero for Scalar<'_, V> {
    const ZERO: Self = Self::Constant(0.0);
}

impl<V: Reading<Elem: Float>> ConstOne for Scalar<'_, V> {
    const ONE: Self = Self::Constant(1.0);
}
