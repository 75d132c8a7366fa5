//! The epoch, and the mean of a loss over samples.

use super::guard::NotFinite;
use super::loss::Loss;
use super::means::Means;
use super::recorder::{Recorder, check_scalar};
use super::team::{Alone, Team};
use super::trainer::Trainer;
use crate::data::{Batches, Dataset, check_samples};
use crate::optim::Optimizer;
use autodiff::prelude::*;
use rand::Rng;

impl<M: Tree<Leaf: Value>, O: Optimizer<M::Leaf>> Trainer<M, O> {
    /// Takes a [step](Trainer::step) for each batch of the data; returns the mean of the loss over the samples, measured
    /// before each update.
    ///
    /// `batches` is the size of shuffled batches, or another setting of [`Batches`].
    ///
    /// # Errors
    /// Returns an error if the loss, a term or the gradient is not finite. That step is not taken; those before it are.
    ///
    /// # Panics
    /// Panics if the loss is not a scalar, if there are no samples or not one label or target for each, if the batch size
    /// is 0, or if there are weights, but not one for each sample.
    #[track_caller]
    pub fn epoch<D: Dataset, R: Rng>(
        &mut self,
        data: &D,
        batches: impl Into<Batches>,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
    ) -> Result<Means, NotFinite> {
        self.epoch_of(&Alone, data, batches.into(), rng, loss)
    }

    /// As [`epoch`](Trainer::epoch), by a team.
    #[track_caller]
    pub(super) fn epoch_of<D: Dataset, R: Rng>(
        &mut self,
        team: &impl Team<M, R>,
        data: &D,
        batches: Batches,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
    ) -> Result<Means, NotFinite> {
        check_samples("Trainer::epoch", data);
        let batches = batches.checked("Trainer::epoch");
        let n = team.samples(data.len());
        team.begin(&|| format!("an epoch of {n} samples in {batches}"));
        self.pass(team, "Trainer::epoch", (data, n), &batches, rng, loss)
    }

    /// An epoch of checked data, of `n` samples on all processes.
    #[track_caller]
    pub(super) fn pass<D: Dataset, R: Rng>(
        &mut self,
        team: &impl Team<M, R>,
        method: &str,
        (data, n): (&D, usize),
        batches: &Batches,
        rng: &mut R,
        mut loss: impl Loss<M, D, R>,
    ) -> Result<Means, NotFinite> {
        let (mut sum, drawn, mut own) = (None, batches.draw(n, rng), None);
        let rng = team.generator(rng, &mut own, self.counters.steps);
        for indices in drawn {
            let (part, share) = team.part(&indices);
            let means = self.take_step(team, method, (&data.subset(&part), share), rng, &mut loss)?;
            sum = Some(Means::add(sum, means, indices.len() as f64 / n as f64));
        }
        self.counters.epochs += 1;
        Ok(sum.unwrap_or_default())
    }

    /// The mean of a loss over the samples in their order, without any step: for validation.
    ///
    /// # Panics
    /// Panics if the loss is not a scalar, if there are no samples or not one label or target for each, or if the batch
    /// size is 0.
    #[track_caller]
    pub fn evaluate<D: Dataset, R: ?Sized>(
        &mut self,
        data: &D,
        batch_size: usize,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
    ) -> Means {
        self.evaluate_of(&Alone, data, batch_size, rng, loss)
    }

    /// As [`evaluate`](Trainer::evaluate), by a team.
    #[track_caller]
    pub(super) fn evaluate_of<D: Dataset, R: ?Sized>(
        &mut self,
        team: &impl Team<M, R>,
        data: &D,
        batch_size: usize,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
    ) -> Means {
        check_samples("Trainer::evaluate", data);
        assert!(batch_size > 0, "Trainer::evaluate: the batch size must be above 0");
        let n = team.samples(data.len());
        team.begin(&|| format!("to evaluate {n} samples in batches of {batch_size}"));
        self.measure(team, "Trainer::evaluate", (data, n), batch_size, rng, loss)
    }

    /// The mean over checked data, of `n` samples on all processes.
    #[track_caller]
    pub(super) fn measure<D: Dataset, R: ?Sized>(
        &mut self,
        team: &impl Team<M, R>,
        method: &str,
        (data, n): (&D, usize),
        batch_size: usize,
        rng: &mut R,
        mut loss: impl Loss<M, D, R>,
    ) -> Means {
        let (mut sum, mut own) = (None, None);
        let rng = team.generator(rng, &mut own, self.counters.steps);
        for indices in (0..n).collect::<Vec<_>>().chunks(batch_size) {
            let (part, share) = team.part(indices);
            let batch = data.subset(&part);
            self.tape.clear();
            let recorder = Recorder::new(&self.tape);
            let value = loss(&recorder, self.tape.variables(&self.model), &batch, rng);
            check_scalar(method, &value.shape());
            let means = Means { total: value.item().to_f64(), terms: recorder.finish().0, gradient_norm: None };
            sum = Some(Means::add(sum, team.means(means, share), indices.len() as f64 / n as f64));
        }
        self.tape.clear();
        sum.unwrap_or_default()
    }
}
