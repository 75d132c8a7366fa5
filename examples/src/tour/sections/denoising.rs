//! Denoising autoencoders, for three kinds of noise.

use super::filters;
use crate::models::denoising;
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Denoising autoencoders");
    section.text(
        "64-128-64 with sigmoids, from a corrupted image to the clean one (Vincent et al. 2010), with fresh noise at \
         each presentation. On the digits, the best linear map reaches a squared error of 1.484 for Gaussian noise.",
    );
    let kinds = [
        ("gaussian", "Gaussian noise, σ = 0.3", Corruption::Gaussian(0.3)),
        ("masking", "A quarter masked", Corruption::Masking(0.25)),
        ("salt_pepper", "A quarter salt and pepper", Corruption::SaltAndPepper(0.25)),
    ];
    let mut chart = Chart::new("epoch", "cross-entropy");
    for (key, name, corruption) in kinds {
        let trained = denoising::train(&context.digits, corruption, context.setting());
        let model = format!("denoising_{key}");
        section.figure(&model, "noisy_sq", trained.noisy_sq);
        section.figure(&model, "denoised_sq", trained.denoised_sq);
        let first = |x: &Tensor<f32>| x.slice(0, 0, 10.min(x.shape()[0]));
        let clean = first(&context.digits.test.x);
        let strips = [("clean", clean), ("noisy", first(&trained.noisy)), ("denoised", first(&trained.denoised))];
        section.picture(&format!("{name}: test images."), &grid(&strips, Ink::Amount, name));
        chart = chart.curve(name, &trained.history);
        if key == "gaussian" {
            let weight = &trained.model.encoder.layers[0].weight;
            section.picture("What units learn to look for under Gaussian noise.", &filters(weight, "filters"));
        }
    }
    section.picture("The mean loss of each epoch on the training images.", &chart.draw());
    section
}
