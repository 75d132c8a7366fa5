//! The loop over epochs, with validation and early stopping.

use super::guard::NotFinite;
use super::history::History;
use super::loss::Loss;
use super::means::Means;
use super::plan::Plan;
use super::run::Run;
use super::trainer::Trainer;
use crate::data::{Dataset, check_samples};
use crate::optim::Optimizer;
use autodiff::prelude::*;
use rand::Rng;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

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
        row.extend(self.train.gradient_norm.map(|norm| ("gradient norm".to_owned(), norm)));
        row.extend(self.validation.iter().flat_map(|means| named("validation ", means)));
        row
    }
}

impl<T: Element, M: Tree<Leaf = Tensor<T>> + Clone, O: Optimizer<T>> Trainer<M, O> {
    /// Trains for the epochs of a plan; returns the history of the loss and its terms. After each epoch, `hook` gets the
    /// trainer, the status and the generator. It may show the status, save all three, or stop the training.
    ///
    /// With validation samples, the model of the trainer is at the end the one with the lowest loss on them; without, it is
    /// the last one. The loss draws its random numbers from the generator that it gets, so one seed decides everything. It
    /// draws during validation too.
    ///
    /// A trainer that the hook saved and that was restored (feature `store`), in another process too, goes on after the
    /// epoch in which it was saved, to the same bits: the epoch, the best model and its figure, the patience left and the
    /// history are part of the file. The samples, their weights, the loss and the schedule are not; the program must give
    /// the same again.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::data::{Dataset, Digits};
    /// use nn::{Adam, Init, Mlp, Plan, Trainer, Transfer, loss, schedule};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// use std::ops::ControlFlow;
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let Digits { train, .. } = Digits::<f32>::load();
    /// let (train, validation) = train.split_every(10);
    /// let mlp = Mlp::new(&[64, 16, 10], Transfer::Relu, Init::HeNormal, rng);
    /// let mut trainer = Trainer::new(mlp, Adam::new(0.01));
    /// let plan = Plan::new(4, 32).patience(3).rate(|progress| schedule::cosine(0.01, progress));
    /// let history = trainer.fit(&plan, &train, Some(&validation), rng, |tape, mlp, batch, _| {
    ///     let logits = mlp.forward(&batch.x);
    ///     let decay = mlp.layers[0].weight.square().sum() * 1e-4;
    ///     tape.term("cross-entropy", loss::cross_entropy(&logits, &batch.labels)) + tape.term("decay", decay)
    /// }, |_, status, _| {
    ///     println!("{}: {}", status.epoch, status.train);
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
    /// Panics if the loss is not a scalar, if there are no samples or not one label or target for each, if the plan has
    /// weights, but not one for each sample, or if the trainer was restored from a run with another plan.
    #[track_caller]
    pub fn fit<D: Dataset, R: Rng>(
        &mut self,
        plan: &Plan,
        train: &D,
        validation: Option<&D>,
        rng: &mut R,
        mut loss: impl Loss<M, D, R>,
        mut hook: impl FnMut(&mut Self, &Status, &mut R) -> ControlFlow<()>,
    ) -> Result<History, NotFinite> {
        check_samples("Trainer::fit", train);
        if let Some(validation) = validation {
            check_samples("Trainer::fit, validation", validation);
        }
        let run = self.run.get_or_insert_with(|| Run::new(plan));
        let (began, given) = (&run.plan, plan.to_string());
        assert!(
            *began == given,
            "Trainer::fit: the plan is {given}, but the run that goes on began with {began}; `restart` begins a new one"
        );
        let (start, mut trained) = (Instant::now(), 0);
        while let Some(done) = self.run.as_ref().filter(|run| !run.is_over(plan)).map(|run| run.epoch) {
            if let Some(rate) = &plan.rate {
                self.optimizer.set_rate(rate(done as f64 / plan.epochs as f64));
            }
            let means = self.pass(train, &plan.batches, rng, &mut loss).inspect_err(|_| self.run = None)?;
            let validation = validation.map(|samples| self.evaluate(samples, plan.batches.size(), rng, &mut loss));
            trained += 1;
            let pace = start.elapsed() / trained;
            let mut status = Status {
                epoch: done + 1,
                epochs: plan.epochs,
                train: means,
                validation,
                best: false,
                samples_per_second: train.len() as f64 / pace.as_secs_f64().max(f64::MIN_POSITIVE),
                remaining: pace * (plan.epochs - done - 1) as u32,
            };
            self.note(&mut status);
            if hook(self, &status, rng).is_break() {
                break;
            }
        }
        let Some(Run { best, history, .. }) = self.run.take() else { return Ok(History::default()) };
        self.model = best.into_model().unwrap_or_else(|| self.model.clone());
        Ok(history)
    }

    /// Adds an epoch to the run, and notes in its status whether it was the best.
    fn note(&mut self, status: &mut Status) {
        let Some(run) = &mut self.run else { return };
        let figure = status.validation.as_ref().map(|means| means.total);
        status.best = figure.is_some_and(|figure| run.best.offer(figure, &self.model));
        run.epoch = status.epoch;
        run.history.push(&status.row());
    }

    /// Forgets a run of [`fit`](Trainer::fit) that is not over, so that the next one begins with epoch 1. The model and the
    /// optimiser stay.
    pub fn restart(&mut self) {
        self.run = None;
    }
}
