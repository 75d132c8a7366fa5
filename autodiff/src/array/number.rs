//! The numbers that arrays compute with.

use crate::array::machine::{Matrix, plain_gemm};
use std::fmt::{Debug, Display};
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number with arithmetic: `f32`, `f64`, or a [`Dual`](crate::Dual) number over them.
pub trait Number:
    Copy
    + PartialEq
    + PartialOrd
    + Debug
    + Display
    + Default
    + Send
    + Sync
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + 'static
{
    /// The distance from 1 to the next larger number.
    const EPSILON: f64;

    /// The smallest positive number with all digits.
    const MIN_POSITIVE: f64;

    /// The largest finite number.
    const MAX: f64;

    /// The number of this type nearest to `x`.
    fn from_f64(x: f64) -> Self;

    /// The `f64` nearest to this number, without its derivative.
    fn to_f64(self) -> f64;

    /// Whether the number or its derivative is NaN.
    fn has_nan(&self) -> bool;

    /// Whether the number and its derivative are 0.
    fn vanishes(&self) -> bool;

    /// The strong-zero product: 0 if either factor is 0, even if the other is infinite or NaN. See
    /// [`Math::mul_strong_zero`](crate::Math::mul_strong_zero).
    fn mul_strong_zero(self, other: Self) -> Self;

    /// Computes c = a·b, plus the addend if there is one, for row-major c; `a` is m×k and `b` is k×n, with nonnegative
    /// strides. The rows of the addend are contiguous.
    #[doc(hidden)]
    fn gemm(c: &mut [Self], a: Matrix<'_, Self>, b: Matrix<'_, Self>, addend: Option<Matrix<'_, Self>>) {
        plain_gemm(c, a, b, addend);
    }
}

macro_rules! number {
    ($($type:ident),*) => {$(
        impl Number for $type {
            const EPSILON: f64 = $type::EPSILON as f64;
            const MIN_POSITIVE: f64 = $type::MIN_POSITIVE as f64;
            const MAX: f64 = $type::MAX as f64;

            #[inline]
            fn from_f64(x: f64) -> Self {
                x as $type
            }

            #[inline]
            fn to_f64(self) -> f64 {
                self.into()
            }

            #[inline]
            fn has_nan(&self) -> bool {
                self.is_nan()
            }

            #[inline]
            fn vanishes(&self) -> bool {
                *self == 0.0
            }

            #[inline]
            fn mul_strong_zero(self, other: Self) -> Self {
                if (self == 0.0) | (other == 0.0) { 0.0 } else { self * other }
            }

            fn gemm(c: &mut [Self], a: Matrix<'_, Self>, b: Matrix<'_, Self>, addend: Option<Matrix<'_, Self>>) {
                crate::array::machine::fast_gemm(c, a, b, addend);
            }
        }
    )*};
}

number!(f32, f64);
