//! Training runs of the autoencoders, shared by the tour and the small examples.
//!
//! Each module trains one kind of autoencoder on the digits and returns the model with its figures. The data are split
//! as in [`Digits::SPLIT`](nn::data::Digits::SPLIT), and all figures are measured on the test images. Squared errors
//! are summed over the pixels of an image and averaged over the images. Hyperparameters were chosen on a validation
//! set: every fifth training image. On other images, the [`Sizes`] of the models follow the number of pixels.

pub mod autoencoder;
pub mod contractive;
pub mod denoising;
pub mod k_sparse;
mod sizes;
pub mod sparse;
pub mod stacked;
pub mod variational;

pub use sizes::Sizes;

use crate::Arguments;
use autodiff::prelude::*;
use nn::data::{Dataset, Digits, Samples};
use nn::schedule::cosine;
use nn::{Adam, Means, Optimizer, Recorder, Trainer};
use rand::rngs::StdRng;

/// The length of a training run, and its seed.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The seed of all random draws.
    pub seed: u64,
    /// The number of epochs, or `None` for the default of the model.
    pub epochs: Option<usize>,
}

impl Setting {
    /// The default number of epochs from seed 0. With the program argument `--quick`, three epochs: enough to see that
    /// everything runs.
    pub fn from_args() -> Self {
        Self { seed: 0, epochs: Arguments::read().quick.then_some(3) }
    }

    /// Whether training runs for the default number of epochs, so that the figures can be asserted.
    pub fn is_full(&self) -> bool {
        self.epochs.is_none()
    }
}

/// The loss by epoch. If the loss has named terms, it is the first of them.
#[derive(Clone, Debug, Default)]
pub struct Curves {
    /// The mean over the training data, measured before each update.
    pub train: Vec<f64>,
    /// The mean over the test data after each epoch. Empty if the loss draws random numbers.
    pub test: Vec<f64>,
}

/// Trains a model with Adam in shuffled batches. The learning rate falls along half a cosine.
///
/// `loss` also receives the progress of training, from 0 to 1. Returns the model and the loss by epoch.
fn fit<M: Tree<Leaf = Tensor<f32>>, D: Dataset>(
    model: M,
    (train, test): (&D, Option<&D>),
    (rate, batch, epochs): (f64, usize, usize),
    rng: &mut StdRng,
    mut loss: impl for<'t> FnMut(&Recorder<'t, Tensor<f32>>, OnTape<'t, M>, &D, f64) -> Var<'t, Tensor<f32>>,
) -> (M, Curves) {
    let mut trainer = Trainer::new(model, Adam::new(rate));
    let mut curves = Curves::default();
    let shown = |means: Means| means.terms.first().map_or(means.total, |term| term.1);
    for epoch in 0..epochs {
        let progress = epoch as f64 / epochs as f64;
        trainer.optimizer.set_rate(cosine(rate, progress));
        let means = trainer.epoch(train, batch, rng, |tape, model, batch, _| loss(tape, model, batch, progress));
        curves.train.push(shown(means.expect("the loss is finite")));
        if let Some(test) = test {
            let means = trainer.evaluate(test, batch, rng, |tape, model, batch, _| loss(tape, model, batch, progress));
            curves.test.push(shown(means));
        }
    }
    (trainer.model, curves)
}

/// The number of training images from which [`probe`] learns at most.
const PROBED: usize = 10_000;

/// The test accuracy of logistic regression on the codes of the images.
fn probe(digits: &Digits<f32>, encode: impl Fn(&Tensor<f32>) -> Tensor<f32>) -> f64 {
    let code = |samples: &Samples<f32>| Samples { x: encode(&samples.x), labels: samples.labels.clone() };
    let train = digits.train.subset(&(0..digits.train.len().min(PROBED)).collect::<Vec<_>>());
    nn::probe_accuracy(&code(&train), &code(&digits.test))
}

/// The binary cross-entropy of reconstructions given as logits, summed over pixels and averaged over images.
fn cross_entropy(logits: &Tensor<f32>, x: &Tensor<f32>) -> f64 {
    nn::loss::binary_cross_entropy(logits, x).item().into()
}
