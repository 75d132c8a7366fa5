//! The loop over epochs, with validation and early stopping.

use super::history::History;
use super::hook::HookResult;
use super::loss::Loss;
use super::plan::Plan;
use super::run::Run;
use super::status::Status;
use super::team::{Alone, Team};
use super::trainer::Trainer;
use crate::data::{Dataset, check_samples};
use crate::optim::Optimizer;
use autodiff::prelude::*;
use rand::Rng;
use std::time::Instant;

impl<M: Tree<Leaf: Value> + Clone, O: Optimizer<M::Leaf>> Trainer<M, O> {
    /// Trains for the epochs of a plan; returns the history. Its columns are `loss`, the terms of the loss by their names,
    /// `gradient norm` if gradients are clipped, and the figures on validation samples, as `validation loss`. After each
    /// epoch, `hook` gets the
    /// trainer, the status and the generator. It may show the status, save the training, stop it, or fail (see
    /// [`HookResult`]).
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
    /// To train for longer, restore and give a plan with more epochs; after a run that its patience ended, also with a longer
    /// patience. Model, optimiser and history go on. The schedule gets the finished share of the new number of epochs, so a
    /// rate that had fallen to 0 is above 0 again.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::data::{Dataset, Digits};
    /// use nn::{Adam, Init, Mlp, Plan, Trainer, Transfer, loss, schedule};
    /// use rand::{SeedableRng, rngs::StdRng};
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
    ///     println!("{status}");
    /// })?;
    /// assert!(history.column("validation cross-entropy")[3] < 0.5);
    /// # Ok::<(), nn::NotFinite>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the loss, a term or the gradient is not finite in training. The model is then as it was before
    /// that step; it is not set back to the best one. A validation loss of NaN is no error, and no improvement.
    ///
    /// Returns the error of the hook if it fails. The model is then as the hook left it. Each error ends the run, so that the
    /// next call begins with epoch 1.
    ///
    /// # Panics
    /// Panics if the loss is not a scalar, if there are no samples or not one label or target for each, if the plan has
    /// a patience, but there are no validation samples, if it has weights, but not one for each sample, or if the trainer
    /// was restored from a run with other batches, or more finished epochs than the plan has.
    ///
    /// A panic in the loss ends the run. If the hook panics, the next call continues with the next epoch, unless
    /// [`restart`](Trainer::restart) forgets the run.
    #[track_caller]
    pub fn fit<D: Dataset, R: Rng, H: HookResult>(
        &mut self,
        plan: &Plan,
        train: &D,
        validation: Option<&D>,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
        hook: impl FnMut(&mut Self, &Status, &mut R) -> H,
    ) -> Result<History, H::Error> {
        self.fit_of(&Alone, plan, train, validation, rng, loss, hook)
    }

    /// As [`fit`](Trainer::fit), by a team.
    #[expect(clippy::too_many_arguments, reason = "those of `fit` and the team")]
    #[track_caller]
    pub(super) fn fit_of<D: Dataset, R: Rng, H: HookResult>(
        &mut self,
        team: &impl Team<M, R>,
        plan: &Plan,
        train: &D,
        validation: Option<&D>,
        rng: &mut R,
        mut loss: impl Loss<M, D, R>,
        mut hook: impl FnMut(&mut Self, &Status, &mut R) -> H,
    ) -> Result<History, H::Error> {
        check_samples("Trainer::fit", train);
        if let Some(validation) = validation {
            check_samples("Trainer::fit, validation", validation);
        }
        if let (Some(patience), None) = (plan.patience, validation) {
            panic!(
                "Trainer::fit: the plan has patience {patience}, which needs validation samples, but there are none"
            );
        }
        if let Some(run) = &self.run {
            run.check(plan);
        }
        let (n, validated) = (team.samples(train.len()), validation.map_or(0, |samples| team.samples(samples.len())));
        team.begin(&|| {
            let done = self.run.as_ref().map_or(0, |run| run.epoch);
            format!("{plan}, of {n} samples, {validated} for validation, {done} epochs done")
        });
        // Only the hook finds the run in the trainer, so that neither an error nor a panic leaves half an epoch there.
        let mut run = self.run.take().unwrap_or_else(|| Run::new(plan));
        let (size, start, mut trained) = (plan.batches.size(), Instant::now(), 0);
        while !run.is_over(plan) {
            let done = run.epoch;
            if let Some(rate) = plan.rate_after(done) {
                self.optimizer.set_rate(rate);
            }
            let means = self.pass(team, "Trainer::fit", (train, n), &plan.batches, rng, &mut loss)?;
            #[expect(clippy::manual_map, reason = "a closure would lose the caller's line")]
            let measured = match validation {
                Some(samples) => Some(self.measure(team, "Trainer::fit", (samples, validated), size, rng, &mut loss)),
                None => None,
            };
            trained += 1;
            let pace = start.elapsed() / trained;
            let mut status = Status {
                epoch: done + 1,
                epochs: plan.epochs,
                train: means,
                validation: measured,
                best: false,
                samples_per_second: n as f64 / pace.as_secs_f64().max(f64::MIN_POSITIVE),
                remaining: pace * (plan.epochs - done - 1) as u32,
            };
            run.note(&mut status, &self.model);
            self.run = Some(run);
            let flow = hook(self, &status, rng).flow();
            let left = self.run.take();
            let stops = team.flow(flow)?.is_break();
            // None if the hook called `restart`.
            let Some(left) = left else { return Ok(History::default()) };
            run = left;
            if stops {
                break;
            }
        }
        let Run { best, history, .. } = run;
        self.model = best.into_model().unwrap_or_else(|| self.model.clone());
        Ok(history)
    }

    /// Forgets a run of [`fit`](Trainer::fit) that is not over, so that the next one begins with epoch 1. The model and the
    /// optimiser stay.
    pub fn restart(&mut self) {
        self.run = None;
    }
}
