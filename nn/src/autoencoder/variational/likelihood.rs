//! The distributions that a decoder can describe.

use crate::loss::{gaussian_nats, logistic_nats, probabilities};
use autodiff::prelude::*;
use std::f64::consts::TAU;

/// The distribution p(x|z) that the decoder's output describes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Likelihood {
    /// Independent Bernoulli variables; the output is their logits. x lies in \[0, 1\]. Between 0 and 1, the loss is
    /// the usual cross-entropy, but not a density.
    Bernoulli,
    /// Independent normal variables of this standard deviation; the output is their means.
    Gaussian(f64),
    /// Independent normal variables. The output is twice as wide as x: their means, then the logarithms of their
    /// variances (Kingma and Welling 2014, appendix C.2).
    GaussianVariance,
}

impl Likelihood {
    /// The mean of p(x|z), from the decoder's output: \[…, output\] → \[…, features\].
    ///
    /// # Panics
    /// Panics if the output has no axes, or an odd number of columns for means and variances.
    #[track_caller]
    pub fn mean<V: Value>(self, output: &V) -> V {
        self.mean_as("Likelihood::mean", output)
    }

    #[track_caller]
    pub(super) fn mean_as<V: Value>(self, function: &str, output: &V) -> V {
        match self {
            Likelihood::Bernoulli => output.sigmoid(),
            Likelihood::Gaussian(_) => output.clone(),
            Likelihood::GaussianVariance => halves(function, "the decoder", output).0,
        }
    }

    /// −ln p(x|z), summed over features, from the decoder's output: \[…, output\] → \[…\], for x of shape \[…,
    /// features\]. Several outputs for each x have axes in front: \[k, n, output\] for x of shape \[n, features\].
    ///
    /// # Panics
    /// Panics if the shapes do not match, if x is outside \[0, 1\] for Bernoulli variables, or if a standard deviation is
    /// not above 0.
    #[track_caller]
    pub fn nats<V: Value>(self, output: &V, x: impl Operand<V>) -> V {
        let x = &*x.cast(output);
        self.nats_as("Likelihood::nats", output, x)
    }

    #[track_caller]
    pub(super) fn nats_as<V: Value>(self, function: &str, output: &V, x: &V) -> V {
        self.check(function);
        let nats = match self {
            Likelihood::Bernoulli => {
                check_shapes(function, output, x);
                probabilities(function, x);
                logistic_nats(output, x)
            }
            Likelihood::Gaussian(std) => {
                check_shapes(function, output, x);
                (((output.clone() - x) * (1.0 / std)).square() + TAU.ln()) * 0.5 + std.ln()
            }
            Likelihood::GaussianVariance => {
                let (mean, log_var) = halves(function, "the decoder", output);
                check_shapes(function, &mean, x);
                gaussian_nats(&mean, &log_var, x)
            }
        };
        nats.sum_axis(-1)
    }

    /// Panics at the caller's line if the standard deviation is not above 0.
    #[track_caller]
    pub(super) fn check(self, function: &str) {
        if let Likelihood::Gaussian(std) = self {
            assert!(std > 0.0 && std.is_finite(), "{function}: the standard deviation {std} is not above 0");
        }
    }
}

/// Panics at the caller's line unless the axes of x are the last axes of the decoder's output. Broadcasting is for the
/// axes in front only: a column against a matrix is always a mistake.
#[track_caller]
fn check_shapes<V: Value>(function: &str, output: &V, x: &V) {
    let (output, x) = (output.shape(), x.shape());
    let fits = x.rank() > 0 && output.ends_with(&x);
    assert!(fits, "{function}: the decoder describes values of shape {output}, but `x` has shape {x}");
}

/// The two halves of the last axis of what the encoder or the decoder gives.
#[track_caller]
pub(super) fn halves<V: Value>(function: &str, giver: &str, x: &V) -> (V, V) {
    let shape = x.shape();
    let Some(size) = shape.last().filter(|size| size.is_multiple_of(2)) else {
        panic!(
            "{function}: {giver} gives shape {shape}, but an even number of columns is needed, for means and logarithms of \
             variances"
        )
    };
    (x.slice(-1, 0, size / 2), x.slice(-1, size / 2, *size))
}
