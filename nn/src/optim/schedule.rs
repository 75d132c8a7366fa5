//! Schedules: learning rates as functions of the progress through training.
//!
//! Pass the result to [`set_rate`](crate::Optimizer::set_rate) before each epoch or step. `time` is a number of epochs
//! or steps, from 0; `progress` runs from 0 to 1, and after 1 the rate stays as it is at 1. Schedules compose: a cosine
//! after a warm-up is `warm_up(cosine(rate, t / total), t, 5.0)`.

use super::state::{Domain, Scalars, visit_count};
use std::f64::consts::PI;

/// Half a cosine from `rate` at progress 0 down to 0 at progress 1 (Loshchilov and Hutter 2017, equation 5, without
/// restarts).
///
/// ```
/// use nn::schedule::cosine;
/// assert_eq!((cosine(0.1, 0.0), cosine(0.1, 1.0)), (0.1, 0.0));
/// assert!((cosine(0.1, 0.5) - 0.05).abs() < 1e-15);
/// ```
///
/// # Panics
/// Panics if the rate or the progress is below 0 or NaN.
#[track_caller]
pub fn cosine(rate: f64, progress: f64) -> f64 {
    check_not_negative("cosine", "rate", rate);
    check_not_negative("cosine", "progress", progress);
    half_cosine(rate, progress.min(1.0))
}

fn half_cosine(rate: f64, progress: f64) -> f64 {
    rate * 0.5 * (1.0 + (PI * progress).cos())
}

/// Step decay: `rate`·factor^⌊time/every⌋.
///
/// ```
/// use nn::schedule::step;
/// assert_eq!([0.0, 9.0, 10.0, 25.0].map(|epoch| step(0.8, epoch, 10.0, 0.5)), [0.8, 0.8, 0.4, 0.2]);
/// ```
///
/// # Panics
/// Panics if `rate`, `time` or `factor` is below 0 or NaN, or if `every` is not above 0.
#[track_caller]
pub fn step(rate: f64, time: f64, every: f64, factor: f64) -> f64 {
    check_not_negative("step", "rate", rate);
    check_not_negative("step", "time", time);
    check_not_negative("step", "factor", factor);
    assert!(every > 0.0, "step: every is {every}, but must be above 0");
    rate * factor.powf((time / every).floor())
}

/// Exponential decay: `rate`·factorᵗ, with t the time.
///
/// ```
/// assert_eq!(nn::schedule::exponential(0.8, 3.0, 0.5), 0.1);
/// ```
///
/// # Panics
/// Panics if `rate`, `time` or `factor` is below 0 or NaN.
#[track_caller]
pub fn exponential(rate: f64, time: f64, factor: f64) -> f64 {
    check_not_negative("exponential", "rate", rate);
    check_not_negative("exponential", "time", time);
    check_not_negative("exponential", "factor", factor);
    rate * factor.powf(time)
}

/// A linear warm-up: `rate` times a share that grows from 1/`length` at time 0 to 1 and stays there. A small
/// rate at the start avoids instability while the network changes quickly (Goyal et al. 2017, section 2.2).
///
/// ```
/// use nn::schedule::warm_up;
/// assert_eq!([0.0, 1.0, 3.0, 9.0].map(|step| warm_up(0.8, step, 4.0)), [0.2, 0.4, 0.8, 0.8]);
/// ```
///
/// # Panics
/// Panics if `rate` or `time` is below 0 or NaN, or if `length` is not above 0.
#[track_caller]
pub fn warm_up(rate: f64, time: f64, length: f64) -> f64 {
    check_not_negative("warm_up", "rate", rate);
    check_not_negative("warm_up", "time", time);
    assert!(length > 0.0, "warm_up: length is {length}, but must be above 0");
    rate * ((time + 1.0) / length).min(1.0)
}

/// One cycle: from `rate`/25 up to `rate` over the first 30 % of the progress, then down to `rate`/250000 at the end,
/// both along half a cosine (Smith and Topin 2019, in the form of fastai).
///
/// ```
/// use nn::schedule::one_cycle;
/// for (progress, expected) in [(0.0, 0.04), (0.3, 1.0), (1.0, 4e-6)] {
///     assert!((one_cycle(1.0, progress) - expected).abs() < 1e-15);
/// }
/// ```
///
/// # Panics
/// Panics if the rate or the progress is below 0 or NaN.
#[track_caller]
pub fn one_cycle(rate: f64, progress: f64) -> f64 {
    const UP: f64 = 0.3;
    check_not_negative("one_cycle", "rate", rate);
    check_not_negative("one_cycle", "progress", progress);
    let progress = progress.min(1.0);
    let (start, end) = (rate / 25.0, rate / 250_000.0);
    match progress < UP {
        true => rate - half_cosine(rate - start, progress / UP),
        false => end + half_cosine(rate - end, (progress - UP) / (1.0 - UP)),
    }
}

/// Panics at the caller's line if a rate, a progress, a time or a factor is below 0 or NaN.
#[track_caller]
pub(crate) fn check_not_negative(function: &str, name: &str, number: f64) {
    assert!(number >= 0.0, "{function}: {name} is {number}, but must be 0 or more");
}

/// A rate that is multiplied by a factor after `patience` observations in a row without progress. An observation is
/// progress if it is below the lowest so far by more than a share, the threshold.
///
/// ```
/// use nn::schedule::Plateau;
/// let mut plateau = Plateau::new(0.8, 0.5, 2);
/// let rates: Vec<f64> = [3.0, 2.0, 2.0, 2.5, 1.0].into_iter().map(|loss| plateau.observe(loss)).collect();
/// assert_eq!(rates, [0.8, 0.8, 0.8, 0.4, 0.4]);
/// ```
///
/// In training, the hook of [`fit`](crate::Trainer::fit) shows it the validation loss:
///
/// ```
/// # use autodiff::prelude::*;
/// # use nn::data::{Dataset, Digits};
/// # use nn::{Adam, Init, Mlp, Optimizer, Plan, Trainer, Transfer, loss, schedule::Plateau};
/// # use rand::{SeedableRng, rngs::StdRng};
/// # let rng = &mut StdRng::seed_from_u64(0);
/// # let (train, validation) = Digits::<f32>::load().train.split_every(10);
/// # let mut trainer = Trainer::new(Mlp::new(&[64, 16, 10], Transfer::Relu, Init::HeNormal, rng), Adam::new(0.01));
/// # let plan = Plan::new(2, 32);
/// let mut plateau = Plateau::new(0.01, 0.5, 3);
/// trainer.fit(&plan, &train, Some(&validation), rng, |_, mlp, batch, _| {
///     loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
/// }, |trainer, status, _| {
///     let loss = status.validation.as_ref().expect("validation samples are given").total;
///     trainer.optimizer.set_rate(plateau.observe(loss));
/// })?;
/// # Ok::<(), nn::NotFinite>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Plateau {
    rate: f64,
    factor: f64,
    patience: i32,
    threshold: f64,
    lowest: f64,
    waited: i32,
}

impl Plateau {
    /// A schedule that has observed nothing yet, with a threshold of 10⁻⁴.
    ///
    /// # Panics
    /// Panics if the rate is negative or not finite, if the factor is not from 0 to below 1, or if the patience is 0 or
    /// above `i32::MAX`.
    #[track_caller]
    pub fn new(rate: f64, factor: f64, patience: usize) -> Self {
        let rate = Domain::NotNegative.checked("Plateau: the rate", rate);
        let factor = Domain::Share.checked("Plateau: the factor", factor);
        let patience = i32::try_from(patience).ok().filter(|&patience| patience > 0);
        let patience = patience.expect("Plateau: the patience must be from 1 to 2147483647");
        Self { rate, factor, patience, threshold: 1e-4, lowest: f64::INFINITY, waited: 0 }
    }

    /// The same with another threshold: the share by which an observation must be below the lowest to count as
    /// progress.
    ///
    /// # Panics
    /// Panics unless 0 ≤ threshold < 1.
    #[must_use]
    #[track_caller]
    pub fn threshold(self, threshold: f64) -> Self {
        Self { threshold: Domain::Share.checked("Plateau: the threshold", threshold), ..self }
    }

    /// The current rate.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Observes a validation loss, or another figure that should fall; returns the new rate. NaN is not progress.
    pub fn observe(&mut self, figure: f64) -> f64 {
        // The first number is progress whatever it is; the second condition alone would give ∞ − ∞ = NaN.
        let is_first = self.lowest == f64::INFINITY && !figure.is_nan();
        if is_first || figure < self.lowest - self.threshold * self.lowest.abs() {
            (self.lowest, self.waited) = (figure.min(f64::MAX), 0);
            return self.rate;
        }
        self.waited += 1;
        if self.waited >= self.patience {
            self.rate *= self.factor;
            self.waited = 0;
        }
        self.rate
    }
}

impl Scalars for Plateau {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("factor", Domain::Share, &mut self.factor);
        f("threshold", Domain::Share, &mut self.threshold);
        f("lowest", Domain::NotNan, &mut self.lowest);
        visit_count("patience", &mut self.patience, f);
        visit_count("waited", &mut self.waited, f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_stay_as_they_are_at_the_end_of_training() {
        for after in [1.0, 1.0 + f64::EPSILON, 1.5, 2.0, 7.0, f64::INFINITY] {
            assert_eq!((cosine(0.1, after), one_cycle(0.1, after)), (cosine(0.1, 1.0), one_cycle(0.1, 1.0)));
        }
    }

    #[test]
    fn rates_do_not_rise_again_after_their_peak() {
        let progress = || (0..=400).map(|i| f64::from(i) / 200.0);
        let falls = |rates: Vec<f64>| rates.windows(2).all(|pair| pair[1] <= pair[0] + 1e-17);
        assert!(falls(progress().map(|at| cosine(0.1, at)).collect()));
        assert!(falls(progress().filter(|at| *at >= 0.3).map(|at| one_cycle(0.1, at)).collect()));
        assert!(falls(progress().map(|at| step(0.1, at, 0.25, 0.5)).collect()));
    }
}
