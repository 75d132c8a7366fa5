//! The stacked denoising autoencoder, 64-128-64, and the classifier that it becomes.

use super::{Setting, fit};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;
use nn::autoencoder::stacked::{classifier, pretrain};
use nn::data::{Digits, Samples};
use nn::{Autoencoder, EncoderDecoder, Init, Mlp, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// One in so many training images has a label.
const EVERY: usize = 28;

/// The choices of labelled images over which accuracies are averaged: few labels make for much chance.
const CHOICES: usize = 5;

/// A stack, pre-trained without labels, and classifiers trained with few of them.
pub struct Stacked {
    /// The deep autoencoder after pre-training.
    pub autoencoder: Autoencoder<Tensor<f32>>,
    /// The last of the fine-tuned classifiers.
    pub classifier: Mlp<Tensor<f32>>,
    /// The number of labelled images, about the same for each choice of them.
    pub labelled: usize,
    /// The accuracy of the fine-tuned classifiers, the mean over the choices.
    pub test_accuracy: f64,
    /// The accuracy of the same networks trained with the same labels from random weights.
    pub from_scratch: f64,
}

/// Pre-trains layer by layer with masked inputs on all training images, then fine-tunes with the labels of a few.
pub fn train(digits: &Digits<f32>, setting: Setting) -> Stacked {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let noise = &mut StdRng::seed_from_u64(setting.seed + 1);
    let (sizes, init) = ([64, 128, 64], Init::GlorotUniform);
    let order = &mut StdRng::seed_from_u64(setting.seed + 2);
    let epochs = setting.epochs.unwrap_or(40);
    let autoencoder = pretrain(&digits.train.x, &sizes, Transfer::Sigmoid, init, rng, |_, ae, x| {
        let data = Samples { x: x.clone(), labels: digits.train.labels.clone() };
        let (ae, _) = fit(ae, &data, (1e-2, 32, epochs), order, |tape, ae, batch, _| {
            let corrupted = tape.constant(Corruption::Masking(0.25).apply(&batch.x, noise).x);
            loss::binary_cross_entropy(&ae.forward(&corrupted), &tape.constant(batch.x.clone()))
        });
        ae
    });
    let mut tune = |start: Mlp<Tensor<f32>>, labelled: &Samples<f32>| {
        let plan = (3e-3, 16, setting.epochs.unwrap_or(150));
        let (mlp, _) = fit(start, labelled, plan, order, |tape, mlp, batch, _| {
            loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
        });
        let accuracy = metrics::accuracy(&mlp.forward(&digits.test.x), &digits.test.labels);
        (mlp, accuracy / CHOICES as f64)
    };
    let top = classifier(&autoencoder, 10, init, rng);
    let mut stacked =
        Stacked { autoencoder, classifier: top.clone(), labelled: 0, test_accuracy: 0.0, from_scratch: 0.0 };
    for choice in 0..CHOICES {
        let numbers: Vec<usize> = (choice..digits.train.len()).step_by(EVERY).collect();
        let labelled = digits.train.take(&numbers);
        let (classifier, tuned) = tune(top.clone(), &labelled);
        let (_, scratch) = tune(Mlp::new(&[64, 128, 64, 10], Transfer::Sigmoid, init, rng), &labelled);
        stacked.test_accuracy += tuned;
        stacked.from_scratch += scratch;
        stacked = Stacked { classifier, labelled: labelled.len(), ..stacked };
    }
    stacked
}
