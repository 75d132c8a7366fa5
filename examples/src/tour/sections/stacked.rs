//! A stacked denoising autoencoder, fine-tuned into a classifier with few labels.

use crate::models::{Sizes, stacked};
use crate::picture::{Ink, grid};
use crate::tour::{Context, Section};
use nn::EncoderDecoder;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Stacked autoencoder");
    section.formula("h = φ³(φ²(φ¹(x)))");
    section.code(include_str!("../../models/stacked.rs"));
    let trained = stacked::train(&context.digits, context.setting());
    let Sizes { pixels, wide, hidden, .. } = Sizes::of(&context.digits);
    section.text(&format!(
        "A denoising autoencoder {pixels}-{wide}-{hidden} is trained layer by layer on all images, without labels. Then a layer of 10 \
         classes is added, and the network is trained on {} labelled images. It reads {:.1} % of the test images correctly; the \
         same network trained from random weights, {:.1} %.",
        trained.labelled,
        100.0 * trained.test_accuracy,
        100.0 * trained.from_scratch
    ));
    section.figure("stacked", "from_scratch", trained.from_scratch);
    section.figure("stacked", "test_accuracy", trained.test_accuracy);
    let originals = context.one_of_each_digit();
    let strips = [("original", originals.clone()), ("reconstruction", trained.autoencoder.forward(&originals))];
    let caption = "One test image of each digit, and its reconstruction before fine-tuning.";
    section.picture(
        caption,
        &grid(&strips, Ink::Amount, "A test image of each digit, and below it the reconstruction by the stack."),
    );
    section
}
