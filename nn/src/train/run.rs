//! The state of the loop over epochs.

use super::best::Best;
use super::history::History;
use super::plan::Plan;

/// What decides how [`fit`](super::Trainer::fit) goes on, besides the trainer and the generator.
#[derive(Clone, Debug)]
pub(crate) struct Run<M> {
    /// The plan, in words: a run goes on only with the plan that it began with.
    pub(crate) plan: String,
    /// The number of finished epochs.
    pub(crate) epoch: usize,
    pub(crate) best: Best<M>,
    pub(crate) history: History,
}

impl<M: Clone> Run<M> {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { plan: plan.to_string(), epoch: 0, best: Best::default(), history: History::default() }
    }

    /// Whether there is no further epoch to train.
    pub(super) fn is_over(&self, plan: &Plan) -> bool {
        self.epoch >= plan.epochs || plan.patience.is_some_and(|patience| self.best.waited() >= patience)
    }
}
