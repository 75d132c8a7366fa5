//! Denoising autoencoders, for three kinds of noise.

use super::filters;
use crate::models::denoising;
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section, Wanted};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Denoising autoencoders");
    section.text(
        "64-128-64 with sigmoids, from a corrupted image to the clean one (Vincent et al. 2010), with fresh noise at \
         each presentation. The best linear map reaches a squared error of 1.484 for Gaussian noise.",
    );
    let kinds = [
        ("gaussian", Corruption::Gaussian(0.3), 1.18),
        ("masking", Corruption::Masking(0.25), 1.30),
        ("salt_pepper", Corruption::SaltAndPepper(0.25), 1.90),
    ];
    let mut chart = Chart::new("epoch", "cross-entropy");
    for (name, corruption, bound) in kinds {
        let trained = denoising::train(&context.digits, corruption, context.setting());
        let key = format!("denoising_{name}");
        section.figure(&key, "noisy_sq", trained.noisy_sq, Wanted::Nothing);
        section.figure(&key, "denoised_sq", trained.denoised_sq, Wanted::AtMost(bound));
        let first = |x: &Tensor<f32>| x.slice(0, 0, 10.min(x.shape()[0]));
        let clean = first(&context.digits.test.x);
        let strips = [("clean", clean), ("noisy", first(&trained.noisy)), ("denoised", first(&trained.denoised))];
        section.picture(&format!("{corruption:?}, on test images."), &grid(&strips, Ink::Amount, name));
        chart = chart.curve(name, &trained.history);
        if name == "gaussian" {
            let weight = &trained.model.encoder.layers[0].weight;
            section.picture("What units learn to look for under Gaussian noise.", &filters(weight, "filters"));
        }
    }
    section.picture("The mean loss of each epoch on the training images.", &chart.draw());
    section
}
