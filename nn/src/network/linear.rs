//! A fully connected layer.

use super::init::Init;
use autodiff::prelude::*;
use rand::Rng;

/// The affine map y = x·Wᵀ + b: each output is a weighted sum of the inputs plus a bias.
///
/// The weights are stored as \[out, in\]: row j holds the weights of output j, as in the textbook's Wˡ and in PyTorch's
/// files. The bias, \[out\], is the weight of an input that is always +1.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear<V> {
    /// W, \[out, in\].
    pub weight: V,
    /// b, \[out\].
    pub bias: V,
}

autodiff::tree!(Linear { weight, bias });

impl<V: Value> Linear<V> {
    /// x·Wᵀ + b for a batch, \[n, in\] → \[n, out\], or for one sample, \[in\] → \[out\].
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let layer = nn::Linear { weight: Tensor::from([[1.0, 2.0]]), bias: Tensor::from([10.0]) };
    /// assert_eq!(layer.forward(&Tensor::from([3.0, 4.0])).to_vec(), [21.0]);
    /// ```
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as the weights.
    #[track_caller]
    pub fn forward(&self, x: &V) -> V {
        x.affine(&self.weight, &self.bias)
    }
}

impl<T: Element> Linear<Tensor<T>> {
    /// A layer with drawn weights and zero biases.
    pub fn new(inputs: usize, outputs: usize, init: Init, rng: &mut impl Rng) -> Self {
        Self { weight: init.draw(outputs, inputs, rng), bias: Tensor::zeros([outputs]) }
    }
}
