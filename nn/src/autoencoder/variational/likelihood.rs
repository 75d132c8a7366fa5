//! The distributions that a decoder can describe.

use crate::loss::logistic_nats;
use autodiff::prelude::*;
use std::f64::consts::TAU;

/// The distribution p(x|z) that the decoder's output describes.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// Panics if the output has no axes.
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
    /// Panics if the shapes do not match.
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
        panic!("variational: {shape}: an even number of columns is needed, for means and logarithms of variances")
    };
    (x.slice(-1, 0, size / 2), x.slice(-1, size / 2, *size))
}
