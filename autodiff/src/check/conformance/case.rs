//! An operation with its operands.

use crate::algebra::{Element, Op};
use crate::array::Tensor;

pub(super) struct Case<T> {
    pub(super) op: Op,
    pub(super) x: Vec<Tensor<T>>,
}

impl<T: Element> Case<T> {
    /// The operation and the shapes of its operands, `add on [2, 3] × [2, 3]`.
    pub(super) fn name(&self) -> String {
        let shapes: Vec<String> = self.x.iter().map(|x| x.shape().to_string()).collect();
        format!("{} on {}", self.op, shapes.join(" × "))
    }

    /// The expected result.
    pub(super) fn result(&self) -> Tensor<T> {
        T::apply_to_arrays(&self.op, &self.x.iter().collect::<Vec<_>>())
    }

    /// The same operation on operands of half the size.
    pub(super) fn halved(&self) -> Vec<Tensor<T>> {
        self.x.iter().map(|x| x.map(|&x| x * T::from_f64(0.5))).collect()
    }
}

/// Different numbers of moderate size, for any shape. Tensors with different seeds are different.
pub(super) fn numbers<T: Element>(shape: &[usize], seed: usize) -> Tensor<T> {
    let number = |i: usize| T::from_f64(((i * 37 + seed * 11 + 5) % 41) as f64 / 16.0 - 1.21);
    Tensor::from_vec(shape, (0..shape.iter().product()).map(number).collect())
}
