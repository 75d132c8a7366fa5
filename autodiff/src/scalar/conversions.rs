//! Conversions between differentiable and plain numbers.
//!
//! A plain number becomes a constant. A differentiable number becomes its value, which ends the dependence, as
//! [`detach`](crate::Math::detach) does. Only a cast between dual numbers keeps the derivative.

use super::active::Active;
use super::one_number::{OneNumber, for_each_number};
use super::recorded::Scalar;
use crate::algebra::{Dual, Element, Reading, Tangent};
use num_traits::{AsPrimitive, Float, FromPrimitive, NumCast, ToPrimitive};

/// Implements the conversions of `num_traits` that may fail.
macro_rules! conversions {
    ([$($generics:tt)*] $type:ty, $number:ty) => {
        impl<$($generics)*> NumCast for $type {
            fn from<N: ToPrimitive>(n: N) -> Option<Self> {
                <$number as NumCast>::from(n).map(<Self as OneNumber>::constant)
            }
        }

        impl<$($generics)*> ToPrimitive for $type {
            conversions!(@to isize to_isize, i8 to_i8, i16 to_i16, i32 to_i32, i64 to_i64, i128 to_i128);
            conversions!(@to usize to_usize, u8 to_u8, u16 to_u16, u32 to_u32, u64 to_u64, u128 to_u128);
            conversions!(@to f32 to_f32, f64 to_f64);
        }

        impl<$($generics)*> FromPrimitive for $type where $number: FromPrimitive {
            conversions!(@from $number, isize from_isize, i8 from_i8, i16 from_i16, i32 from_i32, i64 from_i64);
            conversions!(@from $number, usize from_usize, u8 from_u8, u16 from_u16, u32 from_u32, u64 from_u64);
            conversions!(@from $number, i128 from_i128, u128 from_u128, f32 from_f32, f64 from_f64);
        }
    };
    (@to $($type:ident $method:ident),*) => {$(
        fn $method(&self) -> Option<$type> {
            ToPrimitive::$method(&self.number())
        }
    )*};
    (@from $number:ty, $($type:ident $method:ident),*) => {$(
        fn $method(n: $type) -> Option<Self> {
            <$number as FromPrimitive>::$method(n).map(<Self as OneNumber>::constant)
        }
    )*};
}

for_each_number!(conversions);

/// Implements `From` for the plain numbers that an `f64` holds exactly. `From<f64>` stands beside each type.
macro_rules! from_number {
    ($number:ty) => {
        from_number!(@for [T: Element, D: Tangent<T>] Dual<T, D>, $number);
        from_number!(@for [T: Element] Active<'_, T>, $number);
        from_number!(@for [V] Scalar<'_, V>, $number);
    };
    (@for [$($generics:tt)*] $type:ty, $number:ty) => {
        impl<$($generics)*> From<$number> for $type {
            #[inline(always)]
            fn from(c: $number) -> Self {
                (c as f64).into()
            }
        }
    };
}

from_number!(f32);
from_number!(i32);

/// Implements casts between dual numbers and primitive types. A cast asks for `Self: 'static`, so numbers that borrow a
/// tape have none.
macro_rules! casts {
    ($($primitive:ident)*) => {$(
        impl<T: Reading + Float + AsPrimitive<$primitive>, D: Tangent<T> + Copy + 'static> AsPrimitive<$primitive>
            for Dual<T, D>
        {
            #[inline(always)]
            fn as_(self) -> $primitive {
                self.x.as_()
            }
        }

        impl<T: Reading + Float + 'static, D: Tangent<T> + Copy + 'static> AsPrimitive<Dual<T, D>> for $primitive
        where
            $primitive: AsPrimitive<T>,
        {
            #[inline(always)]
            fn as_(self) -> Dual<T, D> {
                Dual::from_value(self.as_())
            }
        }
    )*};
}

casts!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

impl<T: Element + AsPrimitive<U>, U: Element> AsPrimitive<Dual<U, U>> for Dual<T, T> {
    #[inline(always)]
    fn as_(self) -> Dual<U> {
        Dual { x: self.x.as_(), dx: self.dx.as_() }
    }
}
