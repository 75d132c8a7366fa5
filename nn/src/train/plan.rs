//! A plan of a training.

use crate::data::Batches;
use crate::optim::Domain;
use std::fmt;
use std::sync::Arc;

/// How long to train, in which batches, and at which learning rate.
#[derive(Clone)]
pub struct Plan {
    pub(super) epochs: usize,
    pub(super) batches: Batches,
    pub(super) patience: Option<usize>,
    pub(super) rate: Option<Arc<dyn Fn(f64) -> f64 + Send + Sync>>,
}

impl Plan {
    /// A plan without early stopping, at the rate of the optimiser. `batches` is the size of shuffled batches, or another
    /// setting of [`Batches`].
    ///
    /// # Panics
    /// Panics if the batch size is 0.
    #[track_caller]
    pub fn new(epochs: usize, batches: impl Into<Batches>) -> Self {
        Self { epochs, batches: batches.into().checked("Plan"), patience: None, rate: None }
    }

    /// The same plan, stopped after this number of epochs in a row without a better validation loss. It needs validation
    /// samples.
    ///
    /// # Panics
    /// Panics if the patience is 0.
    #[must_use]
    #[track_caller]
    pub fn patience(self, epochs: usize) -> Self {
        assert!(epochs > 0, "Plan: the patience must be above 0");
        Self { patience: Some(epochs), ..self }
    }

    /// The same plan with a schedule. Before each epoch, `schedule(done)` sets the learning rate, where `done` is the
    /// finished share of the epochs, from 0 to below 1. A schedule that counts epochs gets `done * epochs`.
    ///
    /// ```
    /// use nn::{Plan, schedule};
    /// // Three epochs of warm-up, then half a cosine.
    /// let epochs = 60;
    /// let rate = move |done: f64| schedule::warm_up(schedule::cosine(0.02, done), done * f64::from(epochs), 3.0);
    /// let plan = Plan::new(epochs as usize, 32).rate(rate);
    /// ```
    ///
    /// A [`Plateau`](crate::schedule::Plateau) needs the validation loss, so the hook of `fit` sets its rate.
    #[must_use]
    pub fn rate(self, schedule: impl Fn(f64) -> f64 + Send + Sync + 'static) -> Self {
        Self { rate: Some(Arc::new(schedule)), ..self }
    }

    /// The learning rate after this number of epochs, if there is a schedule.
    #[track_caller]
    pub(super) fn rate_after(&self, done: usize) -> Option<f64> {
        let share = done as f64 / self.epochs as f64;
        let rate = self.rate.as_ref()?(share);
        let (epoch, domain) = (done + 1, Domain::NotNegative);
        assert!(
            domain.contains(rate),
            "Trainer::fit: the schedule of the plan gives the rate {rate} for epoch {epoch}, at the share {share}, \
             but a rate must be {domain}"
        );
        Some(rate)
    }

    /// The largest number of epochs.
    pub fn epochs(&self) -> usize {
        self.epochs
    }
}

/// `8 epochs in batches of 16 with patience 3`.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} epochs in {}", self.epochs, self.batches)?;
        self.patience.map_or(Ok(()), |patience| write!(f, " with patience {patience}"))
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plan({self})")
    }
}
