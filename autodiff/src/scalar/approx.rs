//! Equality up to rounding of differentiable numbers, by the traits of the crate `approx`.
//!
//! As `==` and `<`, it reads the values alone, so a program takes the same branches as on plain numbers; compare
//! derivatives apart. The tolerance is a number of the same type, as in num-dual, so that generic code can ask for
//! `AbsDiffEq<Epsilon = T>`. Its derivative is not read.

use super::one_number::{OneNumber, for_each_number};
use approx::{AbsDiffEq, RelativeEq, UlpsEq};

macro_rules! approx {
    ([$($generics:tt)*] $type:ty, $number:ty) => {
        /// Compares the values and ignores the derivatives.
        impl<$($generics)*> AbsDiffEq for $type where $number: AbsDiffEq<Epsilon = $number> {
            type Epsilon = Self;

            fn default_epsilon() -> Self {
                <Self as OneNumber>::constant(<$number>::default_epsilon())
            }

            fn abs_diff_eq(&self, other: &Self, epsilon: Self) -> bool {
                self.number().abs_diff_eq(&other.number(), epsilon.number())
            }
        }

        /// Compares the values and ignores the derivatives.
        impl<$($generics)*> RelativeEq for $type where $number: RelativeEq<Epsilon = $number> {
            fn default_max_relative() -> Self {
                <Self as OneNumber>::constant(<$number>::default_max_relative())
            }

            fn relative_eq(&self, other: &Self, epsilon: Self, max_relative: Self) -> bool {
                self.number().relative_eq(&other.number(), epsilon.number(), max_relative.number())
            }
        }

        /// Compares the values and ignores the derivatives.
        impl<$($generics)*> UlpsEq for $type where $number: UlpsEq<Epsilon = $number> {
            fn default_max_ulps() -> u32 {
                <$number>::default_max_ulps()
            }

            fn ulps_eq(&self, other: &Self, epsilon: Self, max_ulps: u32) -> bool {
                self.number().ulps_eq(&other.number(), epsilon.number(), max_ulps)
            }
        }
    };
}

for_each_number!(approx);
