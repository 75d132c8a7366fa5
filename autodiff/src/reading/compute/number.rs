//! `f32` and `f64` as values of rank 0 and as elements.

use super::pointwise::{evaluate, frequent, other};
use crate::algebra::{Element, Op, Pointwise, Reading};
use crate::array::function::{Function, SigmoidSlope, TanhCurvature, TanhSlope};
use crate::array::machine::parallel;
use crate::array::{Body, Direct, Loop, OrPanic, Real, Shape, ShapeError, Tensor, zip};
use std::marker::PhantomData;

macro_rules! number {
    ($($type:ident),*) => {$(
        impl Reading for $type {
            type Tangent = Self;
            type Elem = Self;
            const SCALAR: bool = true;

            #[inline(always)]
            #[track_caller]
            fn apply(op: &Op, x: &[&Self]) -> Self {
                op.check_number_of_operands(x.len());
                match op {
                    Op::Pointwise(op) => Self::apply_pointwise(*op, x),
                    Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } => structural(op, x),
                    #[cfg(feature = "linalg")]
                    Op::Decomposition(_) => structural(op, x),
                    Op::Custom(_) => as_tensors(op, x),
                }
            }

            #[inline(always)]
            fn apply_pointwise(op: Pointwise, x: &[&Self]) -> Self {
                // Not inlined: otherwise the other functions would be compiled again at each call.
                #[inline(never)]
                fn call(op: Pointwise, x: &[&$type]) -> $type {
                    other(op, Direct { x, y: None, g: None })
                }
                // Not `unwrap_or_else`, as in `evaluate`.
                match frequent(op, Direct { x, y: None, g: None }) {
                    Ok(y) => y,
                    Err(_) => call(op, x),
                }
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
                match numbers.size() {
                    1 => numbers.item(),
                    n => panic!("lift: {}: a plain number has one element, not {n}", numbers.shape()),
                }
            }

            #[inline(always)]
            fn full_like(&self, c: f64) -> Self {
                c as $type
            }

            #[inline(always)]
            fn accumulate(&mut self, g: Self) {
                *self += g;
            }
        }

        impl Element for $type {
            crate::reading::compute::on_arrays!(Tanh => TanhSlope, SechSquared => TanhCurvature, Sigmoid => SigmoidSlope);

            fn pointwise(op: Pointwise, x: &[&Tensor<Self>]) -> Tensor<Self> {
                evaluate(op, Loop { x, y: None, g: None })
            }

            #[cfg(feature = "linalg")]
            fn decompose(op: &crate::algebra::Decomposition, x: &[&Tensor<Self>]) -> Tensor<Self> {
                super::decomposition::decompose(op, x)
            }

            #[inline(always)]
            fn exp_in_loop(self) -> Self {
                Real::exp(self, true)
            }
        }
    )*};
}

number!(f32, f64);

/// `g` times a slope at x. By the rule it would take a loop for each operation.
fn in_one_loop<T: Real, F: Function<T> + Sync>(_: F, x: &Tensor<T>, g: &Tensor<T>) -> Tensor<T> {
    zip([x, g], Slope::<F>(PhantomData))
}

struct Slope<F>(PhantomData<F>);

impl<T: Real, F: Function<T>> Body<T, 2> for Slope<F> {
    const COST: usize = parallel::FUNCTION;

    fn at(&self, [x, g]: [&T; 2]) -> T {
        g.mul_strong_zero(F::scalar(*x))
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], [x, g]: [&[T]; 2]) {
        for ((y, &x), g) in y.iter_mut().zip(x).zip(g) {
            *y = g.mul_strong_zero(F::lanes(x));
        }
    }
}

/// Applies an operation that is not pointwise, as to tensors of rank 0. Panics if the result has axes.
#[cold]
#[track_caller]
fn structural<T: Element>(op: &Op, x: &[&T]) -> T {
    let shapes = vec![Shape::scalar(); x.len()];
    let shape = op.infer(&shapes.iter().collect::<Vec<_>>()).or_panic();
    if shape.rank() > 0 {
        panic!("{}", ShapeError::of_plain_number(op.name(), &shape));
    }
    as_tensors(op, x)
}

/// Applies an operation to tensors of rank 0.
#[track_caller]
fn as_tensors<T: Element>(op: &Op, x: &[&T]) -> T {
    let x: Vec<Tensor<T>> = x.iter().map(|x| Tensor::scalar(**x)).collect();
    Tensor::apply(op, &x.iter().collect::<Vec<_>>()).item()
}
