//! The figures that the tour must reach on the digits, with the default number of epochs.

use std::fmt;

/// The condition that a figure must meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Requirement {
    /// At least this number.
    AtLeast(f64),
    /// At most this number.
    AtMost(f64),
    /// Between these numbers, inclusive.
    Between(f64, f64),
    /// At least an earlier figure of the same section, named by model and figure: `stacked.from_scratch`.
    AtLeastFigure(&'static str),
    /// At most an earlier figure of the same section.
    AtMostFigure(&'static str),
    /// No condition: the figure is reported for comparison.
    Nothing,
}

use Requirement::{AtLeast, AtLeastFigure, AtMost, AtMostFigure, Between};

/// The requirements, by model and figure. A tour of all sections panics if one of these figures is missing.
pub(super) const REQUIREMENTS: [(&str, &str, Requirement); 25] = [
    ("vanishing_gradients", "first_by_last_relu", AtLeast(0.05)),
    ("mlp", "test_accuracy", AtLeast(0.975)),
    ("autoencoder_linear_8", "test_sq", AtMost(1.62)),
    ("autoencoder_deep_8", "test_sq", AtMost(1.00)),
    ("autoencoder_deep_2", "test_sq", AtMost(2.70)),
    ("denoising_gaussian", "noisy_sq", Between(5.5, 6.0)),
    ("denoising_gaussian", "denoised_sq", AtMost(1.18)),
    ("denoising_masking", "denoised_sq", AtMost(1.30)),
    ("denoising_salt_pepper", "denoised_sq", AtMost(1.90)),
    ("sparse_kl", "mean_activation", Between(0.045, 0.06)),
    ("sparse_kl", "test_sq", AtMost(1.75)),
    ("sparse_l1", "active_share", AtMostFigure("sparse_none.active_share")),
    ("sparse_l2", "mean_activation", AtMostFigure("sparse_none.mean_activation")),
    ("k_sparse", "test_sq", AtMost(0.40)),
    ("k_sparse", "fewest_active", Between(16.0, 16.0)),
    ("k_sparse", "most_active", Between(16.0, 16.0)),
    ("k_sparse", "probe_accuracy", AtLeast(0.95)),
    ("contractive", "test_bce", AtMost(15.9)),
    ("contractive", "jacobian_sq", AtMost(15.0)),
    ("contractive", "probe_accuracy", AtLeast(0.96)),
    ("variational_2", "neg_elbo", AtMost(24.9)),
    ("variational_2", "nll", AtMostFigure("variational_2.neg_elbo")),
    ("variational_8", "neg_elbo", AtMost(24.5)),
    ("variational_8", "nll", AtMostFigure("variational_8.neg_elbo")),
    ("stacked", "test_accuracy", AtLeastFigure("stacked.from_scratch")),
];

impl Requirement {
    /// The requirement in the table, or `Nothing`.
    pub(super) fn of(model: &str, name: &str) -> Self {
        REQUIREMENTS.iter().find(|row| (row.0, row.1) == (model, name)).map_or(Self::Nothing, |row| row.2)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AtLeast(bound) => write!(f, "≥ {}", rounded(*bound)),
            AtMost(bound) => write!(f, "≤ {}", rounded(*bound)),
            Between(low, high) if low == high => write!(f, "{low}"),
            Between(low, high) => write!(f, "{low} to {high}"),
            AtLeastFigure(other) => write!(f, "≥ {other}"),
            AtMostFigure(other) => write!(f, "≤ {other}"),
            Requirement::Nothing => Ok(()),
        }
    }
}

/// The bound to four decimals, since a bound may be another figure.
fn rounded(bound: f64) -> f64 {
    (bound * 1e4).round() / 1e4
}
