//! The loop over epochs, with validation and early stopping.

use super::best::Best;
use super::guard::NotFinite;
use super::history::History;
use super::means::Means;
use super::recorder::Recorder;
use super::trainer::Trainer;
use crate::data::Samples;
use crate::optim::Optimizer;
use autodiff::prelude::*;
use rand::Rng;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// How long to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The largest number of epochs.
    pub epochs: usize,
    /// The number of samples in a batch.
    pub batch_size: usize,
    /// The number of epochs without a better validation loss after which training stops. `usize::MAX` waits for ever.
    pub patience: usize,
}

impl Plan {
    /// A plan without early stopping.
    pub fn new(epochs: usize, batch_size: usize) -> Self {
        Self { epochs, batch_size, patience: usize::MAX }
    }
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

    fn row(&self) -> Vec<(String, f64)> {
        let named = |prefix: &str, means: &Means| {
            let terms = means.terms.iter().filter(|_| means.terms.len() > 1);
            let terms = terms.map(|&(name, mean)| (format!("{prefix}{name}"), mean));
            std::iter::once((format!("{prefix}loss"), means.total)).chain(terms).collect::<Vec<_>>()
        };
        let mut row = named("", &self.train);
        row.extend(self.validation.iter().flat_map(|means| named("validation ", means)));
        row
    }
}

impl<T: Element, M: Tree<Leaf = Tensor<T>> + Clone, O: Optimizer<T>> Trainer<M, O> {
    /// Trains for the epochs of a plan; returns the history of the loss and its terms. After each epoch, `hook` may
    /// show the status, change the learning rate, save a checkpoint, or stop the training.
    ///
    /// With validation samples, the model of the trainer is at the end the one with the lowest loss on them; without, it is
    /// the last one. The loss draws its random numbers from the generator that it gets, so one seed decides everything. It
    /// draws during validation too.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::{Adam, Init, Mlp, Plan, Trainer, Transfer, data::Digits, loss, schedule};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// use std::ops::ControlFlow;
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let Digits { train, .. } = Digits::<f32>::load();
    /// let (train, validation) = train.split_every(10);
    /// let mlp = Mlp::new(&[64, 16, 10], Transfer::Relu, Init::HeNormal, rng);
    /// let mut trainer = Trainer::new(mlp, |mlp| Adam::new(mlp, 0.01));
    /// let plan = Plan { patience: 3, ..Plan::new(4, 32) };
    /// let history = trainer.fit(&plan, &train, Some(&validation), rng, |tape, mlp, batch, _| {
    ///     let logits = mlp.forward(&tape.constant(batch.x.clone()));
    ///     let decay = mlp.layers[0].weight.square().sum().scale(1e-4);
    ///     tape.term("cross-entropy", loss::cross_entropy(&logits, &batch.labels)) + tape.term("decay", decay)
    /// }, |trainer, status| {
    ///     trainer.optimizer.rate = schedule::cosine(0.01, status.progress());
    ///     ControlFlow::Continue(())
    /// })?;
    /// assert!(history.column("validation cross-entropy")[3] < 0.5);
    /// # Ok::<(), nn::NotFinite>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the loss, a term or the gradient is not finite in training. The model is then as it was before
    /// that step, and not the best one on validation. A validation loss of NaN is no error, and no improvement.
    ///
    /// # Panics
    /// Panics if the loss is not a scalar, if there are no samples or not one label for each, or if the batch size is 0.
    #[track_caller]
    pub fn fit<R: Rng>(
        &mut self,
        plan: &Plan,
        train: &Samples<T>,
        validation: Option<&Samples<T>>,
        rng: &mut R,
        mut loss: impl for<'t> FnMut(&Recorder<'t, Tensor<T>>, OnTape<'t, M>, &Samples<T>, &mut R) -> Var<'t, Tensor<T>>,
        mut hook: impl FnMut(&mut Self, &Status) -> ControlFlow<()>,
    ) -> Result<History, NotFinite> {
        train.check("Trainer::fit");
        if let Some(validation) = validation {
            validation.check("Trainer::fit, validation");
        }
        assert!(plan.batch_size > 0, "Trainer::fit: the batch size must be above 0");
        let (mut history, mut best) = (History::default(), Best::new(plan.patience));
        let start = Instant::now();
        for epoch in 1..=plan.epochs {
            let means = self.epoch(train, plan.batch_size, rng, &mut loss)?;
            let validation = validation.map(|samples| self.evaluate(samples, plan.batch_size, rng, &mut loss));
            let better = validation.as_ref().is_some_and(|means| best.offer(means.total, &self.model));
            let pace = start.elapsed() / epoch as u32;
            let status = Status {
                epoch,
                epochs: plan.epochs,
                train: means,
                validation,
                best: better,
                samples_per_second: train.len() as f64 / pace.as_secs_f64().max(f64::MIN_POSITIVE),
                remaining: pace * (plan.epochs - epoch) as u32,
            };
            history.push(&status.row());
            if hook(self, &status).is_break() || (status.validation.is_some() && best.is_final()) {
                break;
            }
        }
        self.model = best.into_model().unwrap_or_else(|| self.model.clone());
        Ok(history)
    }
}
