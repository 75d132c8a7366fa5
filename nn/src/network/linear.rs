//! A fully connected layer.

use super::init::Init;
use super::input::Input;
use autodiff::prelude::*;
use rand::Rng;

/// The affine map y = x·Wᵀ + b: each output is a weighted sum of the inputs plus a bias.
///
/// The weights are stored as \[out, in\]: row j holds the weights of output j, as in the textbook's Wˡ and in PyTorch's
/// files. The bias, \[out\], is the weight of an input that is always +1.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Linear<V> {
    /// W, \[out, in\].
    pub weight: V,
    /// b, \[out\].
    pub bias: V,
}

autodiff::tree!(Linear { weight, bias });

impl<V: Value> Linear<V> {
    /// x·Wᵀ + b for a batch, \[n, in\] → \[n, out\], or for one sample, \[in\] → \[out\]. A layer of variables takes a plain
    /// tensor too, as a constant.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let layer = nn::Linear { weight: Tensor::from([[1.0, 2.0]]), bias: Tensor::from([10.0]) };
    /// assert_eq!(layer.forward(&Tensor::from([3.0, 4.0])).to_vec(), [21.0]);
    /// ```
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as the weights, or if weights and bias do not fit each other.
    #[track_caller]
    pub fn forward(&self, x: impl Operand<V>) -> V {
        self.run(&Input::new("Linear::forward", "the layer", "x"), 0, &x.cast(&self.weight))
    }

    /// As [`forward`](Linear::forward), as layer `l` of a network with the given input.
    #[inline]
    #[track_caller]
    pub(crate) fn run(&self, input: &Input, l: usize, x: &V) -> V {
        match x.try_affine(&self.weight, &self.bias) {
            Ok(y) => y,
            Err(_) => refuse(input, l, &self.weight.shape(), &self.bias.shape(), &x.shape()),
        }
    }

    /// Panics at the caller's line unless layer `l` of a network takes values of this shape.
    #[track_caller]
    pub(crate) fn check(&self, input: &Input, l: usize, x: &Shape) {
        let (weight, bias) = (self.weight.shape(), self.bias.shape());
        let fits = matches!((&*weight, &*bias, &**x), ([out, inputs], [b], [.., x]) if out == b && inputs == x);
        if !fits {
            refuse(input, l, &weight, &bias, x);
        }
    }
}

#[cold]
#[track_caller]
fn refuse(input: &Input, l: usize, weight: &Shape, bias: &Shape, x: &Shape) -> ! {
    let function = input.function;
    let alike = weight.rank() == 2 && bias.rank() == 1 && weight[0] == bias[0];
    assert!(alike, "{function}: layer {l} has weights {weight} and a bias {bias}: [out, in] and [out] are needed");
    if l == 0 {
        input.check(x, weight[1]);
    }
    panic!("{function}: layer {l} takes {} features, but the layer before it gives shape {x}", weight[1])
}

impl<T: Element> Linear<Tensor<T>> {
    /// A layer with drawn weights and zero biases.
    pub fn new(inputs: usize, outputs: usize, init: Init, rng: &mut impl Rng) -> Self {
        Self { weight: init.draw(outputs, inputs, rng), bias: Tensor::zeros([outputs]) }
    }
}
