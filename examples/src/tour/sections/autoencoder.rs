//! Basic autoencoders: linear, deep, and one whose code is a point of the plane.

use crate::Progress;
use crate::picture::{Chart, Ink, Mark, grid};
use crate::tour::{Context, Section, Wanted};
use autodiff::prelude::*;
use nn::data::Samples;
use nn::schedule::cosine;
use nn::{Adam, Autoencoder, Init, Trainer, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Autoencoders");
    section.text(
        "An encoder to few numbers and a decoder back, trained on the squared error. Linear, it finds the span of the \
         first principal components (squared error 1.5735 with 8 of them, 3.285 with 2); deep, it does better.",
    );
    let models = [
        ("autoencoder_linear_8", "linear 64-8-64", &[64, 8][..], Transfer::Linear, (1e-2, 100), 1.62),
        ("autoencoder_deep_8", "deep 64-64-8-64-64", &[64, 64, 8], Transfer::Tanh, (3e-3, 200), 1.0),
        ("autoencoder_deep_2", "deep 64-64-2-64-64", &[64, 64, 2], Transfer::Tanh, (5e-3, 300), 2.7),
    ];
    let mut chart = Chart::new("epoch", "squared error").log();
    let originals = context.one_of_each();
    let mut strips = vec![("original", originals.clone())];
    let mut plane = None;
    for (key, name, sizes, transfer, (rate, epochs), bound) in models {
        let (model, history) = train(context, sizes, transfer, rate, context.epochs(epochs));
        let x = &context.digits.test.x;
        section.figure(key, "test_sq", metrics::squared_error(&model.forward(x), x), Wanted::AtMost(bound));
        chart = chart.curve(name, &history);
        strips.push((key.trim_start_matches("autoencoder_"), model.forward(&originals)));
        plane = Some(model);
    }
    section.picture("The mean loss of each epoch on the training images.", &chart.draw());
    section.picture(
        "One test image of each digit, and what each model makes of it.",
        &grid(&strips, Ink::Amount, "reconstructions"),
    );
    if let Some(model) = plane {
        let caption = "The codes of the test images by the model with two: the plane, coloured by digit.";
        section.picture(caption, &latent_plane(&model.encode(&context.digits.test.x), &context.digits.test.labels));
    }
    section
}

/// Codes of two numbers as points, coloured by class.
pub(super) fn latent_plane(codes: &Tensor<f32>, labels: &Tensor<usize>) -> String {
    let points = |digit: usize| {
        let of_digit = (0..labels.size()).filter(move |&i| labels[[i]] == digit);
        of_digit.map(|i| [0, 1].map(|j| f64::from(codes[[i, j]])))
    };
    let chart = (0..10).fold(Chart::new("first code", "second code"), |chart, digit| {
        chart.with(&digit.to_string(), Mark::Disc, points(digit))
    });
    chart.draw()
}

fn train(
    context: &Context,
    sizes: &[usize],
    transfer: Transfer,
    rate: f64,
    epochs: usize,
) -> (Autoencoder<Tensor<f32>>, Vec<f64>) {
    let rng = &mut StdRng::seed_from_u64(context.seed);
    let ae = Autoencoder::new(sizes, transfer, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(ae, |ae| Adam::new(ae, rate));
    let mut progress = Progress::new(epochs);
    let mut history = Vec::new();
    for epoch in 0..epochs {
        trainer.optimizer.rate = cosine(rate, epoch as f64 / epochs as f64);
        history.push(trainer.epoch(&context.digits.train, 32, rng, |tape, ae, batch: &Samples<f32>| {
            let x = tape.constant(batch.x.clone());
            loss::squared_error(&ae.forward(&x), &x)
        }));
        progress.epoch(history[epoch]);
    }
    drop(progress);
    (trainer.model, history)
}
