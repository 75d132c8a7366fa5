//! The k-sparse autoencoder.

use super::filters;
use crate::models::{Sizes, k_sparse};
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use nn::autoencoder::k_sparse::Selection;

const K: usize = 16;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("k-sparse autoencoder");
    section.formula("h = topₖ(W·x + b),  x′ = Wᵀ·h + c");
    section.code(include_str!("../../models/k_sparse.rs"));
    let Sizes { pixels, wide, .. } = Sizes::of(&context.digits);
    section.text(&format!(
        "An autoencoder {pixels}-{wide} with tied weights and a linear code, whose k = 16 largest units stay active \
         (Makhzani and Frey 2014). During the first half of training, k falls from 32 to 16, so that fewer units die.",
    ));
    let trained = k_sparse::train(&context.digits, K, context.setting());
    section.figure("k_sparse", "test_sq", trained.test_sq);
    section.figure("k_sparse", "fewest_active", trained.active[0] as f64);
    section.figure("k_sparse", "most_active", trained.active[1] as f64);
    section.figure("k_sparse", "dead_units", trained.dead as f64);
    section.figure("k_sparse", "probe_accuracy", trained.probe_accuracy);
    let originals = context.one_of_each_digit();
    let reconstruct = |k| trained.model.forward(&originals, k, Selection::Sorting);
    let strips = [
        ("original", originals.clone()),
        ("k = 4", reconstruct(4)),
        ("k = 8", reconstruct(8)),
        ("k = 16", reconstruct(16)),
    ];
    let caption = "One test image of each digit, and its reconstructions from 4, 8 and 16 units.";
    section.picture(
        caption,
        &grid(
            &strips,
            Ink::Amount,
            "A test image of each digit, and below it the reconstructions from 4, 8 and 16 units.",
        ),
    );
    section.picture("Weights of 24 units, as images.", &filters(&trained.model.weight));
    let chart = Chart::new("epoch", "squared error").log();
    let chart = chart.curve("training", &trained.curves.train).curve("test", &trained.curves.test);
    section.picture(
        "The squared error by epoch. It rises in steps as k falls, and falls again with k = 16.",
        &chart.draw(),
    );
    section
}
