//! The tensor as a value: the reading «compute».

use super::{Loop, Tensor, linear, matmul, parallel};
use crate::custom::Custom;
use crate::element::Element;
use crate::few::few;
use crate::kernel::Direct;
use crate::op::{Op, Pointwise};
use crate::operators::operators;
use crate::rule;
use crate::shape::{OrPanic, Shape, ShapeError};
use crate::value::Value;

impl<T: Element> Value for Tensor<T> {
    type Elem = T;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        T::apply_to_arrays(op, x)
    }

    #[track_caller]
    fn apply_recorded(op: &Op, x: &[&Self]) -> Self {
        match op {
            Op::Custom(op) => apply_custom(op, x, true),
            op => Self::apply(op, x),
        }
    }

    fn shape(&self) -> Shape {
        self.shape.clone()
    }

    #[inline]
    fn has_shape_of(&self, other: &Self) -> bool {
        self.shape == other.shape
    }

    fn primal(&self) -> Self {
        self.clone()
    }

    fn lift(&self, numbers: &Self) -> Self {
        numbers.clone()
    }

    fn slope(op: Pointwise, i: usize, x: &[&Self], y: &Self, g: &Self) -> Self {
        T::slope_of_arrays(op, i, x, y, g)
    }

    fn pull_log_softmax(axis: usize, y: &Self, g: &Self) -> Self {
        y.log_softmax_cotangent(g, axis)
    }

    fn pull_fused(op: &Custom, i: usize, x: &[&Self], g: &Self) -> Option<Self> {
        T::pull_formula(op.fused()?, i, x, g)
    }

    fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
        show(self.data.as_ptr().addr(), self.data.capacity() * size_of::<T>());
    }

    fn accumulate(&mut self, g: Self) {
        match (g.as_slice(), self.unshared_slice()) {
            (Some(g), Some(total)) => parallel::pieces(total, 64, g.len(), |start, total| {
                total.iter_mut().zip(&g[start..]).for_each(|(total, &g)| *total = *total + g);
            }),
            _ => *self = self.clone() + g,
        }
    }
}

operators!([T: Element] Tensor<T>);

/// The operation on arrays of any element type.
#[track_caller]
pub(crate) fn apply<T: Element>(op: &Op, x: &[&Tensor<T>]) -> Tensor<T> {
    match op {
        // The common case first, without a list of shapes.
        Op::Pointwise(op) if x[1..].iter().all(|other| other.shape == x[0].shape) => T::pointwise(*op, x),
        Op::Pointwise(_) => panic!("{}", infer(op, x).expect_err("the shapes differ")),
        Op::Linear(linear) => linear::linear(linear, x, &infer(op, x).or_panic()),
        Op::Matmul(matmul) => matmul::matmul(*matmul, x, infer(op, x).or_panic()),
        Op::LogSoftmax { axis } => {
            infer(op, x).or_panic();
            x[0].log_softmax_along(*axis)
        }
        Op::Custom(op) => apply_custom(op, x, false),
    }
}

/// The slope of an operation, times `g`, for arrays of any element type.
pub(crate) fn slope<T: Element>(op: Pointwise, i: usize, x: &[&Tensor<T>], y: &Tensor<T>, g: &Tensor<T>) -> Tensor<T> {
    match is_best_whole(op, i) {
        true => rule::pointwise(op, i, Direct { x, y: Some(y), g: Some(g) }),
        false => rule::pointwise(op, i, Loop { x, y: Some(y), g: Some(g) }),
    }
}

#[track_caller]
fn apply_custom<T: Element>(op: &Custom, x: &[&Tensor<T>], keep: bool) -> Tensor<T> {
    op.fused().and_then(|formula| T::eval_formula(formula, x, keep)).unwrap_or_else(|| op.eval(x))
}

/// Whether the slope of an operation is better composed of operations on whole arrays than run in one loop: where it is
/// `g` itself, which is shared then and not copied; and where it calls a function of many operations, which has a loop of
/// its own for the vector units.
fn is_best_whole(op: Pointwise, i: usize) -> bool {
    use Pointwise::*;
    let is_g = matches!((op, i), (Shift(_) | Add | Rem, _) | (Sub, 0) | (MulAdd, 2));
    let by_a_number = matches!(op, Powi(_) | Powf(_) | Rem | Pow);
    is_g || by_a_number || matches!(op, Expm1 | Sin | Cos | Sinh | Cosh | Softplus | Erf | Asinh | Acosh | Atan2)
}

fn infer<T>(op: &Op, x: &[&Tensor<T>]) -> Result<Shape, ShapeError> {
    op.infer(&few(x, |x| &x.shape))
}
