//! The distributions that a decoder can describe.

use crate::loss::logistic_nats;
use autodiff::prelude::*;
use std::f64::consts::TAU;

/// p(x|z): what the decoder's output means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likelihood {
    /// Independent Bernoulli variables; the output is their logits. For x in \[0, 1\]; where x is not 0 or 1 it is the
    /// usual cross-entropy, though no density then.
    Bernoulli,
    /// Independent normal variables of this standard deviation; the output is their means.
    Gaussian(f64),
    /// Independent normal variables; the output, twice as wide as x, is their means and then the logarithms of their
    /// variances (Kingma and Welling 2014, appendix C.2).
    GaussianVariance,
}

impl Likelihood {
    /// The mean of p(x|z), from the decoder's output: \[…, output\] → \[…, features\].
    ///
    /// # Panics
    /// If the output has no axis.
    #[track_caller]
    pub fn mean<V: Value>(self, output: &V) -> V {
        match self {
            Likelihood::Bernoulli => output.sigmoid(),
            Likelihood::Gaussian(_) => output.clone(),
            Likelihood::GaussianVariance => halves(output).0,
        }
    }

    /// −ln p(x|z), summed over features, from the decoder's output: \[…, output\] and \[…, features\] → \[…\].
    ///
    /// # Panics
    /// If the shapes do not fit each other.
    #[track_caller]
    pub fn nats<V: Value>(self, output: &V, x: &V) -> V {
        let nats = match self {
            Likelihood::Bernoulli => logistic_nats(output, x),
            Likelihood::Gaussian(std) => {
                (output.clone() - x).scale(1.0 / std).square().shift(TAU.ln()).scale(0.5).shift(std.ln())
            }
            Likelihood::GaussianVariance => {
                let (mean, log_var) = halves(output);
                ((mean - x).square() * log_var.scale(-1.0).exp() + log_var).shift(TAU.ln()).scale(0.5)
            }
        };
        nats.sum_axis(-1)
    }
}

/// The two halves of the last axis.
#[track_caller]
pub(super) fn halves<V: Value>(x: &V) -> (V, V) {
    let shape = x.shape();
    let Some(size) = shape.last().filter(|size| size.is_multiple_of(2)) else {
        panic!("variational: {shape}: means and logarithms of variances are needed, an even number of columns")
    };
    (x.slice(-1, 0, size / 2), x.slice(-1, size / 2, *size))
}
