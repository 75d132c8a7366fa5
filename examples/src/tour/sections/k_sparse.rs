//! The k-sparse autoencoder.

use super::filters;
use crate::models::k_sparse;
use crate::picture::{Chart, Ink, grid};
use crate::tour::{Context, Section};
use nn::autoencoder::k_sparse::Selection;

const K: usize = 16;

pub(super) fn section(context: &Context) -> Section {
    let mut section = Section::new("k-sparse autoencoder");
    section.text(
        "64-128 with tied weights and a linear code of which only the 16 largest stay (Makhzani and Frey 2014). k falls \
         from all units over the first half of training, so that few units die.",
    );
    let trained = k_sparse::train(&context.digits, K, context.setting());
    section.figure("k_sparse", "test_sq", trained.test_sq);
    section.figure("k_sparse", "fewest_active", trained.active[0] as f64);
    section.figure("k_sparse", "most_active", trained.active[1] as f64);
    section.figure("k_sparse", "dead_units", trained.dead as f64);
    section.figure("k_sparse", "probe_accuracy", trained.probe_accuracy);
    let originals = context.one_of_each();
    let by = |k| trained.model.forward(&originals, k, Selection::Sorting);
    let strips = [("original", originals.clone()), ("k = 4", by(4)), ("k = 8", by(8)), ("k = 16", by(16))];
    let caption = "One test image of each digit, and reconstructions from 4, 8 and 16 units.";
    section.picture(caption, &grid(&strips, Ink::Amount, "reconstructions beside originals"));
    section.picture("What units look for.", &filters(&trained.model.weight, "filters"));
    let chart = Chart::new("epoch", "squared error").log().curve("", &trained.history);
    section.picture("The mean loss of each epoch on the training images.", &chart.draw());
    section
}
