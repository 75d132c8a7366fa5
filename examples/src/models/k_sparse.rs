//! The k-sparse autoencoder 64-128 with tied weights: only the k largest code units stay active.

use super::{Setting, fit, probe};
use autodiff::prelude::*;
use nn::autoencoder::k_sparse::{KSparse as Model, Selection, anneal, dead_units};
use nn::data::Digits;
use nn::{Init, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// A trained k-sparse autoencoder and its figures.
pub struct KSparse {
    /// The model.
    pub model: Model<Tensor<f32>>,
    /// The mean training loss of each epoch.
    pub history: Vec<f64>,
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
    // The page shows these lines.
    let model = Model::new(64, 128, Init::GlorotUniform, rng);
    let plan = (3e-3, 32, setting.epochs.unwrap_or(200));
    let (model, history) = fit(model, &digits.train.x, plan, rng, |tape, model, x, progress| {
        let x = tape.constant(x.clone());
        loss::squared_error(&model.forward(&x, anneal(2 * k, k, progress), Selection::Thresholds), &x)
    });
    // Up to here.
    let x = &digits.test.x;
    let h = model.encode(x, k, Selection::Sorting);
    let counts = h.map(|&h| if h == 0.0 { 0.0 } else { 1.0f64 }).sum_axis(1);
    KSparse {
        test_sq: metrics::squared_error(&model.decode(&h), x),
        active: [counts.min(), counts.max()].map(|count| count.item() as usize),
        dead: dead_units(&model.encode(&digits.train.x, k, Selection::Sorting)),
        probe_accuracy: probe(digits, |x| model.encode(x, k, Selection::Sorting)),
        model,
        history,
    }
}
