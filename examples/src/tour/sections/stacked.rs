//! A stacked denoising autoencoder, fine-tuned into a classifier with few labels.

use crate::models::stacked;
use crate::picture::{Ink, grid};
use crate::tour::{Context, Section};
use nn::EncoderDecoder;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Stacked autoencoder");
    section.formula("h = φ³(φ²(φ¹(x)))");
    section.code(include_str!("../../models/stacked.rs"));
    let trained = stacked::train(&context.digits, context.setting());
    section.text(&format!(
        "A denoising autoencoder 64-128-64 is trained layer by layer on all images, without labels. Then a layer of 10 \
         classes is added, and the network is trained on {} labelled images. The figure from_scratch is the accuracy \
         of the same network trained from random weights.",
        trained.labelled
    ));
    section.figure("stacked", "from_scratch", trained.from_scratch);
    section.figure("stacked", "test_accuracy", trained.test_accuracy);
    let originals = context.one_of_each_digit();
    let strips = [("original", originals.clone()), ("reconstruction", trained.autoencoder.forward(&originals))];
    let caption = "One test image of each digit, and its reconstruction before fine-tuning.";
    section.picture(caption, &grid(&strips, Ink::Amount, "reconstructions beside originals"));
    section
}
