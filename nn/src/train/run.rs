//! The state of the loop over epochs.

use super::best::Best;
use super::history::History;
use super::plan::Plan;
use super::status::Status;

/// What decides how [`fit`](super::Trainer::fit) goes on, besides the trainer and the generator.
#[derive(Clone, Debug)]
pub(crate) struct Run<M> {
    /// The batches, in words: a run goes on only with those that it began with.
    pub(crate) batches: String,
    /// The number of finished epochs.
    pub(crate) epoch: usize,
    pub(crate) best: Best<M>,
    pub(crate) history: History,
}

impl<M: Clone> Run<M> {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { batches: plan.batches.to_string(), epoch: 0, best: Best::default(), history: History::default() }
    }

    /// Panics at the caller's line unless the run can go on by a plan.
    #[track_caller]
    pub(super) fn check(&self, plan: &Plan) {
        let (began, given) = (&self.batches, plan.batches.to_string());
        assert!(
            *began == given,
            "Trainer::fit: the plan has {given}, but the run that goes on has {began}; give a plan with the same, or call \
             `restart` to begin a new run"
        );
        let (done, epochs) = (self.epoch, plan.epochs);
        assert!(
            done <= epochs,
            "Trainer::fit: the plan has {epochs} epochs, but the run that goes on has finished {done}; give a plan with \
             more, or call `restart` to begin a new run"
        );
    }

    /// Adds an epoch, and notes in its status whether it was the best.
    pub(super) fn note(&mut self, status: &mut Status, model: &M) {
        let figure = status.validation.as_ref().map(|means| means.total);
        status.best = figure.is_some_and(|figure| self.best.offer(figure, model));
        self.epoch = status.epoch;
        self.history.push(&status.row());
    }

    /// Whether there is no further epoch to train.
    pub(super) fn is_over(&self, plan: &Plan) -> bool {
        self.epoch >= plan.epochs || plan.patience.is_some_and(|patience| self.best.waited() >= patience)
    }
}
