//! The multilayer perceptron as a classifier.

use super::filters;
use crate::Progress;
use crate::models::Sizes;
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::data::Samples;
use nn::schedule::cosine;
use nn::{Adam, Init, Mlp, Plan, Status, Summary, Trainer, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};
use std::ops::ControlFlow;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("A multilayer perceptron");
    section.formula("g(x) = fᴸ(Wᴸ·… f¹(W¹·x + b¹) … + bᴸ)");
    section.code(include_str!("mlp.rs"));
    let sizes = Sizes::of(&context.digits);
    let (rate, batch, epochs) = sizes.plan(context.setting(), (3e-3, 32, 30));
    let pixels = sizes.pixels;
    section.text(&format!(
        "A classifier {pixels}-100-10 with rectified linear units, trained on the cross-entropy by Adam in batches of {batch}. \
         The learning rate falls along half a cosine.",
    ));
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let mlp = Mlp::new(&[pixels, 100, 10], Transfer::Relu, Init::HeNormal, rng);
    section.verbatim(&Summary::of(&mlp).to_string());
    // The page shows these lines.
    let mut trainer = Trainer::new(mlp, Adam::new(rate));
    let plan = Plan::new(epochs, batch).rate(move |progress| cosine(rate, progress));
    // Up to here.
    let mut progress = Progress::new(plan.epochs());
    let mut test = Vec::new();
    let loss = trainer.loss(|_, mlp, batch: &Samples<f32>, _| {
        let logits = mlp.forward(&batch.x);
        loss::cross_entropy(&logits, &batch.labels)
    });
    let hook = |trainer: &mut Trainer<_, _>, status: &Status, rng: &mut StdRng| {
        test.push(trainer.evaluate(&context.digits.test, batch, rng, loss).total);
        progress.epoch(status.train.total, status.samples_per_second);
        ControlFlow::Continue(())
    };
    let train = &context.digits.train;
    let history = trainer.fit(&plan, train, None, rng, loss, hook);
    drop(progress);
    let history = history.expect("the loss is finite at this rate");
    let Samples { x, labels } = &context.digits.test;
    let logits = trainer.model.forward(x);
    let accuracy = metrics::accuracy(&logits, labels);
    section.figure("mlp", "test_accuracy", accuracy);
    let (n, right) = (labels.size(), (accuracy * labels.size() as f64).round());
    section.text(&format!("The network reads {right} of {n} test images correctly ({:.1} %).", 100.0 * accuracy));
    let chart =
        Chart::new("epoch", "cross-entropy").log().curve("training", history.column("loss")).curve("test", &test);
    section.picture(
        "The cross-entropy by epoch, of the images that the network learned from and of those it did not see.",
        &chart.draw(),
    );
    show_mistakes(&mut section, &context.digits.test, &logits.argmax(-1));
    section.picture(
        "Weights of 24 hidden units, as images: positive weights orange, negative weights blue.",
        &filters(&trainer.model.layers[0].weight),
    );
    section
}

/// Adds a picture of the first 12 misclassified test images.
fn show_mistakes(section: &mut Section, test: &Samples<f32>, predicted: &Tensor<usize>) {
    let wrong: Vec<usize> = (0..test.len()).filter(|&i| predicted[[i]] != test.labels[[i]]).take(12).collect();
    if wrong.is_empty() {
        return;
    }
    let list = |digits: &Tensor<usize>| wrong.iter().map(|&i| digits[[i]].to_string()).collect::<Vec<_>>().join(" ");
    let (labels, predictions) = (list(&test.labels), list(predicted));
    let caption = format!("Misclassified test images. Labels: {labels}. Predictions: {predictions}.");
    section.picture(&caption, &grid(&[("", test.x.take(0, &wrong))], Ink::Amount, &caption));
}
