//! Basic autoencoders: linear, deep, and deep with a code of two units.

use super::latent_plane;
use crate::models::Sizes;
use crate::models::autoencoder::{deep, linear, plane, principal};
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use nn::EncoderDecoder;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Autoencoders");
    section.formula("h = φ(x),  x′ = ψ(h),  minimise ‖x − x′‖²");
    section.code(include_str!("../../models/autoencoder.rs"));
    let (digits, setting) = (&context.digits, context.setting());
    let Sizes { pixels, hidden, code, .. } = Sizes::of(digits);
    let best = principal(digits, [code, 2]);
    section.text(&format!(
        "The encoder maps an image to a short code; the decoder maps the code back to an image. The loss is the squared \
         error. A linear autoencoder {pixels}-{code}-{pixels} learns the span of the first {code} principal components, \
         whose squared error on the test images is {:.4} ({:.3} with 2). Deep autoencoders with {hidden} hidden units do \
         better.",
        best[0], best[1]
    ));
    section.figure(&format!("principal_{code}"), "test_sq", best[0]);
    section.figure("principal_2", "test_sq", best[1]);
    let models = [
        (format!("linear_{code}"), format!("linear, code {code}"), linear(digits, setting)),
        (format!("deep_{code}"), format!("deep, code {code}"), deep(digits, setting)),
        ("deep_2".to_owned(), "deep, code 2".to_owned(), plane(digits, setting)),
    ];
    let mut chart = Chart::new("epoch", "squared error").log();
    let originals = context.one_of_each_digit();
    let mut strips = vec![("original", originals.clone())];
    for (key, name, trained) in &models {
        section.figure(&format!("autoencoder_{key}"), "test_sq", trained.test_sq);
        chart = chart.curve(name, &trained.curves.test);
        strips.push((name, trained.model.forward(&originals)));
    }
    section.picture("The squared error of the test images by epoch.", &chart.draw());
    let codes = models[2].2.model.encode(&digits.test.x);
    let caption =
        "Codes of test images by the deep autoencoder with two code units: each digit at the place of its code.";
    section.picture(caption, &latent_plane(&codes, &digits.test.labels));
    let caption = "One test image of each digit, and its reconstruction by each model.";
    section.picture(
        caption,
        &grid(
            &strips,
            Ink::Amount,
            "A test image of each digit, and below it the reconstructions by the three models.",
        ),
    );
    section
}
