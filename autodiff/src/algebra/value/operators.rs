//! The operators `+ - * / %`, negation and comparisons for the types that implement `Reading`, here and in other crates.

use super::traits::Reading;
use crate::array::Number;

/// Defines functions of a value and a number, in the order of the list, by unary operations with the number as parameter.
macro_rules! by_parameter {
    (|$x:ident| $($method:ident($($argument:ident: $type:ty),*) => $op:expr;)*) => {$(
        #[inline(always)]
        #[track_caller]
        pub fn $method<V: Reading>($($argument: $type),*) -> V {
            V::apply_pointwise($op, &[$x])
        }
    )*};
}

/// Implements the operators `+ - * / %`, their assignments and negation for a type of your own that implements
/// [`Reading`](crate::Reading). It is then a [`Value`](crate::Value).
///
/// Generic parameters stand in brackets before the type, as in `operators!([T: Element] Array<T>)`; without any, the brackets
/// are empty. Operands are broadcast to a common shape. Both may be values or references, and either may be a plain number:
/// an `f64`, or an `i32` so that `2 * x` compiles. An `f32` may not: with two types of literals, `(x * 2.0).sum()` would be
/// ambiguous. The page [`own_arrays`](mod@crate::own_arrays) has an example.
#[macro_export]
macro_rules! operators {
    ([$($generics:tt)*] $type:ty) => {
        $crate::operators!(@operator [$($generics)*] $type, Add, add, AddAssign, add_assign);
        $crate::operators!(@operator [$($generics)*] $type, Sub, sub, SubAssign, sub_assign);
        $crate::operators!(@operator [$($generics)*] $type, Mul, mul, MulAssign, mul_assign);
        $crate::operators!(@operator [$($generics)*] $type, Div, div, DivAssign, div_assign);
        $crate::operators!(@operator [$($generics)*] $type, Rem, rem, RemAssign, rem_assign);
        $crate::operators!(@neg [$($generics)*] $type, $type, |x| &x);
        $crate::operators!(@neg [$($generics)*] &$type, $type, |x| x);

        impl<$($generics)*> $crate::Operand<$type> for $type {
            #[inline(always)]
            fn cast(&self, _like: &$type) -> std::borrow::Cow<'_, $type> {
                std::borrow::Cow::Borrowed(self)
            }
        }
    };
    (@operator [$($generics:tt)*] $type:ty, $op:ident, $method:ident, $assign:ident, $assign_method:ident) => {
        $crate::operators!(@pair [$($generics)*] $type, $type, $type, $op, $method, |a, b| (&a, &b));
        $crate::operators!(@pair [$($generics)*] $type, &$type, $type, $op, $method, |a, b| (&a, b));
        $crate::operators!(@pair [$($generics)*] &$type, $type, $type, $op, $method, |a, b| (a, &b));
        $crate::operators!(@pair [$($generics)*] &$type, &$type, $type, $op, $method, |a, b| (a, b));
        $crate::operators!(@number [$($generics)*] $type, $type, f64, $op, $method);
        $crate::operators!(@number [$($generics)*] &$type, $type, f64, $op, $method);
        $crate::operators!(@number [$($generics)*] $type, $type, i32, $op, $method);
        $crate::operators!(@number [$($generics)*] &$type, $type, i32, $op, $method);
        $crate::operators!(@assign [$($generics)*] $type, $type, $assign, $assign_method, $op, $method);
        $crate::operators!(@assign [$($generics)*] $type, &$type, $assign, $assign_method, $op, $method);
        $crate::operators!(@assign [$($generics)*] $type, f64, $assign, $assign_method, $op, $method);
        $crate::operators!(@assign [$($generics)*] $type, i32, $assign, $assign_method, $op, $method);
    };
    (@pair [$($generics:tt)*] $left:ty, $right:ty, $type:ty, $op:ident, $method:ident, |$a:ident, $b:ident| ($x:expr, $y:expr)) => {
        impl<$($generics)*> std::ops::$op<$right> for $left {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, $b: $right) -> $type {
                let $a = self;
                $crate::__operators::binary($crate::Pointwise::$op, $x, $y)
            }
        }
    };
    (@number [$($generics:tt)*] $operand:ty, $type:ty, $number:ty, $op:ident, $method:ident) => {
        impl<$($generics)*> std::ops::$op<$number> for $operand {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, c: $number) -> $type {
                $crate::__operators::with_number::$method::<$type>(&self, c.into())
            }
        }

        impl<$($generics)*> std::ops::$op<$operand> for $number {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn $method(self, x: $operand) -> $type {
                $crate::__operators::number_with::$method::<$type>(self.into(), &x)
            }
        }
    };
    (@assign [$($generics:tt)*] $type:ty, $right:ty, $trait:ident, $method:ident, $op:ident, $operator:ident) => {
        impl<$($generics)*> std::ops::$trait<$right> for $type {
            #[inline(always)]
            #[track_caller]
            fn $method(&mut self, x: $right) {
                *self = std::ops::$op::$operator(&*self, x);
            }
        }
    };
    (@neg [$($generics:tt)*] $operand:ty, $type:ty, |$x:ident| $reference:expr) => {
        impl<$($generics)*> std::ops::Neg for $operand {
            type Output = $type;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $type {
                let $x = self;
                <$type as $crate::Reading>::apply_pointwise($crate::Pointwise::Neg, &[$reference])
            }
        }
    };
}

/// Implements the operators between a type and plain tensors, which become constants: `x - &tensor`, `tensor * x`.
macro_rules! tensor_operators {
    ([$($generics:tt)*] $type:ty, $tensor:ty) => {
        $crate::algebra::tensor_operators!(@operator [$($generics)*] $type, $tensor, Add, add);
        $crate::algebra::tensor_operators!(@operator [$($generics)*] $type, $tensor, Sub, sub);
        $crate::algebra::tensor_operators!(@operator [$($generics)*] $type, $tensor, Mul, mul);
        $crate::algebra::tensor_operators!(@operator [$($generics)*] $type, $tensor, Div, div);
        $crate::algebra::tensor_operators!(@operator [$($generics)*] $type, $tensor, Rem, rem);
        $crate::algebra::tensor_operators!(@operand [$($generics)*] $type, $tensor);
        $crate::algebra::tensor_operators!(@operand [$($generics)*] $type, &$tensor);
        $crate::algebra::tensor_operators!(@operand [$($generics)*] $type, &&$tensor);
    };
    (@operand [$($generics:tt)*] $type:ty, $tensor:ty) => {
        impl<$($generics)*> $crate::Operand<$type> for $tensor {
            #[track_caller]
            fn cast(&self, like: &$type) -> std::borrow::Cow<'_, $type> {
                std::borrow::Cow::Owned(like.lift(self))
            }
        }
    };
    (@operator [$($generics:tt)*] $type:ty, $tensor:ty, $op:ident, $method:ident) => {
        $crate::algebra::tensor_operators!(@pair [$($generics)*] $type, $type, $tensor, $op, $method);
        $crate::algebra::tensor_operators!(@pair [$($generics)*] $type, $type, &$tensor, $op, $method);
        $crate::algebra::tensor_operators!(@pair [$($generics)*] $type, &$type, $tensor, $op, $method);
        $crate::algebra::tensor_operators!(@pair [$($generics)*] $type, &$type, &$tensor, $op, $method);
    };
    (@pair [$($generics:tt)*] $type:ty, $value:ty, $tensor:ty, $op:ident, $method:ident) => {
        impl<$($generics)*> std::ops::$op<$tensor> for $value {
            type Output = $type;
            #[track_caller]
            fn $method(self, tensor: $tensor) -> $type {
                let constant = <$type as $crate::algebra::Reading>::lift(&self, &tensor);
                $crate::algebra::binary::<$type>($crate::algebra::Pointwise::$op, &self, &constant)
            }
        }

        impl<$($generics)*> std::ops::$op<$value> for $tensor {
            type Output = $type;
            #[track_caller]
            fn $method(self, x: $value) -> $type {
                let constant = <$type as $crate::algebra::Reading>::lift(&x, &self);
                $crate::algebra::binary::<$type>($crate::algebra::Pointwise::$op, &constant, &x)
            }
        }
    };
}

pub(crate) use tensor_operators;

/// Implements comparisons with an `f64` on the right, which read the value alone and panic unless it has one element. On
/// the left, they would make comparisons of plain numbers ambiguous, such as `x == y.into()`.
macro_rules! compare_with_numbers {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> PartialEq<f64> for $type {
            #[inline(always)]
            #[track_caller]
            fn eq(&self, number: &f64) -> bool {
                $crate::algebra::compared(self) == *number
            }
        }

        impl<$($generics)*> PartialOrd<f64> for $type {
            #[inline(always)]
            #[track_caller]
            fn partial_cmp(&self, number: &f64) -> Option<std::cmp::Ordering> {
                $crate::algebra::compared(self).partial_cmp(number)
            }

            // The provided methods would lose the caller's line.
            $crate::algebra::compare_with_numbers!(@methods lt, le, gt, ge);
        }
    };
    (@methods $($method:ident),*) => {$(
        #[inline(always)]
        #[track_caller]
        fn $method(&self, number: &f64) -> bool {
            $crate::algebra::compared(self).$method(number)
        }
    )*};
}

/// The number of a value that is compared with a plain number.
#[inline(always)]
#[track_caller]
pub(crate) fn compared<V: Reading>(x: &V) -> f64 {
    if !V::SCALAR && x.shape().size() != 1 {
        panic!("comparison with a number: one element is needed, but the shape is {}", x.shape());
    }
    x.item().to_f64()
}

pub(crate) use compare_with_numbers;

/// The operators between a value and a number.
#[expect(missing_docs, reason = "each function is the operator of its name")]
pub mod with_number {
    use crate::algebra::Pointwise::{self, DivBy, Scale, Shift};
    use crate::algebra::{Reading, binary};

    by_parameter! { |x|
        add(x: &V, c: f64) => Shift(c);
        sub(x: &V, c: f64) => Shift(-c);
        mul(x: &V, c: f64) => Scale(c);
        div(x: &V, c: f64) => DivBy(c);
    }

    #[track_caller]
    pub fn rem<V: Reading>(x: &V, c: f64) -> V {
        binary(Pointwise::Rem, x, &x.full_like(c))
    }
}

/// The operators between a number and a value.
#[expect(missing_docs, reason = "each function is the operator of its name")]
pub mod number_with {
    use crate::algebra::Pointwise::{self, DivInto, Scale, Shift, SubFrom};
    use crate::algebra::{Reading, binary};

    by_parameter! { |x|
        add(c: f64, x: &V) => Shift(c);
        sub(c: f64, x: &V) => SubFrom(c);
        mul(c: f64, x: &V) => Scale(c);
        div(c: f64, x: &V) => DivInto(c);
    }

    #[track_caller]
    pub fn rem<V: Reading>(c: f64, x: &V) -> V {
        binary(Pointwise::Rem, &x.full_like(c), x)
    }
}
