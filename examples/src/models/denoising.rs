//! The denoising autoencoder, 64-128-64 with sigmoids.

use super::{Setting, fit};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;
use nn::data::Digits;
use nn::{Autoencoder, EncoderDecoder, Init, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// A trained denoising autoencoder and its figures.
pub struct Denoising {
    /// The model, whose output is logits of the pixels.
    pub model: Autoencoder<Tensor<f32>>,
    /// The mean loss of each epoch.
    pub history: Vec<f64>,
    /// The test images after corruption, \[360, 64\].
    pub noisy: Tensor<f32>,
    /// What the model makes of these, \[360, 64\].
    pub denoised: Tensor<f32>,
    /// The squared error of the corrupted images.
    pub noisy_sq: f64,
    /// The squared error of the reconstructions from these.
    pub denoised_sq: f64,
}

/// Trains with a kind of corruption, fresh at each presentation, and the cross-entropy with the clean pixels.
pub fn train(digits: &Digits<f32>, corruption: Corruption, setting: Setting) -> Denoising {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let noise = &mut StdRng::seed_from_u64(setting.seed + 1);
    let ae = Autoencoder::new(&[64, 128], Transfer::Sigmoid, Init::GlorotUniform, rng).with_code(Transfer::Sigmoid);
    let plan = (1e-2, 32, setting.epochs.unwrap_or(100));
    let (model, history) = fit(ae, &digits.train, plan, rng, |tape, ae, batch, _| {
        let corrupted = tape.constant(corruption.apply(&batch.x, noise).x);
        loss::binary_cross_entropy(&ae.forward(&corrupted), &tape.constant(batch.x.clone()))
    });
    let clean = &digits.test.x;
    let noisy = corruption.apply(clean, &mut StdRng::seed_from_u64(setting.seed + 2)).x;
    let denoised = model.forward(&noisy).sigmoid();
    let (noisy_sq, denoised_sq) = (metrics::squared_error(&noisy, clean), metrics::squared_error(&denoised, clean));
    Denoising { model, history, noisy, denoised, noisy_sq, denoised_sq }
}
