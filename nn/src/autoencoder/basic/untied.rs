//! The basic autoencoder: an encoder and a decoder.

use super::encoder_decoder::EncoderDecoder;
use crate::network::{Init, Input, Mlp, Transfer, TransferFunction, check_sizes};
use autodiff::prelude::*;
use rand::Rng;

/// The basic autoencoder: a code h = φ(x) and a reconstruction ψ(h), trained to minimise ‖x − ψ(φ(x))‖²
/// ([`loss::squared_error`](crate::loss::squared_error)), or a cross-entropy for x in \[0, 1\].
///
/// With fewer units in the code than in x (undercomplete), it must find what matters. If it is linear and trained with
/// the squared error, it finds the span of the first principal components (Baldi and Hornik 1989). With more units
/// (overcomplete) it may learn to copy, unless something constrains the code: see [the other
/// kinds](crate::autoencoder). For a cross-entropy, the output stays linear and holds logits; the reconstruction is
/// their sigmoid.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Autoencoder<V, F = Transfer> {
    /// φ.
    pub encoder: Mlp<V, F>,
    /// ψ.
    pub decoder: Mlp<V, F>,
}

autodiff::tree!(Autoencoder<V, F: TransferFunction> { encoder, decoder });

impl<V: Value, F: TransferFunction> EncoderDecoder<V, F> for Autoencoder<V, F> {
    fn encoder(&self) -> &Mlp<V, F> {
        &self.encoder
    }

    fn encoder_mut(&mut self) -> &mut Mlp<V, F> {
        &mut self.encoder
    }

    #[track_caller]
    fn decode(&self, h: &V) -> V {
        self.decoder.run(&Input::new("decode", "the decoder", "h"), h)
    }
}

impl<T: Element, F: TransferFunction + From<Transfer>> Autoencoder<Tensor<T>, F> {
    /// Makes an autoencoder. The encoder has the given numbers of units, from the features to the code, and the decoder
    /// mirrors it. Weights are drawn, biases are 0, and the code and the output are linear.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::{Autoencoder, Init, Transfer, autoencoder::EncoderDecoder};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let ae = Autoencoder::<Tensor<f32>>::new(&[64, 32, 8], Transfer::Tanh, Init::GlorotUniform, rng);
    /// let x = Tensor::zeros([5, 64]);
    /// assert_eq!(ae.encode(&x).shape(), [5, 8]);
    /// assert_eq!(ae.forward(&x).shape(), [5, 64]);
    /// assert_eq!(ae.paths()[6], "decoder.layers.1.weight");
    /// ```
    ///
    /// # Panics
    /// Panics if fewer than two sizes are given, or if one is 0.
    #[track_caller]
    pub fn new(sizes: &[usize], hidden: F, init: Init, rng: &mut impl Rng) -> Self {
        check_sizes("Autoencoder", sizes, "the features and a code");
        let mirrored: Vec<usize> = sizes.iter().rev().copied().collect();
        Self { encoder: Mlp::new(sizes, hidden.clone(), init, rng), decoder: Mlp::new(&mirrored, hidden, init, rng) }
    }
}
