//! Basic autoencoders with a code smaller than the input, trained on ‖r(x) − x‖².

use super::{Curves, Setting, Sizes, fit};
use autodiff::prelude::*;
use nn::data::Digits;
use nn::{Autoencoder, EncoderDecoder, Init, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// A trained autoencoder and its figures.
pub struct Basic {
    /// The model.
    pub model: Autoencoder<Tensor<f32>>,
    /// The squared error by epoch.
    pub curves: Curves,
    /// The squared error of the test reconstructions.
    pub test_sq: f64,
}

/// The linear autoencoder, 64-8-64 on the digits. Its optimum spans the first principal components.
pub fn linear(digits: &Digits<f32>, setting: Setting) -> Basic {
    let Sizes { pixels, code, .. } = Sizes::of(digits);
    train(digits, setting, &[pixels, code], Transfer::Linear, (1e-2, 32, 100))
}

/// The deep autoencoder, 64-64-8-64-64 on the digits, with tanh units and a linear code.
pub fn deep(digits: &Digits<f32>, setting: Setting) -> Basic {
    let Sizes { pixels, hidden, code, .. } = Sizes::of(digits);
    train(digits, setting, &[pixels, hidden, code], Transfer::Tanh, (3e-3, 32, 200))
}

/// The same with a code of two units, which can be drawn as a plane.
pub fn plane(digits: &Digits<f32>, setting: Setting) -> Basic {
    let Sizes { pixels, hidden, .. } = Sizes::of(digits);
    train(digits, setting, &[pixels, hidden, 2], Transfer::Tanh, (5e-3, 32, 300))
}

/// The squared error of the test images, rebuilt from the first principal components of the training images, for each of
/// these numbers of components. No linear autoencoder has a smaller error on the training images.
pub fn principal<const N: usize>(digits: &Digits<f32>, components: [usize; N]) -> [f64; N] {
    let (train, test) = (&digits.train.x, &digits.test.x);
    let mean = train.mean_axis(0);
    let (centred, test) = (train - &mean, test - &mean);
    let covariance = centred.t_matmul(&centred).map(|&x| f64::from(x));
    // In ascending order of the variance.
    let vectors = covariance.eigh().1.map(|&x| x as f32);
    let pixels = vectors.shape()[0];
    components.map(|k| {
        let span = vectors.slice(1, pixels - k, pixels);
        metrics::squared_error(&test.matmul(&span).matmul_t(&span), &test)
    })
}

fn train(
    digits: &Digits<f32>,
    setting: Setting,
    sizes: &[usize],
    transfer: Transfer,
    plan: (f64, usize, usize),
) -> Basic {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let plan = Sizes::of(digits).plan(setting, plan);
    let (x, test) = (&digits.train.x, &digits.test.x);
    // The page shows these lines.
    let ae = Autoencoder::new(sizes, transfer, Init::GlorotUniform, rng);
    let (model, curves) = fit(ae, (x, Some(test)), plan, rng, |tape, ae, x, _| {
        let x = tape.constant(x.clone());
        loss::squared_error(&ae.forward(x), x)
    });
    // Up to here.
    let test_sq = metrics::squared_error(&model.forward(test), test);
    Basic { model, curves, test_sq }
}
