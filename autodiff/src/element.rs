//! The element types: `f32`, `f64`, and dual numbers over them.

use crate::custom::Fused;
use crate::kernel::Direct;
use crate::math::Math;
use crate::op::{Op, Pointwise};
use crate::rule;
use crate::shape::{OrPanic, Shape};
use crate::tensor::number::{self, Real};
use crate::tensor::{self, Matrix, Tensor, gemm};
use crate::value::Value;
use std::fmt::{Debug, Display};

/// What arrays do, for every element type in the trait, and once more for `f32` and `f64`: as methods of theirs it is
/// compiled here, where what is provided would be compiled again in each crate that uses it.
macro_rules! on_arrays {
    () => {
        /// An operation on whole arrays.
        #[track_caller]
        fn apply_to_arrays(op: &Op, x: &[&Tensor<Self>]) -> Tensor<Self> {
            tensor::apply(op, x)
        }

        /// The derivative of a pointwise operation by operand `i`, times `g`, on whole arrays.
        fn slope_of_arrays(
            op: Pointwise,
            i: usize,
            x: &[&Tensor<Self>],
            y: &Tensor<Self>,
            g: &Tensor<Self>,
        ) -> Tensor<Self> {
            tensor::slope(op, i, x, y, g)
        }
    };
}

/// A number that a [`Tensor`] can hold.
///
/// An element is itself a [`Value`], of rank 0; so the rules, which are written for values, run element by element in
/// the loops of the tensors. The provided methods do for every element type; `f32` and `f64` have faster ones.
pub trait Element: Value + Copy + PartialEq + PartialOrd + Debug + Display + Default + Send + Sync + 'static {
    /// The element nearest to a number.
    fn from_f64(x: f64) -> Self;

    /// The number nearest to this element, without any derivative.
    fn to_f64(self) -> f64;

    /// Whether it, or its derivative, is not a number.
    fn has_nan(&self) -> bool;

    on_arrays!();

    /// A pointwise operation on whole arrays of one shape.
    fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self> {
        tensor::elementwise(x, |x| Self::apply(&Op::Pointwise(op), x))
    }

    /// The loop of a fused formula, where there is one for this type; it may keep what the next one would compute again.
    #[doc(hidden)]
    fn eval_formula(_: &dyn Fused, _: &[&Tensor<Self>], _keep: bool) -> Option<Tensor<Self>> {
        None
    }

    /// The loop for the cotangent of operand `i` of a fused formula, where there is one for this type.
    #[doc(hidden)]
    fn pull_formula(_: &dyn Fused, _: usize, _: &[&Tensor<Self>], _: &Tensor<Self>) -> Option<Tensor<Self>> {
        None
    }

    /// eˣ for one of many in a loop: for `f32` and `f64` without branches, so that the compiler vectorises it.
    fn exp_of_many(self) -> Self {
        Math::exp(&self)
    }

    /// c = a·b, or c + a·b, for row-major c; `a` is m×k and `b` is k×n, with any strides that are not negative.
    fn gemm(c: &mut [Self], a: Matrix<'_, Self>, b: Matrix<'_, Self>, add: bool) {
        gemm::generic(c, a, b, add);
    }
}

macro_rules! number {
    ($type:ident, $eval_fused:ident, $pull_fused:ident) => {
        impl Value for $type {
            type Elem = Self;
            const SCALAR: bool = true;

            #[inline(always)]
            #[track_caller]
            fn apply(op: &Op, x: &[&Self]) -> Self {
                match op {
                    Op::Pointwise(op) => Self::apply_pointwise(*op, x),
                    Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } => structural(op, x),
                    Op::Custom(op) => op.eval(x),
                }
            }

            #[inline(always)]
            fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
                Real::evaluate(op, x)
            }

            fn shape(&self) -> Shape {
                Shape::scalar()
            }

            fn primal(&self) -> Tensor<Self> {
                Tensor::scalar(*self)
            }

            #[inline(always)]
            fn item(&self) -> Self {
                *self
            }

            #[track_caller]
            fn lift(&self, numbers: &Tensor<Self>) -> Self {
                numbers.item()
            }

            #[inline(always)]
            fn full_like(&self, c: f64) -> Self {
                c as $type
            }

            #[inline(always)]
            fn slope(op: Pointwise, i: usize, x: &[&Self], y: &Self, g: &Self) -> Self {
                rule::pointwise_inlined(op, i, Direct { x, y: Some(y), g: Some(g) })
            }

            #[inline(always)]
            fn accumulate(&mut self, g: Self) {
                *self += g;
            }
        }

        impl Element for $type {
            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as $type
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }

            #[inline(always)]
            fn has_nan(&self) -> bool {
                self.is_nan()
            }

            on_arrays!();

            fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self> {
                number::evaluate(op, tensor::Loop { x, y: None, g: None })
            }

            fn eval_formula(formula: &dyn Fused, x: &[&Tensor<Self>], keep: bool) -> Option<Tensor<Self>> {
                Some(formula.$eval_fused(x, keep))
            }

            fn pull_formula(f: &dyn Fused, i: usize, x: &[&Tensor<Self>], g: &Tensor<Self>) -> Option<Tensor<Self>> {
                Some(f.$pull_fused(i, x, g))
            }

            #[inline(always)]
            fn exp_of_many(self) -> Self {
                Real::exp(self, true)
            }

            fn gemm(c: &mut [Self], a: Matrix<'_, Self>, b: Matrix<'_, Self>, add: bool) {
                gemm::fast(c, a, b, add);
            }
        }
    };
}

number!(f32, eval_f32, pull_f32);
number!(f64, eval_f64, pull_f64);

/// The other operations on a number are those on a tensor of rank 0; a result with axes is no number.
#[cold]
#[track_caller]
fn structural<T: Element>(op: &Op, x: &[&T]) -> T {
    let x: Vec<Tensor<T>> = x.iter().map(|x| Tensor::scalar(**x)).collect();
    let shapes: Vec<Shape> = x.iter().map(Value::shape).collect();
    let shape = op.infer(&shapes.iter().collect::<Vec<_>>()).or_panic();
    if shape.rank() > 0 {
        panic!("{op}: the result has shape {shape}, but a plain number has no axes: use a Tensor of rank 0");
    }
    Tensor::apply(op, &x.iter().collect::<Vec<_>>()).item()
}
