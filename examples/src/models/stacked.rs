//! The stacked denoising autoencoder, 64-128-64 on the digits, and the classifier fine-tuned from it.

use super::{Setting, Sizes, fit};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;
use nn::autoencoder::stacked::{classifier, pretrain};
use nn::data::{Dataset, Digits, Samples};
use nn::{Autoencoder, EncoderDecoder, Init, Mlp, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

/// One training image in 28 keeps its label.
const IMAGES_PER_LABEL: usize = 28;

/// The number of labelled subsets over which accuracies are averaged, since one small subset gives a noisy estimate.
const SUBSETS: usize = 5;

/// A stack pre-trained without labels, and the accuracies of classifiers trained with few labels.
pub struct Stacked {
    /// The deep autoencoder after pre-training.
    pub autoencoder: Autoencoder<Tensor<f32>>,
    /// The classifier fine-tuned on the last subset.
    pub classifier: Mlp<Tensor<f32>>,
    /// The number of labelled images in a subset.
    pub labelled: usize,
    /// The mean test accuracy of the fine-tuned classifiers.
    pub test_accuracy: f64,
    /// The mean test accuracy of the same networks trained on the same labels from random weights.
    pub from_scratch: f64,
}

/// Pre-trains layer by layer with masked inputs on all training images, then fine-tunes on a labelled subset.
pub fn train(digits: &Digits<f32>, setting: Setting) -> Stacked {
    let rng = &mut StdRng::seed_from_u64(setting.seed);
    let noise = &mut StdRng::seed_from_u64(setting.seed + 1);
    let sizes = Sizes::of(digits);
    let (plan, init) = (sizes.plan(setting, (1e-2, 32, 40)), Init::GlorotUniform);
    let sizes = [sizes.pixels, sizes.wide, sizes.hidden];
    let order = &mut StdRng::seed_from_u64(setting.seed + 2);
    // The page shows these lines.
    let autoencoder = pretrain(&digits.train.x, &sizes, Transfer::Sigmoid, init, rng, |_, ae, x| {
        let (ae, _) = fit(ae, (x, None), plan, order, |tape, ae, x, _| {
            let corrupted = tape.constant(Corruption::Masking(0.25).apply(x, noise).x);
            loss::binary_cross_entropy(&ae.forward(corrupted), x)
        });
        ae
    });
    // Up to here.
    let fine_tuning = Sizes::of(digits).plan(setting, (3e-3, 16, 150));
    let mut fine_tune = |start: Mlp<Tensor<f32>>, labelled: &Samples<f32>| {
        let (mlp, _) = fit(start, (labelled, None), fine_tuning, order, |_, mlp, batch, _| {
            loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
        });
        let accuracy = metrics::accuracy(&mlp.forward(&digits.test.x), &digits.test.labels);
        (mlp, accuracy / SUBSETS as f64)
    };
    let pretrained = classifier(&autoencoder, 10, init, rng);
    let mut stacked =
        Stacked { autoencoder, classifier: pretrained.clone(), labelled: 0, test_accuracy: 0.0, from_scratch: 0.0 };
    let layers = [&sizes[..], &[10]].concat();
    for subset in 0..SUBSETS {
        let indices: Vec<usize> = (subset..digits.train.len()).step_by(IMAGES_PER_LABEL).collect();
        let labelled = digits.train.subset(&indices);
        let (classifier, tuned) = fine_tune(pretrained.clone(), &labelled);
        let (_, scratch) = fine_tune(Mlp::new(&layers, Transfer::Sigmoid, init, rng), &labelled);
        stacked.test_accuracy += tuned;
        stacked.from_scratch += scratch;
        stacked = Stacked { classifier, labelled: labelled.len(), ..stacked };
    }
    stacked
}
