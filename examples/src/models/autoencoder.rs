//! Basic autoencoders with a code smaller than the input, trained on ‖r(x) − x‖².

use super::{Setting, fit};
use autodiff::prelude::*;
use nn::data::Digits;
use nn::{Autoencoder, EncoderDecoder, Init, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// A trained autoencoder and its figures.
pub struct Basic {
    /// The model.
    pub model: Autoencoder<Tensor<f32>>,
    /// The mean training loss of each epoch.
    pub history: Vec<f64>,
    /// The squared error of the test reconstructions.
    pub test_sq: f64,
}

/// The linear autoencoder 64-8-64. Its optimum spans the first 8 principal components.
pub fn linear_8(digits: &Digits<f32>, setting: Setting) -> Basic {
    train(digits, setting, &[64, 8], Transfer::Linear, (1e-2, 32, 100))
}

/// The deep autoencoder 64-64-8-64-64, with tanh units and a linear code.
pub fn deep_8(digits: &Digits<f32>, setting: Setting) -> Basic {
    train(digits, setting, &[64, 64, 8], Transfer::Tanh, (3e-3, 32, 200))
}

/// The deep autoencoder 64-64-2-64-64, with tanh units and a linear code of two units, which can be drawn as a plane.
pub fn deep_2(digits: &Digits<f32>, setting: Setting) -> Basic {
    train(digits, setting, &[64, 64, 2], Transfer::Tanh, (5e-3, 32, 300))
}

fn train(
    digits: &Digits<f32>,
    setting: Setting,
    sizes: &[usize],
    transfer: Transfer,
    (rate, batch, epochs): (f64, usize, usize),
) -> Basic {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    // The page shows these lines.
    let ae = Autoencoder::new(sizes, transfer, Init::GlorotUniform, rng);
    let plan = (rate, batch, setting.epochs.unwrap_or(epochs));
    let (model, history) = fit(ae, &digits.train.x, plan, rng, |tape, ae, x, _| {
        let x = tape.constant(x.clone());
        loss::squared_error(&ae.forward(&x), &x)
    });
    // Up to here.
    let test_sq = metrics::squared_error(&model.forward(&digits.test.x), &digits.test.x);
    Basic { model, history, test_sq }
}
