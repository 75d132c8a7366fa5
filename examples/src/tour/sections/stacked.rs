//! The stacked denoising autoencoder, for a classifier with few labels.

use crate::models::stacked;
use crate::picture::{Ink, grid};
use crate::tour::{Context, Section};
use nn::EncoderDecoder;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("Stacked autoencoder");
    let trained = stacked::train(&context.digits, context.setting());
    section.text(&format!(
        "64-128-64, trained layer by layer on all images without their labels, and then, with a layer of 10 classes on \
         top, on {} labelled ones; beside it the same network from random weights.",
        trained.labelled
    ));
    section.figure("stacked", "from_scratch", trained.from_scratch);
    section.figure("stacked", "test_accuracy", trained.test_accuracy);
    let originals = context.one_of_each();
    let strips = [("original", originals.clone()), ("stack", trained.autoencoder.forward(&originals))];
    let caption = "What the stack makes of a test image of each digit, before it becomes a classifier.";
    section.picture(caption, &grid(&strips, Ink::Amount, "reconstructions beside originals"));
    section
}
