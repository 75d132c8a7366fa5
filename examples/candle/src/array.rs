//! The array: a tensor of candle with the type of its elements.

use autodiff::Element;
use candle_core::{Device, Tensor, WithDType};
use std::marker::PhantomData;

/// The element types: `f32` and `f64`.
pub trait Float: Element + WithDType {}

impl Float for f32 {}
impl Float for f64 {}

/// A tensor of candle whose elements are of type `T`, on any device. A clone shares the elements.
#[derive(Clone, Debug)]
pub struct Array<T> {
    tensor: Tensor,
    elements: PhantomData<T>,
}

autodiff::operators!([T: Float] Array<T>);

impl<T: Float> Array<T> {
    /// Wraps a tensor. The graph that candle records behind a variable is left out.
    ///
    /// # Panics
    /// Panics if the elements are of another type than `T`.
    #[track_caller]
    pub fn new(tensor: Tensor) -> Self {
        let (found, expected) = (tensor.dtype(), T::DTYPE);
        assert!(found == expected, "Array::new: the elements are {found:?}, not {expected:?}");
        Self { tensor: tensor.detach(), elements: PhantomData }
    }

    /// Copies a tensor of `autodiff` to a device.
    ///
    /// # Panics
    /// Panics if the device has no memory left.
    #[track_caller]
    pub fn from_host(numbers: &autodiff::Tensor<T>, device: &Device) -> Self {
        match Tensor::from_vec(numbers.to_vec(), &**numbers.shape(), device) {
            Ok(tensor) => Self::new(tensor),
            Err(error) => panic!("Array::from_host: {error}"),
        }
    }

    /// The tensor of candle, which shares the elements.
    pub fn tensor(&self) -> &Tensor {
        &self.tensor
    }
}
