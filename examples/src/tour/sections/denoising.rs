//! Denoising autoencoders for three kinds of corruption.

use super::filters;
use crate::models::{Sizes, denoising};
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Denoising autoencoders");
    section.formula("x̃ ~ q(x̃|x),  minimise L(x, ψ(φ(x̃)))");
    section.code(include_str!("../../models/denoising.rs"));
    let Sizes { pixels, wide, .. } = Sizes::of(&context.digits);
    section.text(&format!(
        "Autoencoders {pixels}-{wide}-{pixels} with sigmoid units learn to reconstruct a clean image x from a corrupted x̃ \
         (Vincent et al. 2010). Each batch is corrupted anew.{}",
        if context.is_digits { " For Gaussian noise, the best linear map reaches a squared error of 1.484." } else { "" }
    ));
    let kinds = [
        ("gaussian", "Gaussian noise, σ = 0.3", "Gaussian", Corruption::Gaussian(0.3)),
        ("masking", "A quarter of the pixels masked", "masking", Corruption::Masking(0.25)),
        ("salt_pepper", "A quarter of the pixels salt and pepper", "salt and pepper", Corruption::SaltAndPepper(0.25)),
    ];
    let mut chart = Chart::new("epoch", "cross-entropy");
    for (key, name, short, corruption) in kinds {
        let trained = denoising::train(&context.digits, corruption, context.setting());
        let model = format!("denoising_{key}");
        section.figure(&model, "noisy_sq", trained.noisy_sq);
        section.figure(&model, "denoised_sq", trained.denoised_sq);
        let first = |x: &Tensor<f32>| x.slice(0, 0, 10.min(x.shape()[0]));
        let clean = first(&context.digits.test.x);
        let strips = [("clean", clean), ("noisy", first(&trained.noisy)), ("denoised", first(&trained.denoised))];
        let caption = format!(
            "{name}: ten test images. The squared error falls from {:.2} to {:.2}.",
            trained.noisy_sq, trained.denoised_sq
        );
        let alt = format!("Ten test images, with corruption below them, and repaired. {caption}");
        section.picture(&caption, &grid(&strips, Ink::Amount, &alt));
        chart = chart.curve(short, &trained.curves.train);
        if key == "gaussian" {
            let stages = [&context.digits.test.x, &trained.noisy, &trained.denoised];
            section.best_picture("An autoencoder removes noise.", &square(&stages));
            let weight = &trained.model.encoder.layers[0].weight;
            section.picture("Encoder weights of 24 units trained with Gaussian noise, as images.", &filters(weight));
        }
    }
    section.picture("The cross-entropy of training images and their reconstructions by epoch.", &chart.draw());
    section
}

/// Six images in three stages, and six more below them: a square.
fn square(stages: &[&Tensor<f32>; 3]) -> String {
    let rows = [0, 6].into_iter().flat_map(|start| stages.map(|x| ("", x.slice(0, start, start + 6))));
    let alt = "Twelve test images in rows of six; below each row the same with noise, and repaired.";
    grid(&rows.collect::<Vec<_>>(), Ink::Amount, alt)
}
