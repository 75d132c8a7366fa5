//! Tensors as values: operations compute arrays.

use super::linear::linear;
use super::softmax::{log_softmax, log_softmax_cotangent};
use crate::algebra::{
    Custom, Element, Linear, Matmul, Op, Pointwise, Reading, Update, compare_with_numbers, folds, per_operand, rule,
};
use crate::array::{Direct, Loop, OrPanic, Shape, ShapeError, Tensor, add_to_slice, matmul, update_slices};
use std::any::Any;

impl<T: Element> Reading for Tensor<T> {
    type Elem = T;
    type Tangent = Option<Self>;
    const PLAIN: bool = true;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        T::apply_to_arrays(op, x)
    }

    fn shape(&self) -> Shape {
        self.shape.clone()
    }

    fn primal(&self) -> Self {
        self.clone()
    }

    fn lift(&self, numbers: &Self) -> Self {
        numbers.clone()
    }

    /// Adds up numbers, without a tensor for each sum.
    fn sum_all(values: &[&Self]) -> f64 {
        values.iter().map(|x| x.total().to_f64()).sum()
    }

    #[track_caller]
    fn update_together<const N: usize>(y: [&mut Self; N], x: &Self, update: impl Update<N>) {
        if let Some(y) = y.iter().find(|y| y.shape != x.shape) {
            panic!("update_together: {} × {}: the shapes differ", y.shape, x.shape);
        }
        let x = x.row_major();
        let x = x.as_slice().expect("row_major returns a contiguous tensor");
        update_slices(y.map(Self::as_mut_slice), x, move |y, x| update.apply(y, x));
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        report(self.data.as_ptr().addr(), self.data.capacity() * size_of::<T>());
    }

    #[inline]
    fn elements(&self) -> usize {
        self.size()
    }

    #[inline]
    fn has_shape_of(&self, other: &Self) -> bool {
        self.shape == other.shape
    }

    fn own_pull(op: &Op, i: usize, x: &[&Self], y: &Self, g: &Self) -> Option<Self> {
        match op {
            Op::Pointwise(op) => Some(T::slope_of_arrays(*op, i, x, y, g)),
            Op::LogSoftmax { axis } => Some(log_softmax_cotangent(y, g, *axis)),
            Op::Custom(op) => pull_custom(op, i, x, g),
            Op::Linear(_) | Op::Matmul(_) => None,
            #[cfg(feature = "linalg")]
            Op::Decomposition(_) => None,
        }
    }

    fn accumulate_in_slice(&mut self, slice: &Linear, g: &Self) -> bool {
        match *slice {
            Linear::Slice { axis, start, step, .. } => add_to_slice(self, g, axis, start, step),
            _ => false,
        }
    }

    #[track_caller]
    fn accumulate(&mut self, g: Self) {
        if self.shape != g.shape {
            panic!("accumulate: {} × {}: the shapes differ", self.shape, g.shape);
        }
        match (g.as_slice(), self.unshared_slice()) {
            (Some(g), Some(total)) => update_slices([total], g, |[total], g| [total + g]),
            _ => *self = self.clone() + g,
        }
    }
}

crate::operators!([T: Element] Tensor<T>);
compare_with_numbers!([T: Element] Tensor<T>);
folds!([T: Element] Tensor<T>, Self::scalar(T::from_f64(0.0)), Self::scalar(T::from_f64(1.0)));

/// The methods of [`Element`] on whole arrays, written out for each element type so that they are compiled in this
/// crate rather than in each crate that uses them. The slopes of the listed operations are computed in one loop.
macro_rules! on_arrays {
    ($($op:ident => $slope:expr),*) => {
        #[track_caller]
        fn apply_to_arrays(op: &Op, x: &[&Tensor<Self>]) -> Tensor<Self> {
            $crate::reading::compute::apply(op, x)
        }

        fn slope_of_arrays(
            op: Pointwise,
            i: usize,
            x: &[&Tensor<Self>],
            y: &Tensor<Self>,
            g: &Tensor<Self>,
        ) -> Tensor<Self> {
            #[allow(clippy::match_single_binding)] // without a listed operation
            match op {
                $(Pointwise::$op => in_one_loop($slope, x[0], g),)*
                _ => $crate::reading::compute::slope_of(op, i, x, y, g),
            }
        }
    };
}

pub(crate) use on_arrays;

/// Applies an operation to arrays of any element type.
#[track_caller]
pub(crate) fn apply<T: Element>(op: &Op, x: &[&Tensor<T>]) -> Tensor<T> {
    match op {
        // The common case, without a list of shapes.
        Op::Pointwise(op) if x.len() == op.arity() && x[1..].iter().all(|other| other.shape == x[0].shape) => {
            T::pointwise(*op, x)
        }
        Op::Pointwise(_) => panic!("{}", infer(op, x).expect_err("the operands do not fit")),
        Op::Linear(op_linear) => linear(op_linear, x, &infer(op, x).or_panic()),
        Op::Matmul(Matmul { transpose_lhs, transpose_rhs }) => {
            matmul([*transpose_lhs, *transpose_rhs], x, infer(op, x).or_panic())
        }
        Op::LogSoftmax { axis } => {
            infer(op, x).or_panic();
            log_softmax(x[0], *axis)
        }
        #[cfg(feature = "linalg")]
        Op::Decomposition(decomposition) => {
            infer(op, x).or_panic();
            T::decompose(decomposition, x)
        }
        Op::Custom(custom) => {
            op.check_any_operand(x);
            eval_custom(custom, x)
        }
    }
}

/// The slope with respect to operand i, the partial derivative times `g`, for arrays of any element type.
pub(crate) fn slope_of<T: Element>(
    op: Pointwise,
    i: usize,
    x: &[&Tensor<T>],
    y: &Tensor<T>,
    g: &Tensor<T>,
) -> Tensor<T> {
    match prefers_whole_arrays(op, i) {
        true => rule::pointwise(op, i, Direct { x, y: Some(y), g: Some(g) }),
        false => rule::pointwise(op, i, Loop { x, y: Some(y), g: Some(g) }),
    }
}

#[track_caller]
fn eval_custom<T: Element>(op: &Custom, x: &[&Tensor<T>]) -> Tensor<T> {
    let whole: Vec<Tensor<T>> = x.iter().map(|&x| x.clone()).collect();
    let y = match op.primitive().is_in_f64() {
        true => eval_in_f64(op, &whole),
        false => op.primitive().eval_arrays(&whole),
    };
    match y.map(|y| y.downcast()) {
        Some(Ok(y)) => *y,
        _ => op.eval(x),
    }
}

/// The result on arrays of `f32`, computed in `f64` and rounded once; `None` for other elements.
fn eval_in_f64(op: &Custom, x: &dyn Any) -> Option<Box<dyn Any>> {
    let x: &Vec<Tensor<f32>> = x.downcast_ref()?;
    let wide: Vec<Tensor<f64>> = x.iter().map(|x| x.map(|&x| x.into())).collect();
    let y = op.eval(&wide.iter().collect::<Vec<_>>());
    Some(Box::new(y.map(|&y| y as f32)))
}

fn pull_custom<T: Element>(op: &Custom, i: usize, x: &[&Tensor<T>], g: &Tensor<T>) -> Option<Tensor<T>> {
    let whole: Vec<Tensor<T>> = x.iter().map(|&x| x.clone()).collect();
    op.primitive().pull_arrays(i, &whole, g)?.downcast().ok().map(|cotangent| *cotangent)
}

/// Whether the slope is better computed by operations on whole arrays than in one loop: if it is `g` itself, which is
/// then shared, or if it calls a function with a vectorised loop of its own.
fn prefers_whole_arrays(op: Pointwise, i: usize) -> bool {
    use Pointwise::*;
    match op {
        // `g` itself.
        Shift(_) | Add => true,
        Sub => i == 0,
        MulAdd => i == 2,
        // A function with a vectorised loop, or a power.
        Powi(_) | Powf(_) | Rem | Pow | Expm1 | Sin | Cos | Sinh | Cosh | Softplus | Erf | Erfc | Asinh | Acosh
        | Atan | Atan2 => true,
        Neg | Scale(_) | SubFrom(_) | DivBy(_) | DivInto(_) | Recip | Square | Sqrt | Cbrt | Exp | Exp2 | Ln | Log2
        | Log10 | Ln1p | Tan | Asin | Acos | Tanh | SechSquared | Atanh | Sigmoid | Relu | Abs | ClampMin(_)
        | ClampMax(_) | Sign | Step | Floor | Detach | Lgamma | Polygamma(_) | Sinc(_) | Mul | MulStrongZero | Div
        | Hypot | Maximum | Minimum | Greater | Equal | Select => false,
    }
}

fn infer<T>(op: &Op, x: &[&Tensor<T>]) -> Result<Shape, ShapeError> {
    op.infer_shape(&per_operand(x, |x| &x.shape))
}
