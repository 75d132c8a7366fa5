//! The tensor as a value: the reading «compute».

use super::{Loop, Tensor, linear, matmul, parallel};
use crate::element::Element;
use crate::op::{Op, Pointwise};
use crate::operators::operators;
use crate::rule;
use crate::shape::{OrPanic, Shape, ShapeError};
use crate::value::Value;
use smallvec::SmallVec;
use std::sync::Arc;

impl<T: Element> Value for Tensor<T> {
    type Elem = T;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        match op {
            // The common case first, without a list of shapes.
            Op::Pointwise(op) if x[1..].iter().all(|other| other.shape == x[0].shape) => T::pointwise(*op, x),
            Op::Pointwise(_) => panic!("{}", infer(op, x).expect_err("the shapes differ")),
            Op::Linear(linear) => linear::linear(linear, x, &infer(op, x).or_panic()),
            Op::Matmul(matmul) => matmul::matmul(*matmul, x, infer(op, x).or_panic()),
            Op::Custom(op) => op.eval(x),
        }
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

    fn slope(op: Pointwise, i: usize, x: &[&Self], y: &Self, g: &Self) -> Self {
        rule::pointwise(op, i, Loop { x, y: Some(y), g: Some(g) })
    }

    fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
        show(self.data.as_ptr().addr(), self.data.capacity() * size_of::<T>());
    }

    fn accumulate(&mut self, g: Self) {
        match g.as_slice() {
            Some(g) if self.is_contiguous() && Arc::get_mut(&mut self.data).is_some() => {
                parallel::pieces(self.as_mut_slice(), 64, g.len(), |start, total| {
                    total.iter_mut().zip(&g[start..]).for_each(|(total, &g)| *total = *total + g);
                });
            }
            _ => *self = self.clone() + g,
        }
    }
}

operators!([T: Element] Tensor<T>);

fn infer<T>(op: &Op, x: &[&Tensor<T>]) -> Result<Shape, ShapeError> {
    op.infer(&x.iter().map(|x| &x.shape).collect::<SmallVec<[_; 3]>>())
}
