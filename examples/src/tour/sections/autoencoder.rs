//! Basic autoencoders: linear, deep, and deep with a code of two units.

use super::latent_plane;
use crate::models::autoencoder::{deep_2, deep_8, linear_8};
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use nn::EncoderDecoder;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Autoencoders");
    section.formula("h = φ(x),  x′ = ψ(h),  minimise ‖x − x′‖²");
    section.code(include_str!("../../models/autoencoder.rs"));
    section.text(
        "The encoder maps an image to a short code; the decoder maps the code back to an image. The loss is the \
         squared error. A linear autoencoder learns the span of the first principal components, whose squared error on \
         the digits is 1.5735 with 8 components and 3.285 with 2. Deep autoencoders do better.",
    );
    let (digits, setting) = (&context.digits, context.setting());
    let models = [
        ("linear_8", "linear 64-8-64", linear_8(digits, setting)),
        ("deep_8", "deep 64-64-8-64-64", deep_8(digits, setting)),
        ("deep_2", "deep 64-64-2-64-64", deep_2(digits, setting)),
    ];
    let mut chart = Chart::new("epoch", "squared error").log();
    let originals = context.one_of_each_digit();
    let mut strips = vec![("original", originals.clone())];
    for (key, name, trained) in &models {
        section.figure(&format!("autoencoder_{key}"), "test_sq", trained.test_sq);
        chart = chart.curve(name, &trained.history);
        strips.push((key, trained.model.forward(&originals)));
    }
    section.picture("The mean training loss of each epoch.", &chart.draw());
    let codes = models[2].2.model.encode(&digits.test.x);
    let caption = "Codes of the test images by the model with two code units, coloured by digit.";
    section.picture(caption, &latent_plane(&codes, &digits.test.labels));
    let caption = "One test image of each digit, and its reconstruction by each model.";
    section.picture(caption, &grid(&strips, Ink::Amount, "reconstructions beside originals"));
    section
}
