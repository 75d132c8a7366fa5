//! The state of training after an epoch.

use super::means::Means;
use std::fmt;
use std::time::Duration;

// The names of columns of the history that are not terms of the training loss.
const LOSS: &str = "loss";
const GRADIENT_NORM: &str = "gradient norm";
const VALIDATION: &str = "validation ";

/// Whether a term of a loss with this name would have the column of another figure.
pub(super) fn is_reserved(name: &str) -> bool {
    ["epoch", LOSS, GRADIENT_NORM].contains(&name) || name.starts_with(VALIDATION)
}

/// The state of training after an epoch.
#[derive(Clone, Debug)]
pub struct Status {
    /// The number of finished epochs, from 1.
    pub epoch: usize,
    /// The largest number of epochs.
    pub epochs: usize,
    /// The mean loss over the training samples, measured before each update.
    pub train: Means,
    /// The mean loss over the validation samples, if there are any.
    pub validation: Option<Means>,
    /// Whether the model has the lowest validation loss so far.
    pub best: bool,
    /// Training samples per second; the time of validation counts too.
    pub samples_per_second: f64,
    /// The time that the remaining epochs take at this pace.
    pub remaining: Duration,
}

impl Status {
    /// The finished share of the epochs, for a schedule.
    pub fn progress(&self) -> f64 {
        self.epoch as f64 / self.epochs as f64
    }

    pub(super) fn row(&self) -> Vec<(String, f64)> {
        let named = |prefix: &str, means: &Means| {
            let terms = means.terms.iter().map(|&(name, mean)| (format!("{prefix}{name}"), mean));
            std::iter::once((format!("{prefix}{LOSS}"), means.total)).chain(terms).collect::<Vec<_>>()
        };
        let mut row = named("", &self.train);
        row.extend(self.train.gradient_norm.map(|norm| (GRADIENT_NORM.to_owned(), norm)));
        row.extend(self.validation.iter().flat_map(|means| named(VALIDATION, means)));
        row
    }
}

/// `epoch  3 of 40: loss 0.4321, validation loss 0.4567, 12 s left`.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, epochs, train, .. } = self;
        write!(f, "epoch {epoch:>width$} of {epochs}: loss {train}", width = epochs.to_string().len())?;
        if let Some(validation) = &self.validation {
            write!(f, ", validation loss {validation}")?;
        }
        match self.remaining.as_secs_f64() {
            seconds if seconds < 100.0 => write!(f, ", {seconds:.0} s left"),
            seconds if seconds < 6000.0 => write!(f, ", {:.0} min left", seconds / 60.0),
            seconds => write!(f, ", {:.1} h left", seconds / 3600.0),
        }
    }
}
