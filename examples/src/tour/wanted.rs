//! What the figures of the tour must reach, on the digits and with all epochs.

use std::fmt;

/// What a figure should reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// At least this.
    ClampMin(f64),
    /// At most this.
    ClampMax(f64),
    /// Between these.
    Within(f64, f64),
    /// At least an earlier figure of the same section, by its model and name: `stacked.from_scratch`.
    NotBelow(&'static str),
    /// At most an earlier figure of the same section.
    NotAbove(&'static str),
    /// Nothing: it is there to be compared.
    Nothing,
}

use Wanted::{ClampMax, ClampMin, NotAbove, NotBelow, Within};

/// The figures of which something is wanted: model, figure, what. A whole run that lacks one panics.
pub(super) const TABLE: [(&str, &str, Wanted); 25] = [
    ("vanishing_gradients", "first_by_last_relu", ClampMin(0.05)),
    ("mlp", "test_accuracy", ClampMin(0.975)),
    ("autoencoder_linear_8", "test_sq", ClampMax(1.62)),
    ("autoencoder_deep_8", "test_sq", ClampMax(1.00)),
    ("autoencoder_deep_2", "test_sq", ClampMax(2.70)),
    ("denoising_gaussian", "noisy_sq", Within(5.5, 6.0)),
    ("denoising_gaussian", "denoised_sq", ClampMax(1.18)),
    ("denoising_masking", "denoised_sq", ClampMax(1.30)),
    ("denoising_salt_pepper", "denoised_sq", ClampMax(1.90)),
    ("sparse_kl", "mean_activation", Within(0.045, 0.06)),
    ("sparse_kl", "test_sq", ClampMax(1.75)),
    ("sparse_l1", "active_share", NotAbove("sparse_none.active_share")),
    ("sparse_l2", "mean_activation", NotAbove("sparse_none.mean_activation")),
    ("k_sparse", "test_sq", ClampMax(0.40)),
    ("k_sparse", "fewest_active", Within(16.0, 16.0)),
    ("k_sparse", "most_active", Within(16.0, 16.0)),
    ("k_sparse", "probe_accuracy", ClampMin(0.965)),
    ("contractive", "test_bce", ClampMax(15.9)),
    ("contractive", "jacobian_sq", ClampMax(15.0)),
    ("contractive", "probe_accuracy", ClampMin(0.96)),
    ("variational_2", "neg_elbo", ClampMax(24.9)),
    ("variational_2", "nll", NotAbove("variational_2.neg_elbo")),
    ("variational_8", "neg_elbo", ClampMax(24.5)),
    ("variational_8", "nll", NotAbove("variational_8.neg_elbo")),
    ("stacked", "test_accuracy", NotBelow("stacked.from_scratch")),
];

impl Wanted {
    /// What the table wants of a figure.
    pub(super) fn of(model: &str, name: &str) -> Self {
        TABLE.iter().find(|row| (row.0, row.1) == (model, name)).map_or(Self::Nothing, |row| row.2)
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClampMin(bound) => write!(f, "≥ {}", short(*bound)),
            ClampMax(bound) => write!(f, "≤ {}", short(*bound)),
            Within(low, high) if low == high => write!(f, "{low}"),
            Within(low, high) => write!(f, "{low} to {high}"),
            NotBelow(other) => write!(f, "≥ {other}"),
            NotAbove(other) => write!(f, "≤ {other}"),
            Wanted::Nothing => Ok(()),
        }
    }
}

/// At most four digits after the point, since a bound may be another figure.
fn short(bound: f64) -> f64 {
    (bound * 1e4).round() / 1e4
}
