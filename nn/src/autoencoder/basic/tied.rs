//! Tied weights: a decoder that uses the encoder's weights transposed.

use super::encoder_decoder::EncoderDecoder;
use crate::network::{Init, Input, Mlp, Transfer, TransferFunction, check_sizes};
use autodiff::prelude::*;
use rand::Rng;

/// An autoencoder whose decoder uses the encoder's weights transposed, from the last layer to the first, with its own
/// biases: aˡ⁻¹ = fˡ⁻¹(aˡ·Wˡ + cˡ). It has half of the parameters, and weights cannot grow on one side and shrink on the
/// other (Vincent et al. 2010, section 2.2).
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, TiedAutoencoder, Transfer, autoencoder::EncoderDecoder};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let ae = TiedAutoencoder::<Tensor<f32>>::new(&[64, 32, 8], Transfer::Tanh, Init::GlorotUniform, rng);
/// let x = Tensor::zeros([5, 64]);
/// assert_eq!(ae.encode(&x).shape(), [5, 8]);
/// assert_eq!(ae.forward(&x).shape(), [5, 64]);
/// assert_eq!(ae.paths()[4], "biases.0");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TiedAutoencoder<V, F = Transfer> {
    /// φ, whose weights ψ shares.
    pub encoder: Mlp<V, F>,
    /// cˡ, of the shape of the inputs of the encoder's layer l. c¹ belongs to the output and is used last.
    pub biases: Vec<V>,
    /// The transfer function of the output, f⁰. Layers inside use those of the encoder.
    pub output: F,
}

autodiff::tree!(TiedAutoencoder<V, F: TransferFunction> { encoder, biases | output });

impl<V: Value, F: TransferFunction> EncoderDecoder<V, F> for TiedAutoencoder<V, F> {
    fn encoder(&self) -> &Mlp<V, F> {
        &self.encoder
    }

    fn encoder_mut(&mut self) -> &mut Mlp<V, F> {
        &mut self.encoder
    }

    /// # Panics
    /// Panics also if the number of biases or of transfer functions is not the number of layers.
    #[track_caller]
    fn decode(&self, h: &V) -> V {
        self.encoder.check_transfers("TiedAutoencoder::decode");
        let (layers, biases) = (&self.encoder.layers, &self.biases);
        assert!(
            layers.len() == biases.len(),
            "TiedAutoencoder::decode: there are {} layers, but {} biases",
            layers.len(),
            biases.len()
        );
        let mut a = h.clone();
        for (l, (layer, bias)) in layers.iter().zip(biases).enumerate().rev() {
            let (weight, bias_shape) = (layer.weight.shape(), bias.shape());
            let fits = matches!((&*weight, &*bias_shape), ([_, inputs], [b]) if inputs == b);
            assert!(
                fits,
                "TiedAutoencoder::decode: layer {l} has weights {weight}, but its bias has shape {bias_shape}"
            );
            Input::new("TiedAutoencoder::decode", "the decoder", "h").check(&a.shape(), weight[0]);
            let transfer = if l == 0 { &self.output } else { &self.encoder.transfers[l - 1] };
            a = transfer.apply(&(a.matmul(&layer.weight) + bias));
        }
        a
    }
}

impl<T: Element, F: TransferFunction + From<Transfer>> TiedAutoencoder<Tensor<T>, F> {
    /// Makes an autoencoder whose encoder has the given numbers of units, from the features to the code. Weights are
    /// drawn, biases are 0, and the code and the output are linear.
    ///
    /// # Panics
    /// Panics if fewer than two sizes are given, or if one is 0.
    #[track_caller]
    pub fn new(sizes: &[usize], hidden: F, init: Init, rng: &mut impl Rng) -> Self {
        check_sizes("TiedAutoencoder", sizes, "the features and a code");
        let encoder = Mlp::new(sizes, hidden, init, rng);
        let biases = sizes[..sizes.len() - 1].iter().map(|&inputs| Tensor::zeros([inputs])).collect();
        Self { encoder, biases, output: Transfer::Linear.into() }
    }
}
