//! The operators `+ - * / %` and negation for the types that implement `Value`.

/// Implements the operators for a type. Both operands may be values or references, and either may be an `f64`.
macro_rules! operators {
    ([$($generics:tt)*] $type:ty) => {
        $crate::algebra::operators!(@binary [$($generics)*] $type, Add, add, Add);
        $crate::algebra::operators!(@assign [$($generics)*] $type, $type, AddAssign, add_assign, add);
        $crate::algebra::operators!(@assign [$($generics)*] $type, &$type, AddAssign, add_assign, add);
        $crate::algebra::operators!(@binary [$($generics)*] $type, Sub, sub, Sub);
        $crate::algebra::operators!(@assign [$($generics)*] $type, $type, SubAssign, sub_assign, sub);
        $crate::algebra::operators!(@assign [$($generics)*] $type, &$type, SubAssign, sub_assign, sub);
        $crate::algebra::operators!(@binary [$($generics)*] $type, Mul, mul, Mul);
        $crate::algebra::operators!(@assign [$($generics)*] $type, $type, MulAssign, mul_assign, mul);
        $crate::algebra::operators!(@assign [$($generics)*] $type, &$type, MulAssign, mul_assign, mul);
        $crate::algebra::operators!(@binary [$($generics)*] $type, Div, div, Div);
        $crate::algebra::operators!(@assign [$($generics)*] $type, $type, DivAssign, div_assign, div);
        $crate::algebra::operators!(@assign [$($generics)*] $type, &$type, DivAssign, div_assign, div);
        $crate::algebra::operators!(@binary [$($generics)*] $type, Rem, rem, Rem);
        $crate::algebra::operators!(@assign [$($generics)*] $type, $type, RemAssign, rem_assign, rem);
        $crate::algebra::operators!(@assign [$($generics)*] $type, &$type, RemAssign, rem_assign, rem);
        $crate::algebra::operators!(@assign [$($generics)*] $type, f64, AddAssign, add_assign, add);
        $crate::algebra::operators!(@number [$($generics)*] $type, Add, add, |c| Shift(c), |c| Shift(c));
        $crate::algebra::operators!(@assign [$($generics)*] $type, f64, SubAssign, sub_assign, sub);
        $crate::algebra::operators!(@number [$($generics)*] $type, Sub, sub, |c| Shift(-c), |c| SubFrom(c));
        $crate::algebra::operators!(@assign [$($generics)*] $type, f64, MulAssign, mul_assign, mul);
        $crate::algebra::operators!(@number [$($generics)*] $type, Mul, mul, |c| Scale(c), |c| Scale(c));
        $crate::algebra::operators!(@assign [$($generics)*] $type, f64, DivAssign, div_assign, div);
        $crate::algebra::operators!(@number [$($generics)*] $type, Div, div, |c| DivBy(c), |c| DivInto(c));
        $crate::algebra::operators!(@neg [$($generics)*] $type);
        $crate::algebra::operators!(@neg [$($generics)*] &$type);
    };
    (@binary [$($generics:tt)*] $type:ty, $trait:ident, $method:ident, $op:ident) => {
        $crate::algebra::operators!(@pair [$($generics)*] $type, $type, $type, $trait, $method, $op, |a, b| (&a, &b));
        $crate::algebra::operators!(@pair [$($generics)*] $type, &$type, $type, $trait, $method, $op, |a, b| (&a, b));
        $crate::algebra::operators!(@pair [$($generics)*] &$type, $type, $type, $trait, $method, $op, |a, b| (a, &b));
        $crate::algebra::operators!(@pair [$($generics)*] &$type, &$type, $type, $trait, $method, $op, |a, b| (a, b));
    };
    (@pair [$($generics:tt)*] $left:ty, $right:ty, $type:ty, $trait:ident, $method:ident, $op:ident, |$a:ident, $b:ident| ($x:expr, $y:expr)) => {
        impl<$($generics)*> std::ops::$trait<$right> for $left {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, $b: $right) -> $type {
                let $a = self;
                $crate::algebra::binary($crate::algebra::Pointwise::$op, $x, $y)
            }
        }
    };
    (@number [$($generics:tt)*] $type:ty, $trait:ident, $method:ident, |$c:ident| $right:expr, |$d:ident| $left:expr) => {
        $crate::algebra::operators!(@with_number [$($generics)*] $type, $type, $trait, $method, |$c| $right, |$d| $left);
        $crate::algebra::operators!(@with_number [$($generics)*] &$type, $type, $trait, $method, |$c| $right, |$d| $left);
    };
    (@with_number [$($generics:tt)*] $operand:ty, $type:ty, $trait:ident, $method:ident, |$c:ident| $right:expr, |$d:ident| $left:expr) => {
        impl<$($generics)*> std::ops::$trait<f64> for $operand {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, $c: f64) -> $type {
                #[allow(unused_imports)]
                use $crate::algebra::{Pointwise::*, Value as _};
                <$type>::apply_pointwise($right, &[&self])
            }
        }

        impl<$($generics)*> std::ops::$trait<$operand> for f64 {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, x: $operand) -> $type {
                #[allow(unused_imports)]
                use $crate::algebra::{Pointwise::*, Value as _};
                let $d = self;
                <$type>::apply_pointwise($left, &[&x])
            }
        }
    };
    (@assign [$($generics:tt)*] $type:ty, $right:ty, $trait:ident, $method:ident, $operator:ident) => {
        impl<$($generics)*> std::ops::$trait<$right> for $type {
            #[inline(always)]
            #[track_caller]
            fn $method(&mut self, x: $right) {
                use std::ops::*;
                *self = (&*self).$operator(x);
            }
        }
    };
    (@neg [$($generics:tt)*] &$type:ty) => {
        impl<$($generics)*> std::ops::Neg for &$type {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $type {
                <$type as $crate::algebra::Value>::apply_pointwise($crate::algebra::Pointwise::Neg, &[self])
            }
        }
    };
    (@neg [$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> std::ops::Neg for $type {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $type {
                <$type as $crate::algebra::Value>::apply_pointwise($crate::algebra::Pointwise::Neg, &[&self])
            }
        }
    };
}

pub(crate) use operators;
