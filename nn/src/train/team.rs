//! Who takes a step: one process alone, or several ranks together.

use super::evaluation::{Evaluated, Evaluation};
use super::guard::NotFinite;
use super::loss::Loss;
use super::means::Means;
use autodiff::prelude::*;
use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::ControlFlow;

/// The processes that train a model.
pub(super) trait Team<M: Tree<Leaf: Value>, R: ?Sized> {
    /// A generator of this process's own.
    type Generator;

    /// Compares the tasks of the processes, in words, before they begin.
    #[track_caller]
    fn begin(&self, task: &dyn Fn() -> String);

    /// The generator for the numbers that a loss draws after this number of steps. It is kept in `own` if it is not the
    /// given one.
    fn generator<'r>(&self, rng: &'r mut R, own: &'r mut Option<Self::Generator>, steps: usize) -> &'r mut R;

    /// The number of samples of all processes, for the number on this one.
    #[track_caller]
    fn samples(&self, own: usize) -> usize;

    /// The part of a batch that this process evaluates, as indices of its own samples, and its share in the mean over the
    /// batch.
    fn part<'b>(&self, batch: &'b [usize]) -> (Cow<'b, [usize]>, f64);

    /// Evaluates the part of this process; returns the mean over the whole batch, or the fault of any process.
    #[track_caller]
    fn gradient<B: ?Sized, L: Loss<M, B, R>>(
        &self,
        part: Evaluation<'_, M, B, R, L>,
        share: f64,
    ) -> Result<Evaluated<M>, NotFinite>;

    /// The means over the whole batch, without a gradient.
    #[track_caller]
    fn means(&self, part: Means, share: f64) -> Means;

    /// The decision of a hook: to stop if any process stops.
    #[track_caller]
    fn flow<E>(&self, own: Result<ControlFlow<()>, E>) -> Result<ControlFlow<()>, E>;
}

/// One process.
pub(super) struct Alone;

impl<M: Tree<Leaf: Value>, R: ?Sized> Team<M, R> for Alone {
    type Generator = Infallible;

    fn begin(&self, _task: &dyn Fn() -> String) {}

    fn generator<'r>(&self, rng: &'r mut R, _own: &'r mut Option<Infallible>, _steps: usize) -> &'r mut R {
        rng
    }

    fn samples(&self, own: usize) -> usize {
        own
    }

    fn part<'b>(&self, batch: &'b [usize]) -> (Cow<'b, [usize]>, f64) {
        (batch.into(), 1.0)
    }

    #[inline]
    fn gradient<B: ?Sized, L: Loss<M, B, R>>(
        &self,
        part: Evaluation<'_, M, B, R, L>,
        _share: f64,
    ) -> Result<Evaluated<M>, NotFinite> {
        part.whole()
    }

    fn means(&self, part: Means, _share: f64) -> Means {
        part
    }

    fn flow<E>(&self, own: Result<ControlFlow<()>, E>) -> Result<ControlFlow<()>, E> {
        own
    }
}
