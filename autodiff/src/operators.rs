//! The operators `+ - * / %` and negation, for every type of value.

/// Implements the operators for a type: between its values, with and without references, and with plain numbers on
/// either side.
macro_rules! operators {
    ([$($generics:tt)*] $type:ty) => {
        $crate::operators::operators!(@binary [$($generics)*] $type, Add, add, Add);
        $crate::operators::operators!(@binary [$($generics)*] $type, Sub, sub, Sub);
        $crate::operators::operators!(@binary [$($generics)*] $type, Mul, mul, Mul);
        $crate::operators::operators!(@binary [$($generics)*] $type, Div, div, Div);
        $crate::operators::operators!(@binary [$($generics)*] $type, Rem, rem, Rem);
        $crate::operators::operators!(@number [$($generics)*] $type, Add, add, |x, c| x.shift(c), |c, x| x.shift(c));
        $crate::operators::operators!(@number [$($generics)*] $type, Sub, sub, |x, c| x.shift(-c), |c, x| x.sub_from(c));
        $crate::operators::operators!(@number [$($generics)*] $type, Mul, mul, |x, c| x.scale(c), |c, x| x.scale(c));
        $crate::operators::operators!(@number [$($generics)*] $type, Div, div, |x, c| x.div_by(c), |c, x| x.div_into(c));
        $crate::operators::operators!(@neg [$($generics)*] $type);
        $crate::operators::operators!(@neg [$($generics)*] &$type);
    };
    (@binary [$($generics:tt)*] $type:ty, $trait:ident, $method:ident, $op:ident) => {
        $crate::operators::operators!(@pair [$($generics)*] $type, $type, $type, $trait, $method, $op, |a, b| (&a, &b));
        $crate::operators::operators!(@pair [$($generics)*] $type, &$type, $type, $trait, $method, $op, |a, b| (&a, b));
        $crate::operators::operators!(@pair [$($generics)*] &$type, $type, $type, $trait, $method, $op, |a, b| (a, &b));
        $crate::operators::operators!(@pair [$($generics)*] &$type, &$type, $type, $trait, $method, $op, |a, b| (a, b));
    };
    (@pair [$($generics:tt)*] $left:ty, $right:ty, $type:ty, $trait:ident, $method:ident, $op:ident, |$a:ident, $b:ident| ($x:expr, $y:expr)) => {
        impl<$($generics)*> std::ops::$trait<$right> for $left {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, $b: $right) -> $type {
                let $a = self;
                $crate::value::binary($crate::op::Pointwise::$op, $x, $y)
            }
        }
    };
    (@number [$($generics:tt)*] $type:ty, $trait:ident, $method:ident, |$x:ident, $c:ident| $right:expr, |$d:ident, $y:ident| $left:expr) => {
        $crate::operators::operators!(@with_number [$($generics)*] $type, $type, $trait, $method, |$x, $c| $right, |$d, $y| $left);
        $crate::operators::operators!(@with_number [$($generics)*] &$type, $type, $trait, $method, |$x, $c| $right, |$d, $y| $left);
    };
    (@with_number [$($generics:tt)*] $operand:ty, $type:ty, $trait:ident, $method:ident, |$x:ident, $c:ident| $right:expr, |$d:ident, $y:ident| $left:expr) => {
        impl<$($generics)*> std::ops::$trait<f64> for $operand {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, $c: f64) -> $type {
                use $crate::math::Math;
                let $x = &self;
                $right
            }
        }

        impl<$($generics)*> std::ops::$trait<$operand> for f64 {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, $y: $operand) -> $type {
                use $crate::math::Math;
                let $d = self;
                $left
            }
        }
    };
    (@neg [$($generics:tt)*] &$type:ty) => {
        impl<$($generics)*> std::ops::Neg for &$type {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $type {
                $crate::math::Math::neg(self)
            }
        }
    };
    (@neg [$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> std::ops::Neg for $type {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $type {
                $crate::math::Math::neg(&self)
            }
        }
    };
}

pub(crate) use operators;
