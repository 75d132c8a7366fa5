//! Differentiable numbers as wrappers of a plain one.

use super::active::Active;
use super::recorded::Scalar;
use crate::algebra::{Dual, Element, Reading, Tangent};
use crate::array::Number;
use num_traits::Float;

/// A value that represents one number.
pub(super) trait OneNumber: Reading + Copy {
    /// The plain number, which decides branches.
    type Number: Float;

    fn number(self) -> Self::Number;

    fn constant(c: Self::Number) -> Self;
}

impl<T: Reading + Float, D: Tangent<T> + Copy> OneNumber for Dual<T, D> {
    type Number = T;

    #[inline(always)]
    fn number(self) -> T {
        self.x
    }

    #[inline(always)]
    fn constant(c: T) -> Self {
        Self::from_value(c)
    }
}

impl<V: Reading<Elem: Float>> OneNumber for Scalar<'_, V> {
    type Number = V::Elem;

    #[inline(always)]
    fn number(self) -> V::Elem {
        self.value()
    }

    #[inline(always)]
    fn constant(c: V::Elem) -> Self {
        Self::Constant(Number::to_f64(c))
    }
}

impl<T: Element + Float> OneNumber for Active<'_, T> {
    type Number = T;

    #[inline(always)]
    fn number(self) -> T {
        self.value()
    }

    #[inline(always)]
    fn constant(c: T) -> Self {
        Self::constant(c)
    }
}

/// Calls a macro for each type that represents one number: its parameters, the type, and the type of the plain number.
macro_rules! for_each_number {
    ($implement:ident) => {
        $implement!([T: crate::algebra::Reading + num_traits::Float, D: crate::algebra::Tangent<T> + Copy]
            crate::algebra::Dual<T, D>, T);
        $implement!(['t, V: crate::algebra::Reading<Elem: num_traits::Float>] crate::scalar::Scalar<'t, V>, V::Elem);
        $implement!(['t, T: crate::algebra::Element + num_traits::Float] crate::scalar::Active<'t, T>, T);
    };
}

pub(super) use for_each_number;
