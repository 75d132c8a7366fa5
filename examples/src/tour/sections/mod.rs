//! The sections of the tour, one function each: a further model is a further row here.

mod autoencoder;
mod mlp;
mod tape;
mod transfer;
mod vanishing;

use super::{Context, Section};

/// All sections in their order on the page, by the names that `--only` takes.
pub const SECTIONS: [(&str, fn(&Context) -> Section); 5] = [
    ("transfer", transfer::section),
    ("tape", tape::section),
    ("vanishing", vanishing::section),
    ("mlp", mlp::section),
    ("autoencoder", autoencoder::section),
];
