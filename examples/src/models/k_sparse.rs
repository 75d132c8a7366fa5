//! The k-sparse autoencoder, 64-128 on the digits, with tied weights: only the k largest code units stay active.

use super::{Curves, Setting, Sizes, fit, probe};
use autodiff::prelude::*;
use nn::autoencoder::k_sparse::{KSparse as Model, Selection, anneal, dead_units};
use nn::data::Digits;
use nn::{Init, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// A trained k-sparse autoencoder and its figures.
pub struct KSparse {
    /// The model.
    pub model: Model<Tensor<f32>>,
    /// The squared error by epoch.
    pub curves: Curves,
    /// The squared error of the test reconstructions from k units.
    pub test_sq: f64,
    /// The smallest and the largest number of non-zero code units over the test images.
    pub active: [usize; 2],
    /// The number of units that are 0 for every training image.
    pub dead: usize,
    /// The test accuracy of logistic regression on the codes.
    pub probe_accuracy: f64,
}

/// Trains with a sparsity that falls from 2k to k over the first half of training.
pub fn train(digits: &Digits<f32>, k: usize, setting: Setting) -> KSparse {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let (sizes, x, test) = (Sizes::of(digits), &digits.train.x, &digits.test.x);
    let plan = sizes.plan(setting, (3e-3, 32, 200));
    let Sizes { pixels, wide, .. } = sizes;
    // The page shows these lines.
    let model = Model::new(pixels, wide, Init::GlorotUniform, rng);
    let (model, curves) = fit(model, (x, Some(test)), plan, rng, |tape, model, x, progress| {
        let x = tape.constant(x.clone());
        loss::squared_error(&model.forward(x, anneal(2 * k, k, progress), Selection::Thresholds), x)
    });
    // Up to here.
    let h = model.encode(test, k, Selection::Sorting);
    let counts = h.map(|&h| if h == 0.0 { 0.0 } else { 1.0f64 }).sum_axis(1);
    KSparse {
        test_sq: metrics::squared_error(&model.decode(&h), test),
        active: [counts.min(), counts.max()].map(|count| count.item() as usize),
        dead: dead_units(&model.encode(x, k, Selection::Sorting)),
        probe_accuracy: probe(digits, |x| model.encode(x, k, Selection::Sorting)),
        model,
        curves,
    }
}
