//! Trainings of autoencoders that the tour and the small examples share, each with the figures it reaches.
//!
//! All learn from the digits in the split of [`Digits::SPLIT`](nn::data::Digits::SPLIT) and are measured on the test
//! images. Squared errors are summed over the pixels of an image and averaged over the images. Settings were chosen on
//! a validation part of the training images: every fifth of those.

pub mod autoencoder;
pub mod contractive;
pub mod denoising;
pub mod k_sparse;
pub mod sparse;
pub mod stacked;
pub mod variational;

use autodiff::prelude::*;
use nn::data::{Digits, Samples};
use nn::schedule::cosine;
use nn::{Adam, Trainer};
use rand::rngs::StdRng;

/// How long to train, and from which seed.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The seed of all randomness.
    pub seed: u64,
    /// The number of epochs, or `None` for what the figures need.
    pub epochs: Option<usize>,
}

impl Setting {
    /// The full training from seed 0, or with `--quick` among the program's arguments a few epochs, which only show
    /// that everything runs.
    pub fn from_args() -> Self {
        let quick = std::env::args().skip(1).any(|argument| argument == "--quick");
        Self { seed: 0, epochs: quick.then_some(3) }
    }

    /// Whether the figures can be expected.
    pub fn is_full(&self) -> bool {
        self.epochs.is_none()
    }
}

/// Adam with a rate that falls along half a cosine, in shuffled batches. The loss is given the progress through
/// training, from 0 to 1. Gives the model and the mean loss of each epoch.
fn fit<M: Tree<Leaf = Tensor<f32>>>(
    model: M,
    data: &Samples<f32>,
    (rate, batch, epochs): (f64, usize, usize),
    rng: &mut StdRng,
    mut loss: impl for<'t> FnMut(&'t Tape<Tensor<f32>>, OnTape<'t, M>, &Samples<f32>, f64) -> Var<'t, Tensor<f32>>,
) -> (M, Vec<f64>) {
    let mut trainer = Trainer::new(model, |model| Adam::new(model, rate));
    let mut history = Vec::with_capacity(epochs);
    for epoch in 0..epochs {
        let progress = epoch as f64 / epochs as f64;
        trainer.optimizer.rate = cosine(rate, progress);
        let means = trainer.epoch(data, batch, rng, |tape, model, batch, _| loss(tape, model, batch, progress));
        history.push(means.expect("the loss is finite").total);
    }
    (trainer.model, history)
}

/// The accuracy of logistic regression on codes of the test images, trained on codes of the training images.
fn probe(digits: &Digits<f32>, encode: impl Fn(&Tensor<f32>) -> Tensor<f32>) -> f64 {
    let code = |samples: &Samples<f32>| Samples { x: encode(&samples.x), labels: samples.labels.clone() };
    nn::probe_accuracy(&code(&digits.train), &code(&digits.test))
}

/// The binary cross-entropy of reconstructions, from logits, summed over pixels and averaged over images.
fn cross_entropy(logits: &Tensor<f32>, x: &Tensor<f32>) -> f64 {
    nn::loss::binary_cross_entropy(logits, x).item().into()
}
