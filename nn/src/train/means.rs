//! The loss and its terms as means over samples.

use std::fmt;

/// The mean of a loss, and of each of its named terms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Means {
    /// The loss.
    pub total: f64,
    /// The named terms, in the order in which the loss names them; none if it names none.
    pub terms: Vec<(&'static str, f64)>,
    /// The norm of the gradient before it was clipped, if the trainer [clips](super::Trainer::clip_norm) norms.
    pub gradient_norm: Option<f64>,
}

impl Means {
    /// The mean of the term with this name, if the loss names one.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.terms.iter().find(|(known, _)| *known == name).map(|&(_, mean)| mean)
    }

    /// Adds a batch to the running mean, weighted by its share of the samples.
    ///
    /// # Panics
    /// Panics if the batch has other terms than the batches before it.
    #[track_caller]
    pub(super) fn add(sum: Option<Self>, mut batch: Self, share: f64) -> Self {
        batch.total *= share;
        batch.terms.iter_mut().for_each(|(_, mean)| *mean *= share);
        batch.gradient_norm = batch.gradient_norm.map(|norm| norm * share);
        let Some(mut sum) = sum else { return batch };
        let names = |means: &Self| means.terms.iter().map(|term| term.0).collect::<Vec<_>>();
        let alike = sum.terms.len() == batch.terms.len() && sum.terms.iter().zip(&batch.terms).all(|(a, b)| a.0 == b.0);
        assert!(alike, "Trainer: the loss names the terms {:?}, but named {:?} before", names(&batch), names(&sum));
        sum.total += batch.total;
        sum.gradient_norm = sum.gradient_norm.zip(batch.gradient_norm).map(|(sum, norm)| sum + norm);
        sum.terms.iter_mut().zip(batch.terms).for_each(|(sum, term)| sum.1 += term.1);
        sum
    }
}

/// `0.4321 (reconstruction 0.4000, kl 0.0321)`, without the norm of the gradient.
impl fmt::Display for Means {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Figure(self.total))?;
        // A single term that is the loss itself says nothing new.
        if self.terms.iter().any(|&(_, mean)| mean != self.total) {
            let terms: Vec<String> =
                self.terms.iter().map(|(name, mean)| format!("{name} {}", Figure(*mean))).collect();
            write!(f, " ({})", terms.join(", "))?;
        }
        Ok(())
    }
}

/// A figure as a text shows it: with four decimals, or as a power of ten where these would hide its digits.
pub(super) struct Figure(pub(super) f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(x) = self;
        if *x == 0.0 || !x.is_finite() || (1e-2..1e6).contains(&x.abs()) {
            write!(f, "{x:.4}")
        } else {
            write!(f, "{x:.3e}")
        }
    }
}
