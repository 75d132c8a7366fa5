//! The methods that all models with an encoder and a decoder share.

use crate::network::{Input, Mlp, Transfer, TransferFunction};
use autodiff::prelude::*;

/// A model that encodes x as a code h = φ(x) and decodes it as a reconstruction ψ(h).
///
/// An implementation says where the encoder is and how a code is decoded. The other methods follow from these:
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Linear, Mlp, Transfer, autoencoder::EncoderDecoder};
/// use rand::{SeedableRng, rngs::StdRng};
///
/// /// A deep encoder with a linear decoder.
/// struct LinearDecoder<V> {
///     encoder: Mlp<V>,
///     decoder: Linear<V>,
/// }
///
/// impl<V: Value> EncoderDecoder<V> for LinearDecoder<V> {
///     fn encoder(&self) -> &Mlp<V> {
///         &self.encoder
///     }
///     fn encoder_mut(&mut self) -> &mut Mlp<V> {
///         &mut self.encoder
///     }
///     fn decode(&self, h: &V) -> V {
///         self.decoder.forward(h)
///     }
/// }
///
/// let rng = &mut StdRng::seed_from_u64(0);
/// let encoder = Mlp::<Tensor<f32>>::new(&[6, 4, 2], Transfer::Tanh, Init::GlorotUniform, rng);
/// let model = LinearDecoder { encoder, decoder: Linear::new(2, 6, Init::GlorotUniform, rng) };
/// let x = Tensor::zeros([5, 6]);
/// assert_eq!(model.encode(&x).shape(), [5, 2]);
/// assert_eq!(model.forward(&x).shape(), x.shape());
/// ```
///
/// `F` is the type of the encoder's transfer functions.
pub trait EncoderDecoder<V: Value, F: TransferFunction = Transfer>: Sized {
    /// φ.
    fn encoder(&self) -> &Mlp<V, F>;

    /// φ, by mutable reference.
    fn encoder_mut(&mut self) -> &mut Mlp<V, F>;

    /// The reconstruction ψ(h) of a code: \[n, code\] → \[n, features\].
    ///
    /// # Panics
    /// Panics if the number of columns of `h` is not the number of code units.
    #[track_caller]
    fn decode(&self, h: &V) -> V;

    /// The code φ(x): \[n, features\] → \[n, code\]. A model of variables takes a plain tensor too, as a constant.
    ///
    /// # Panics
    /// Panics if the number of columns of `x` is not the number of features.
    #[track_caller]
    fn encode(&self, x: impl Operand<V>) -> V {
        self.encoder().run(&input("encode"), &self.encoder().operand("encode", &x))
    }

    /// The weighted inputs of the code units, before their transfer function: \[n, features\] → \[n, code\]. Penalties
    /// computed from these stay finite when the units saturate.
    ///
    /// # Panics
    /// Panics if the number of columns of `x` is not the number of features.
    #[track_caller]
    fn code_logits(&self, x: impl Operand<V>) -> V {
        self.encoder().run_to_last_inputs(&input("code_logits"), &self.encoder().operand("code_logits", &x))
    }

    /// The reconstruction ψ(φ(x)), of the shape of `x`.
    ///
    /// # Panics
    /// Panics if the number of columns of `x` is not the number of features.
    #[track_caller]
    fn forward(&self, x: impl Operand<V>) -> V {
        self.decode(&self.encoder().run(&input("forward"), &self.encoder().operand("forward", &x)))
    }

    /// The same model with a transfer function on the code, which is linear otherwise.
    ///
    /// # Panics
    /// Panics if the encoder has no layers.
    #[must_use]
    #[track_caller]
    fn with_code(mut self, transfer: impl Into<F>) -> Self {
        let Some(code) = self.encoder_mut().transfers.last_mut() else {
            panic!("with_code: the encoder has no layers")
        };
        *code = transfer.into();
        self
    }
}

/// The features of `x` in the words of a method.
fn input(method: &'static str) -> Input {
    Input::new(method, "the encoder", "x")
}
