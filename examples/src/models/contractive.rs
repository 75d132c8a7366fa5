//! The contractive autoencoder, 64-128 on the digits, with tied weights and sigmoid units, penalised by λ·‖∂h/∂x‖².

use super::{Curves, Setting, Sizes, cross_entropy, fit, probe};
use autodiff::prelude::*;
use nn::autoencoder::contractive::{Method, penalty};
use nn::data::Digits;
use nn::{EncoderDecoder, Init, TiedAutoencoder, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// A trained contractive autoencoder and its figures.
pub struct Contractive {
    /// The model; its output is the logits of the pixels.
    pub model: TiedAutoencoder<Tensor<f32>>,
    /// The cross-entropy by epoch, without the penalty.
    pub curves: Curves,
    /// The cross-entropy of the test reconstructions, summed over pixels.
    pub test_bce: f64,
    /// The mean of ‖J(x)‖²_F over the test images, where J = ∂h/∂x is the Jacobian of the encoder.
    pub jacobian_sq: f64,
    /// The test accuracy of logistic regression on the codes.
    pub probe_accuracy: f64,
}

/// Trains on the cross-entropy plus λ·‖J(x)‖²_F. With λ = 0 it is a basic autoencoder, for comparison.
pub fn train(digits: &Digits<f32>, lambda: f64, setting: Setting) -> Contractive {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let (sizes, x, test) = (Sizes::of(digits), &digits.train.x, &digits.test.x);
    let plan = sizes.plan(setting, (1e-2, 32, 150));
    let Sizes { pixels, wide, .. } = sizes;
    // The page shows these lines.
    let ae = TiedAutoencoder::new(&[pixels, wide], Transfer::Sigmoid, Init::GlorotUniform, rng);
    let ae = ae.with_code(Transfer::Sigmoid);
    let (model, curves) = fit(ae, (x, Some(test)), plan, rng, |tape, ae, x, _| {
        let x = tape.constant(x.clone());
        let error = tape.term("cross-entropy", loss::binary_cross_entropy(&ae.forward(x), x));
        error + penalty(&ae.encoder, x, Method::Exact) * lambda
    });
    // Up to here.
    let test_bce = cross_entropy(&model.forward(test), test);
    let jacobian_sq = nn::autoencoder::contractive::layered(&model.encoder, test).item().into();
    let probe_accuracy = probe(digits, |x| model.encode(x));
    Contractive { model, curves, test_bce, jacobian_sq, probe_accuracy }
}
