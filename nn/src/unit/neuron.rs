//! The artificial neuron.

use crate::network::{Input, Transfer, TransferFunction};
use autodiff::prelude::*;

/// A single unit y = φ(Σⱼ wⱼxⱼ): a weighted sum of the inputs, followed by a transfer function.
///
/// The sum runs from j = 0: x₀ is always +1 and its weight w₀ is the bias b, so y = φ(b + Σⱼ₌₁ wⱼxⱼ). An input with a
/// positive weight is excitatory, one with a negative weight inhibitory. (McCulloch and Pitts 1943 with a step and
/// fixed weights; Rosenblatt 1958 with learned ones; Haykin 2009, section 1.3, in this notation.)
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Neuron, Transfer};
/// let and = Neuron { weights: Tensor::from([1.0, 1.0]), bias: Tensor::scalar(-1.5), transfer: Transfer::Step(0.0) };
/// let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// assert_eq!(and.forward(&x).to_vec(), [0.0, 0.0, 0.0, 1.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Neuron<V, F = Transfer> {
    /// w₁, …, wₘ: \[in\].
    pub weights: V,
    /// b = w₀, of rank 0.
    pub bias: V,
    /// φ.
    pub transfer: F,
}

autodiff::tree!(Neuron<V, F: TransferFunction> { weights, bias | transfer });

impl<V: Value, F: TransferFunction> Neuron<V, F> {
    /// u = b + Σⱼ wⱼxⱼ for a batch, \[n, in\] → \[n\], or for one sample, \[in\] → \[\].
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as there are weights.
    #[track_caller]
    pub fn weighted_sum(&self, x: impl Operand<V>) -> V {
        self.sum_as("Neuron::weighted_sum", &x.cast(&self.weights))
    }

    #[track_caller]
    fn sum_as(&self, function: &'static str, x: &V) -> V {
        let inputs = self.inputs(function);
        Input::new(function, "the neuron", "x").check(&x.shape(), inputs);
        x.matmul(&self.weights) + &self.bias
    }

    /// The number of inputs.
    ///
    /// # Panics
    /// Panics unless the weights are a vector and the bias is a scalar.
    #[track_caller]
    pub(super) fn inputs(&self, function: &str) -> usize {
        let (weights, bias) = (self.weights.shape(), self.bias.shape());
        let fits = weights.rank() == 1 && bias.rank() == 0;
        assert!(fits, "{function}: the weights have shape {weights} and the bias {bias}: [in] and [] are needed");
        weights[0]
    }

    /// y = φ(u) for a batch, \[n, in\] → \[n\], or for one sample, \[in\] → \[\].
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as there are weights. Panics with softmax, which compares the units
    /// of a layer: a neuron is a single unit.
    #[track_caller]
    pub fn forward(&self, x: impl Operand<V>) -> V {
        self.check_single("Neuron::forward");
        self.transfer.apply(&self.sum_as("Neuron::forward", &x.cast(&self.weights)))
    }

    /// Panics at the caller's line for softmax.
    #[track_caller]
    pub(super) fn check_single(&self, function: &str) {
        let softmax = self.transfer.standard() == Some(Transfer::Softmax);
        assert!(!softmax, "{function}: softmax compares units, but a neuron is one unit");
    }

    /// w₀, w₁, …, wₘ, \[1 + in\]: the weights, with the bias as the weight of an input x₀ = +1.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::{Neuron, Transfer};
    /// let neuron = Neuron { weights: Tensor::from([2.0, -3.0]), bias: Tensor::scalar(0.5), transfer: Transfer::Tanh };
    /// let x = Tensor::from([1.0, 4.0, 5.0]); // x₀ = +1
    /// assert_eq!(neuron.with_bias_input().dot(&x), neuron.weighted_sum(&x.slice(0, 1, 3)));
    /// ```
    ///
    /// # Panics
    /// Panics if the weights are not a vector, or the bias is not a scalar.
    #[track_caller]
    pub fn with_bias_input(&self) -> V {
        self.inputs("with_bias_input");
        V::concat(0, &[&self.bias.unsqueeze(0), &self.weights])
    }

    /// The same neuron with all weights and the bias multiplied by c. For large c, a sigmoid neuron approaches a step:
    /// the difference is less than e^(−c·|u|).
    pub fn steeper(&self, c: f64) -> Self {
        self.map(&mut |_, w| w.scale(c))
    }
}

impl<T: Element, F> Neuron<Tensor<T>, F> {
    /// The indices of the excitatory inputs, from 0.
    pub fn excitatory(&self) -> Vec<usize> {
        self.inputs_where(|w| w > 0.0)
    }

    /// The indices of the inhibitory inputs, from 0.
    pub fn inhibitory(&self) -> Vec<usize> {
        self.inputs_where(|w| w < 0.0)
    }

    fn inputs_where(&self, chosen: impl Fn(f64) -> bool) -> Vec<usize> {
        self.weights.iter().enumerate().filter(|(_, w)| chosen(w.to_f64())).map(|(j, _)| j).collect()
    }
}
