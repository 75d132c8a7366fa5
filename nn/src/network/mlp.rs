//! The multilayer perceptron.

use super::init::Init;
use super::input::Input;
use super::linear::Linear;
use super::transfer::Transfer;
use autodiff::prelude::*;
use rand::Rng;

/// A multilayer perceptron g(x) = fᴸ(Wᴸ·f(… f(W¹·x + b¹) …) + bᴸ): layers one after the other, each followed by its
/// transfer function.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Mlp, Transfer, loss};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let mlp = Mlp::new(&[4, 8, 3], Transfer::Tanh, Init::GlorotUniform, rng);
/// let x = Tensor::<f64>::uniform([5, 4], 0.0, 1.0, rng);
/// assert_eq!(*mlp.forward(&x).shape(), [5, 3].into()); // inference: no tape
///
/// let labels = Tensor::from([0, 1, 2, 1, 0]);
/// let (_, gradient) = value_and_grad(&mlp, |tape, mlp| {
///     loss::cross_entropy(&mlp.forward(&tape.constant(x)), &labels)
/// });
/// assert_eq!(gradient.layers[1].weight.shape(), mlp.layers[1].weight.shape());
/// assert_eq!(gradient.paths()[0], "layers.0.weight");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp<V> {
    /// W¹, b¹, …, Wᴸ, bᴸ.
    pub layers: Vec<Linear<V>>,
    /// f, after all layers but the last.
    pub hidden: Transfer,
    /// fᴸ, after the last layer.
    pub output: Transfer,
}

autodiff::tree!(Mlp { layers | hidden, output });

impl<V: Value> Mlp<V> {
    /// g(x) for a batch, \[n, in\] → \[n, out\], or for one sample, \[in\] → \[out\].
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as the first layer's weights, or if the layers do not fit each other.
    #[track_caller]
    pub fn forward(&self, x: &V) -> V {
        self.run(&Input::new("Mlp::forward", "the network", "x"), x)
    }

    /// As [`forward`](Mlp::forward), with messages in the words of the caller.
    #[inline]
    #[track_caller]
    pub(crate) fn run(&self, input: &Input, x: &V) -> V {
        let mut a = x.clone();
        for (l, layer) in self.layers.iter().enumerate() {
            a = self.transfer(l).apply(&layer.run(input, l, &a));
        }
        a
    }

    /// The transfer function after layer `l`, counted from 0.
    pub fn transfer(&self, l: usize) -> Transfer {
        if l + 1 < self.layers.len() { self.hidden } else { self.output }
    }

    /// Collapses a network with linear transfer functions into one layer: W = Wᴸ·…·W¹ and b = Wᴸ·(… b¹ …) + bᴸ. Without
    /// a non-linear function, depth adds nothing.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::{Init, Mlp, Transfer};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let deep = Mlp::new(&[4, 8, 8, 3], Transfer::Linear, Init::GlorotUniform, rng);
    /// let x = Tensor::<f64>::normal([5, 4], 0.0, 1.0, rng);
    /// assert!(deep.as_one_layer().forward(&x).approx(&deep.forward(&x), 1e-14).is_ok());
    /// ```
    ///
    /// # Panics
    /// Panics if there is no layer, or if a transfer function is not `Linear`.
    #[track_caller]
    pub fn as_one_layer(&self) -> Linear<V> {
        let [first, rest @ ..] = &self.layers[..] else { panic!("as_one_layer: there is no layer") };
        if let Some(f) = (0..self.layers.len()).map(|l| self.transfer(l)).find(|f| *f != Transfer::Linear) {
            panic!("as_one_layer: {f:?} is not linear, so depth matters");
        }
        let input = Input::new("as_one_layer", "the network", "bias");
        let mut one = first.clone();
        for (layer, l) in rest.iter().zip(1..) {
            let bias = layer.run(&input, l, &one.bias);
            one = Linear { weight: layer.weight.matmul(&one.weight), bias };
        }
        one
    }

    /// The same network with another transfer function after the last layer.
    pub fn with_output(self, output: Transfer) -> Self {
        Self { output, ..self }
    }
}

impl<T: Element> Mlp<Tensor<T>> {
    /// A network with the given numbers of units, inputs first: drawn weights, zero biases, and a linear output.
    ///
    /// # Panics
    /// Panics if fewer than two sizes are given, or if one is 0.
    #[track_caller]
    pub fn new(sizes: &[usize], hidden: Transfer, init: Init, rng: &mut impl Rng) -> Self {
        check_sizes("Mlp", sizes, "an input and an output");
        let layers = sizes.windows(2).map(|pair| Linear::new(pair[0], pair[1], init, rng)).collect();
        Self { layers, hidden, output: Transfer::Linear }
    }
}

/// Panics at the caller's line unless at least two numbers of units are given, all above 0.
#[track_caller]
pub(crate) fn check_sizes(function: &str, sizes: &[usize], needed: &str) {
    assert!(sizes.len() >= 2, "{function}: sizes {sizes:?}: at least {needed} are needed");
    assert!(!sizes.contains(&0), "{function}: sizes {sizes:?}: each must be above 0");
}
