//! Denoising autoencoders for three kinds of corruption.

use super::filters;
use crate::models::denoising;
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use autodiff::prelude::*;
use nn::autoencoder::denoising::Corruption;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Denoising autoencoders");
    section.formula("x̃ ~ q(x̃|x),  minimise L(x, ψ(φ(x̃)))");
    section.code(include_str!("../../models/denoising.rs"));
    section.text(
        "Autoencoders 64-128-64 with sigmoid units learn to reconstruct a clean image x from a corrupted x̃ (Vincent \
         et al. 2010). Each batch is corrupted anew. For Gaussian noise on the digits, the best linear map reaches a \
         squared error of 1.484.",
    );
    let kinds = [
        ("gaussian", "Gaussian noise, σ = 0.3", Corruption::Gaussian(0.3)),
        ("masking", "A quarter of the pixels masked", Corruption::Masking(0.25)),
        ("salt_pepper", "A quarter of the pixels salt and pepper", Corruption::SaltAndPepper(0.25)),
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
        let caption = format!(
            "{name}: ten test images. The squared error falls from {:.2} to {:.2}.",
            trained.noisy_sq, trained.denoised_sq
        );
        let picture = grid(&strips, Ink::Amount, &caption);
        match key {
            "gaussian" => section.best_picture("An autoencoder removes noise.", &caption, &picture),
            _ => section.picture(&caption, &picture),
        }
        chart = chart.curve(name, &trained.history);
        if key == "gaussian" {
            let weight = &trained.model.encoder.layers[0].weight;
            section.picture(
                "Encoder weights of 48 units trained with Gaussian noise, as images.",
                &filters(weight, "filters"),
            );
        }
    }
    section.picture("The mean training loss of each epoch.", &chart.draw());
    section
}
