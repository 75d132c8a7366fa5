//! The multilayer perceptron.

use super::init::Init;
use super::input::Input;
use super::linear::Linear;
use super::transfer::{Transfer, TransferFunction};
use autodiff::prelude::*;
use rand::Rng;
use std::borrow::Cow;

/// A multilayer perceptron g(x) = fᴸ(Wᴸ·fᴸ⁻¹(… f¹(W¹·x + b¹) …) + bᴸ), the chapter's network of section 3.5: layers one
/// after the other, each followed by its transfer function.
///
/// `F` is the type of the transfer functions: the usual ones, or your own (see [`TransferFunction`]).
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Mlp, Transfer, loss};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let mlp = Mlp::new(&[4, 8, 3], Transfer::Tanh, Init::GlorotUniform, rng);
/// let x = Tensor::<f64>::uniform([5, 4], 0.0, 1.0, rng);
/// assert_eq!(mlp.forward(&x).shape(), [5, 3]); // inference: no tape
///
/// let labels = Tensor::from([0, 1, 2, 1, 0]);
/// let (_, gradient) = value_and_grad(&mlp, |_, mlp| {
///     loss::cross_entropy(&mlp.forward(&x), &labels)
/// });
/// assert_eq!(gradient.layers[1].weight.shape(), mlp.layers[1].weight.shape());
/// assert_eq!(gradient.paths()[0], "layers.0.weight");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "super::serde::Parts<V, F>")
)]
pub struct Mlp<V, F = Transfer> {
    /// W¹, b¹, …, Wᴸ, bᴸ.
    pub layers: Vec<Linear<V>>,
    /// f¹, …, fᴸ: one after each layer.
    pub transfers: Vec<F>,
}

autodiff::tree!(Mlp<V, F: TransferFunction> { layers | transfers });

impl<V: Value, F: TransferFunction> Mlp<V, F> {
    /// g(x) for a batch, \[n, in\] → \[n, out\], or for one sample, \[in\] → \[out\]. A network of variables takes a
    /// plain tensor too, as a constant.
    ///
    /// # Panics
    /// Panics if `x` does not have as many columns as the first layer's weights, if the layers do not fit each other,
    /// or if there are not as many transfer functions as layers.
    #[track_caller]
    pub fn forward(&self, x: impl Operand<V>) -> V {
        let x = self.operand("Mlp::forward", &x);
        self.run(&Input::new("Mlp::forward", "the network", "x"), &x)
    }

    /// An input as a value of the kind of the weights.
    ///
    /// # Panics
    /// Panics if there is no layer.
    #[track_caller]
    pub(crate) fn operand<'a>(&self, function: &str, x: &'a impl Operand<V>) -> Cow<'a, V> {
        let Some(first) = self.layers.first() else { panic!("{function}: there is no layer") };
        x.cast(&first.weight)
    }

    /// As [`forward`](Mlp::forward), with messages in the words of the caller.
    #[inline]
    #[track_caller]
    pub(crate) fn run(&self, input: &Input, x: &V) -> V {
        let mut a = x.clone();
        for (l, (layer, f)) in self.pairs(input.function).enumerate() {
            a = f.apply(&layer.run(input, l, &a));
        }
        a
    }

    /// zᴸ, the weighted inputs of the last layer; x if there is no layer.
    #[track_caller]
    pub(crate) fn run_to_last_inputs(&self, input: &Input, x: &V) -> V {
        let mut a = x.clone();
        for (l, (layer, f)) in self.pairs(input.function).enumerate() {
            let z = layer.run(input, l, &a);
            a = if l + 1 < self.layers.len() { f.apply(&z) } else { z };
        }
        a
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
        self.check_transfers("as_one_layer");
        let [first, rest @ ..] = &self.layers[..] else { panic!("as_one_layer: there is no layer") };
        if let Some(f) = self.transfers.iter().find(|f| f.standard() != Some(Transfer::Linear)) {
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
}

impl<V, F> Mlp<V, F> {
    /// Each layer with its transfer function.
    ///
    /// # Panics
    /// Panics at the caller's line unless there are as many transfer functions as layers.
    #[inline]
    #[track_caller]
    pub(crate) fn pairs(
        &self,
        function: &str,
    ) -> impl DoubleEndedIterator<Item = (&Linear<V>, &F)> + ExactSizeIterator {
        self.check_transfers(function);
        self.layers.iter().zip(&self.transfers)
    }

    /// Panics at the caller's line unless there are as many transfer functions as layers.
    #[inline]
    #[track_caller]
    pub(crate) fn check_transfers(&self, function: &str) {
        let (layers, transfers) = (self.layers.len(), self.transfers.len());
        assert!(layers == transfers, "{function}: there are {layers} layers, but {transfers} transfer functions");
    }

    /// The same network with another transfer function after the last layer.
    ///
    /// # Panics
    /// Panics if there is no layer.
    #[must_use]
    #[track_caller]
    pub fn with_output(mut self, output: impl Into<F>) -> Self {
        let Some(last) = self.transfers.last_mut() else { panic!("with_output: there is no layer") };
        *last = output.into();
        self
    }
}

impl<T: Element, F: Clone> Mlp<Tensor<T>, F> {
    /// A network with the given numbers of units, inputs first: drawn weights, zero biases, `hidden` after all layers
    /// but the last, and a linear output. A function f of your own is passed as [`Mixed::Own(f)`](crate::Mixed::Own),
    /// so that the output can be linear; [`with_transfers`](Mlp::with_transfers) takes one for each layer.
    ///
    /// # Panics
    /// Panics if fewer than two sizes are given, or if one is 0.
    #[track_caller]
    pub fn new(sizes: &[usize], hidden: F, init: Init, rng: &mut impl Rng) -> Self
    where
        F: From<Transfer>,
    {
        check_sizes("Mlp", sizes, "an input and an output");
        let mut transfers = vec![hidden; sizes.len() - 1];
        transfers[sizes.len() - 2] = Transfer::Linear.into();
        Self::with_transfers(sizes, &transfers, init, rng)
    }

    /// A network with the given numbers of units, inputs first, and the transfer functions f¹, …, fᴸ: drawn weights and
    /// zero biases.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::{Init, Mlp, Transfer};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let functions = [Transfer::Relu, Transfer::Tanh, Transfer::Softmax];
    /// let mlp = Mlp::with_transfers(&[4, 8, 6, 3], &functions, Init::HeNormal, &mut StdRng::seed_from_u64(0));
    /// assert!((mlp.forward(&Tensor::<f64>::ones([4])).sum().item() - 1.0).abs() < 1e-15);
    /// ```
    ///
    /// # Panics
    /// Panics if fewer than two sizes are given, if one is 0, or unless there is a transfer function for each size but
    /// the first.
    #[track_caller]
    pub fn with_transfers(sizes: &[usize], transfers: &[F], init: Init, rng: &mut impl Rng) -> Self {
        check_sizes("Mlp", sizes, "an input and an output");
        let (layers, given) = (sizes.len() - 1, transfers.len());
        assert!(given == layers, "Mlp: sizes {sizes:?} make {layers} layers, but {given} transfer functions are given");
        let layers = sizes.windows(2).map(|pair| Linear::new(pair[0], pair[1], init, rng)).collect();
        Self { layers, transfers: transfers.to_vec() }
    }
}

/// Panics at the caller's line unless at least two numbers of units are given, all above 0.
#[track_caller]
pub(crate) fn check_sizes(function: &str, sizes: &[usize], needed: &str) {
    assert!(sizes.len() >= 2, "{function}: sizes {sizes:?}: at least {needed} are needed");
    assert!(!sizes.contains(&0), "{function}: sizes {sizes:?}: each must be above 0");
}
