//! The denoising autoencoder, 64-128-64 on the digits, with sigmoid units, trained to reconstruct x from a corrupted x̃.

use super::{Curves, Setting, Sizes, fit};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;
use nn::data::Digits;
use nn::{Autoencoder, EncoderDecoder, Init, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// A trained denoising autoencoder and its figures.
pub struct Denoising {
    /// The model; its output is the logits of the pixels.
    pub model: Autoencoder<Tensor<f32>>,
    /// The cross-entropy with the clean images by epoch.
    pub curves: Curves,
    /// The corrupted test images.
    pub noisy: Tensor<f32>,
    /// The reconstructions from the corrupted test images.
    pub denoised: Tensor<f32>,
    /// The squared error of the corrupted images against the clean ones.
    pub noisy_sq: f64,
    /// The squared error of the reconstructions.
    pub denoised_sq: f64,
}

/// Trains on the cross-entropy with the clean pixels. Each batch is corrupted anew.
pub fn train(digits: &Digits<f32>, corruption: Corruption, setting: Setting) -> Denoising {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let noise = &mut StdRng::seed_from_u64(setting.seed + 1);
    let (sizes, x) = (Sizes::of(digits), &digits.train.x);
    let plan = sizes.plan(setting, (1e-2, 32, 100));
    let Sizes { pixels, wide, .. } = sizes;
    // The page shows these lines.
    let ae = Autoencoder::new(&[pixels, wide], Transfer::Sigmoid, Init::GlorotUniform, rng);
    let ae = ae.with_code(Transfer::Sigmoid);
    let (model, curves) = fit(ae, (x, None), plan, rng, |tape, ae, x, _| {
        let corrupted = tape.constant(corruption.apply(x, noise).x);
        loss::binary_cross_entropy(&ae.forward(corrupted), x)
    });
    // Up to here.
    let clean = &digits.test.x;
    let noisy = corruption.apply(clean, &mut StdRng::seed_from_u64(setting.seed + 2)).x;
    let denoised = model.forward(&noisy).sigmoid();
    let (noisy_sq, denoised_sq) = (metrics::squared_error(&noisy, clean), metrics::squared_error(&denoised, clean));
    Denoising { model, curves, noisy, denoised, noisy_sq, denoised_sq }
}
