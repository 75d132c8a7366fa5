//! Operators between variables and plain tensors, such as `x - &tensor`. The tensor becomes a constant on the tape.

use super::var::Var;
use crate::algebra::{Element, Pointwise, binary};
use crate::array::Tensor;

macro_rules! with_tensor {
    ($($trait:ident $method:ident $op:ident),*) => {$(
        impl<'t, T: Element> std::ops::$trait<&Tensor<T>> for Var<'t, Tensor<T>> {
            type Output = Self;
            #[track_caller]
            fn $method(self, tensor: &Tensor<T>) -> Self {
                binary(Pointwise::$op, &self, &self.constant(tensor.clone()))
            }
        }

        impl<'t, T: Element> std::ops::$trait<Var<'t, Tensor<T>>> for &Tensor<T> {
            type Output = Var<'t, Tensor<T>>;
            #[track_caller]
            fn $method(self, x: Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>> {
                binary(Pointwise::$op, &x.constant(self.clone()), &x)
            }
        }
    )*};
}

with_tensor!(Add add Add, Sub sub Sub, Mul mul Mul, Div div Div);
