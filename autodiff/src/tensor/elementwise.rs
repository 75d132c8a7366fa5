//! One fused loop for a pointwise formula over several arrays of one shape.

use super::Tensor;
use crate::kernel::{Kernel, Part};
use crate::value::Value;
use std::borrow::Cow;

/// The formula run for each element.
pub(crate) struct Loop<'a, T> {
    pub(crate) x: &'a [&'a Tensor<T>],
    pub(crate) y: Option<&'a Tensor<T>>,
    pub(crate) g: Option<&'a Tensor<T>>,
}

impl<'a, T: Value + Copy> Kernel<T> for Loop<'a, T> {
    type Output = Tensor<T>;
    fn of<const N: usize>(self, parts: [Part; N], formula: impl Fn([&T; N]) -> T) -> Tensor<T> {
        let operands: [&Tensor<T>; N] = parts.map(|part| match part {
            Part::X(i) => self.x[i],
            Part::Y => self.y.expect("a formula for values has no result to read"),
            Part::G => self.g.expect("a formula for values has no cotangent to read"),
        });
        zip(operands, formula)
    }
}

/// The formula on slices of operands, whatever their number: for element types without a loop of their own.
pub(crate) fn elementwise<T: Value + Copy>(x: &[&Tensor<T>], formula: impl Fn(&[&T]) -> T) -> Tensor<T> {
    match *x {
        [a] => zip([a], |x| formula(&x)),
        [a, b] => zip([a, b], |x| formula(&x)),
        [a, b, c] => zip([a, b, c], |x| formula(&x)),
        _ => unreachable!("pointwise operations have one to three operands"),
    }
}

fn zip<T: Copy, const N: usize>(x: [&Tensor<T>; N], formula: impl Fn([&T; N]) -> T) -> Tensor<T> {
    let shape = x[0].shape.clone();
    if x.iter().all(|x| x.is_one_element()) {
        return Tensor::full(shape, formula(x.map(|x| &x.data[x.offset])));
    }
    let size = shape.size();
    let slices: [Cow<'_, [T]>; N] = x.map(|x| x.as_slice().map_or_else(|| Cow::Owned(x.to_vec()), Cow::Borrowed));
    let slices: [&[T]; N] = std::array::from_fn(|i| &slices[i][..size]);
    let data = (0..size).map(|i| formula(std::array::from_fn(|j| &slices[j][i]))).collect();
    Tensor::contiguous_from(shape, data)
}

impl<T> Tensor<T> {
    /// Whether this is one element, repeated; its formula is computed once.
    fn is_one_element(&self) -> bool {
        self.strides.iter().zip(&*self.shape).all(|(&stride, &size)| stride == 0 || size == 1)
            && !self.shape.contains(&0)
    }
}
