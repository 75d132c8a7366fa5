//! What each operation computes, by the kernels of candle.

mod linear;
mod loops;
mod matmul;
mod pointwise;
mod softmax;

use crate::array::{Array, Float};
use autodiff::{Op, Reading, Shape, Tensor};
use candle_core::{Result, Tensor as Candle};
use std::cell::Cell;

thread_local! {
    static HOST_COPIES: Cell<usize> = const { Cell::new(0) };
}

/// The number of arrays that this thread has copied between host and device as numbers, without copies of one number.
///
/// A training step copies none. Operations that neither candle nor a composition of its kernels computes on a device, such
/// as the inverse sine, are computed on the host, and count here.
pub fn host_copies() -> usize {
    HOST_COPIES.get()
}

fn count(elements: usize) {
    HOST_COPIES.set(HOST_COPIES.get() + usize::from(elements > 1));
}

impl<T: Float> Reading for Array<T> {
    type Elem = T;
    type Tangent = Option<Self>;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        if let Op::Custom(primitive) = op {
            return primitive.eval(x);
        }
        let shape = inferred(op, x);
        let operands: Vec<&Candle> = x.iter().map(|x| x.tensor()).collect();
        let y = match op {
            _ if shape.size() == 0 => Candle::zeros(&*shape, T::DTYPE, operands[0].device()).map(Some),
            Op::Pointwise(op) => pointwise::pointwise::<T>(*op, &operands),
            Op::Linear(op) => linear::linear(op, &operands, &shape).map(Some),
            Op::Matmul(op) => matmul::matmul(*op, &operands, &shape).map(Some),
            Op::LogSoftmax { axis } => softmax::log_softmax(operands[0], *axis).map(Some),
            _ => Ok(None), // decompositions, if the feature `linalg` of autodiff is on
        };
        match done(op, y) {
            Some(y) => Self::new(y),
            None => Self::apply_on_host(op, x),
        }
    }

    fn shape(&self) -> Shape {
        self.tensor().dims().into()
    }

    fn has_shape_of(&self, other: &Self) -> bool {
        self.tensor().dims() == other.tensor().dims()
    }

    fn primal(&self) -> Tensor<T> {
        count(self.tensor().elem_count());
        let numbers = self.tensor().flatten_all().and_then(|x| x.to_vec1());
        Tensor::from_vec(self.shape(), done("primal", numbers))
    }

    #[track_caller]
    fn lift(&self, numbers: &Tensor<T>) -> Self {
        if let Some(&number) = numbers.as_repeated() {
            let repeated = Candle::full(number, (), self.tensor().device());
            return Self::new(done("lift", repeated.and_then(|x| x.broadcast_as(&**numbers.shape()))));
        }
        count(numbers.size());
        Self::from_host(numbers, self.tensor().device())
    }

    #[track_caller]
    fn identity(&self, n: usize) -> Self {
        let device = self.tensor().device();
        let identity = match n {
            0 => Candle::zeros((0, 0), T::DTYPE, device), // CUDA starts no kernel without elements
            n => Candle::eye(n, T::DTYPE, device),
        };
        Self::new(done("identity", identity))
    }
}

/// The shape of the result.
#[track_caller]
fn inferred<T: Float>(op: &Op, x: &[&Array<T>]) -> Shape {
    let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
    match op.infer(&shapes.iter().collect::<Vec<_>>()) {
        Ok(shape) => shape,
        Err(error) => panic!("{error}"),
    }
}

/// The result of candle. Shapes have been checked, so an error is one of the device.
#[track_caller]
fn done<R>(function: impl std::fmt::Display, result: Result<R>) -> R {
    match result {
        Ok(y) => y,
        Err(error) => panic!("{function}: candle: {error}"),
    }
}
