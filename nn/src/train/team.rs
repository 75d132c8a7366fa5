//! Who takes a step: one process alone, or several ranks together.

use super::guard::NotFinite;
use super::means::Means;
use autodiff::prelude::*;
use std::convert::Infallible;
use std::ops::ControlFlow;

/// The loss with its terms, and the gradient.
pub(super) type Evaluated<M> = (Means, <M as Tree>::With<<M as Tree>::Leaf>);

/// The processes that train a model.
pub(super) trait Team<M: Tree, R: ?Sized> {
    /// A generator of this process's own.
    type Generator;

    /// Compares the tasks of the processes, in words, before they begin.
    #[track_caller]
    fn begin(&self, task: &dyn Fn() -> String);

    /// The generator for the numbers that a loss draws after this number of steps. It is kept in `own` if it is not the given one.
    fn generator<'r>(&self, rng: &'r mut R, own: &'r mut Option<Self::Generator>, steps: usize) -> &'r mut R;

    /// The part of a batch that this process evaluates, and its share in the mean over the batch.
    fn part<'b>(&self, batch: &'b [usize]) -> (&'b [usize], f64);

    /// The mean over the whole batch, for the mean over the part of this process, or the fault of any process.
    #[track_caller]
    fn gradient(&self, model: &M, part: Result<Evaluated<M>, NotFinite>, share: f64)
    -> Result<Evaluated<M>, NotFinite>;

    /// The means over the whole batch, without a gradient.
    #[track_caller]
    fn means(&self, part: Means, share: f64) -> Means;

    /// The decision of a hook: to stop if any process stops.
    #[track_caller]
    fn flow<E>(&self, own: Result<ControlFlow<()>, E>) -> Result<ControlFlow<()>, E>;
}

/// One process.
pub(super) struct Alone;

impl<M: Tree, R: ?Sized> Team<M, R> for Alone {
    type Generator = Infallible;

    fn begin(&self, _task: &dyn Fn() -> String) {}

    fn generator<'r>(&self, rng: &'r mut R, _own: &'r mut Option<Infallible>, _steps: usize) -> &'r mut R {
        rng
    }

    fn part<'b>(&self, batch: &'b [usize]) -> (&'b [usize], f64) {
        (batch, 1.0)
    }

    fn gradient(
        &self,
        _model: &M,
        part: Result<Evaluated<M>, NotFinite>,
        _share: f64,
    ) -> Result<Evaluated<M>, NotFinite> {
        part
    }

    fn means(&self, part: Means, _share: f64) -> Means {
        part
    }

    fn flow<E>(&self, own: Result<ControlFlow<()>, E>) -> Result<ControlFlow<()>, E> {
        own
    }
}
