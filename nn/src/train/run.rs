//! The state of the loop over epochs.

use super::best::Best;
use super::history::History;
use super::plan::Plan;
use super::status::Status;

/// What decides how [`fit`](super::Trainer::fit) goes on, besides the trainer and the generator.
#[derive(Clone, Debug)]
pub(crate) struct Run<M> {
    /// The batches and the patience, in words: a run goes on only with those that it began with.
    pub(crate) plan: String,
    /// The number of finished epochs.
    pub(crate) epoch: usize,
    pub(crate) best: Best<M>,
    pub(crate) history: History,
}

impl<M: Clone> Run<M> {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { plan: plan.fixed(), epoch: 0, best: Best::default(), history: History::default() }
    }

    /// Panics at the caller's line unless the run can go on by a plan.
    #[track_caller]
    pub(super) fn check(&self, plan: &Plan) {
        let (began, given) = (&self.plan, plan.fixed());
        assert!(
            *began == given,
            "Trainer::fit: the plan has {given}, but the run that goes on has {began}; `restart` begins a new one"
        );
        let (done, epochs) = (self.epoch, plan.epochs);
        assert!(
            done <= epochs,
            "Trainer::fit: the plan has {epochs} epochs, but the run that goes on has finished {done}; \
             `restart` begins a new one"
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
