//! Stacked autoencoders: deep networks whose layers are trained one by one, and then together.

use super::basic::{Autoencoder, EncoderDecoder};
use crate::network::{Init, Input, Linear, Mlp, Transfer, TransferFunction, check_sizes};
use autodiff::prelude::*;
use rand::Rng;

/// Greedy layer-wise pre-training (Bengio et al. 2007; Vincent et al. 2010, section 3.5): an autoencoder of one layer
/// learns to reconstruct x, the next one learns to reconstruct its codes, and so on. Returns one deep autoencoder with
/// the encoders in order and the decoders in reverse.
///
/// `sizes` are the numbers of units, from the features to the last code; `transfer` applies to every code. The function
/// `train(l, ae, data)` trains layer l, counted from 0. It gets an autoencoder with drawn weights and the data to
/// reconstruct, \[n, features or code\], and returns the trained autoencoder. It may corrupt and penalise.
///
/// Each decoder ends in weighted inputs. They are logits if `transfer` is a sigmoid and the loss a cross-entropy. In
/// the deep autoencoder, `transfer` follows each decoder but the last. So a loss that compares reconstructions of a
/// code (l > 0) should take `transfer.apply(&ae.forward(x))`.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Init, Trainer, Transfer, autoencoder::{EncoderDecoder, stacked}, loss};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let x = Tensor::<f64>::uniform([20, 6], 0.0, 1.0, rng);
/// let deep = stacked::pretrain(&x, &[6, 5, 3], Transfer::Sigmoid, Init::GlorotUniform, rng, |_, ae, x| {
///     let mut trainer = Trainer::new(ae, Adam::new(0.01));
///     for _ in 0..10 {
///         trainer.step(x, &mut (), |tape, ae, x, _| {
///             let x = tape.constant(x.clone());
///             loss::binary_cross_entropy(&ae.forward(&x), &x)
///         }).unwrap();
///     }
///     trainer.model
/// });
/// assert_eq!(deep.encode(&x).shape(), [20, 3]);
/// let classifier = stacked::classifier(&deep, 10, Init::GlorotUniform, rng); // to be fine-tuned
/// assert_eq!(classifier.forward(&x).shape(), [20, 10]);
/// ```
///
/// # Panics
/// Panics if fewer than two sizes are given, if one is 0, or if x does not have as many columns as the first size says.
#[track_caller]
pub fn pretrain<T: Element, F: TransferFunction + From<Transfer>, R: Rng>(
    x: &Tensor<T>,
    sizes: &[usize],
    transfer: F,
    init: Init,
    rng: &mut R,
    mut train: impl FnMut(usize, Autoencoder<Tensor<T>, F>, &Tensor<T>) -> Autoencoder<Tensor<T>, F>,
) -> Autoencoder<Tensor<T>, F> {
    check_sizes("pretrain", sizes, "the features and a code");
    Input::new("pretrain", "the first layer", "x").check(x.shape(), sizes[0]);
    let (mut encoders, mut decoders): (Vec<Linear<Tensor<T>>>, Vec<_>) = Default::default();
    let mut data = x.clone();
    for (l, pair) in sizes.windows(2).enumerate() {
        let ae = Autoencoder::new(pair, transfer.clone(), init, rng).with_code(transfer.clone());
        let Autoencoder { encoder, decoder } = train(l, ae, &data);
        data = encoder.run(&Input::new("pretrain", "the trained encoder", "data"), &data);
        encoders.extend(encoder.layers);
        decoders.splice(0..0, decoder.layers);
    }
    let all = |layers: Vec<_>| Mlp { transfers: vec![transfer.clone(); layers.len()], layers };
    Autoencoder { encoder: all(encoders), decoder: all(decoders).with_output(Transfer::Linear) }
}

/// The encoder with a new layer on top that gives logits of classes, with drawn weights and zero biases: a network to
/// be fine-tuned with labels, all layers together.
///
/// # Panics
/// Panics if the encoder has no layers, or not as many transfer functions as layers.
#[track_caller]
pub fn classifier<T: Element, F: TransferFunction + From<Transfer>>(
    ae: &Autoencoder<Tensor<T>, F>,
    classes: usize,
    init: Init,
    rng: &mut impl Rng,
) -> Mlp<Tensor<T>, F> {
    ae.encoder.check_transfers("classifier");
    let Mlp { mut layers, mut transfers } = ae.encoder.clone();
    let Some(last) = layers.last() else { panic!("classifier: the encoder has no layers") };
    layers.push(Linear::new(last.weight.shape()[0], classes, init, rng));
    transfers.push(Transfer::Linear.into());
    Mlp { layers, transfers }
}
