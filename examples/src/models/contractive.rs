//! The contractive autoencoder 64-128 with tied weights and sigmoid units, penalised by λ·‖∂h/∂x‖².

use super::{Setting, cross_entropy, fit, probe};
use autodiff::prelude::*;
use nn::autoencoder::contractive::{Method, penalty};
use nn::data::Digits;
use nn::{EncoderDecoder, Init, TiedAutoencoder, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// A trained contractive autoencoder and its figures.
pub struct Contractive {
    /// The model; its output is the logits of the pixels.
    pub model: TiedAutoencoder<Tensor<f32>>,
    /// The mean training loss of each epoch.
    pub history: Vec<f64>,
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
    // The page shows these lines.
    let ae = TiedAutoencoder::new(&[64, 128], Transfer::Sigmoid, Init::GlorotUniform, rng).with_code(Transfer::Sigmoid);
    let plan = (1e-2, 32, setting.epochs.unwrap_or(150));
    let (model, history) = fit(ae, &digits.train.x, plan, rng, |tape, ae, x, _| {
        let x = tape.constant(x.clone());
        let error = loss::binary_cross_entropy(&ae.forward(&x), &x);
        error + penalty(&ae.encoder, x, Method::Exact) * lambda
    });
    // Up to here.
    let x = &digits.test.x;
    let test_bce = cross_entropy(&model.forward(x), x);
    let jacobian_sq = nn::autoencoder::contractive::layered(&model.encoder, x).item().into();
    let probe_accuracy = probe(digits, |x| model.encode(x));
    Contractive { model, history, test_bce, jacobian_sq, probe_accuracy }
}
