//! The tensor as a value: the reading «compute».

use super::{Loop, Tensor, linear, matmul};
use crate::element::Element;
use crate::op::{Op, Pointwise};
use crate::operators::operators;
use crate::rule;
use crate::shape::{OrPanic, Shape};
use crate::value::Value;
use std::sync::Arc;

impl<T: Element> Value for Tensor<T> {
    type Elem = T;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        if let Op::Custom(op) = op {
            return op.eval(x);
        }
        let shapes: crate::shape::Axes<Shape> = x.iter().map(|x| x.shape.clone()).collect();
        let shape = op.infer(&shapes).or_panic();
        match op {
            Op::Pointwise(op) => T::pointwise(*op, x),
            Op::Linear(op) => linear::linear(op, x, &shape),
            Op::Matmul(op) => matmul::matmul(*op, x[0], x[1], shape),
            Op::Custom(_) => unreachable!("was evaluated before"),
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
                self.as_mut_slice().iter_mut().zip(g).for_each(|(total, &g)| *total = *total + g);
            }
            _ => *self = self.clone() + g,
        }
    }
}

operators!([T: Element] Tensor<T>);
