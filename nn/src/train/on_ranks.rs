//! A training on several ranks.

use super::guard::NotFinite;
use super::history::History;
use super::hook::HookResult;
use super::loss::Loss;
use super::means::Means;
use super::plan::Plan;
use super::ranks::Ranks;
use super::status::Status;
use super::together::Together;
use super::trainer::Trainer;
use crate::data::{Batches, Dataset};
use crate::optim::Optimizer;
use autodiff::prelude::*;
use rand::{Rng, SeedableRng};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A [`Trainer`] on one of several [`Ranks`], made by [`Trainer::on`].
pub struct OnRanks<'a, M: Tree, O, C> {
    trainer: &'a mut Trainer<M, O>,
    ranks: &'a C,
    seed: u64,
    sharded: bool,
}

impl<T: Element, M: Tree<Leaf = Tensor<T>>, O: Optimizer<Tensor<T>>> Trainer<M, O> {
    /// The same training on several processes, which share each batch. The methods are those of the trainer, with the data
    /// of the whole training on every rank, or with a shard of them (see [`OnRanks::sharded`]):
    ///
    /// - each rank evaluates its [part](super::shard) of a batch. The gradients are added with the shares of the parts as
    ///   weights, so the step is that of one process, up to rounding, and every rank takes it;
    /// - batches are drawn from the generator, which must be in the same state on all ranks. The loss draws from a
    ///   generator of its rank's own, so noise and dropout differ by rank. It begins anew with each pass over the data,
    ///   from `seed`, the rank and the number of steps so far;
    /// - a number that is not finite on one rank is an error on all of them, which names the rank;
    /// - the sums of a step also compare what the ranks do. Other models, data, terms or steps on a rank are refused.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::{Adam, Init, Linear, Ranks, Trainer, loss};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// /// One process, the whole of the ranks. Several are connected by MPI, for example.
    /// struct Single;
    /// impl Ranks<f64> for Single {
    ///     fn rank(&self) -> usize { 0 }
    ///     fn size(&self) -> usize { 1 }
    ///     fn sum(&self, x: Tensor<f64>) -> Tensor<f64> { x }
    ///     fn sum_figures(&self, figures: Vec<f64>) -> Vec<f64> { figures }
    /// }
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let x = Tensor::<f64>::uniform([50, 1], -1.0, 1.0, rng);
    /// let data = (x.clone(), &x * 2.0 + 1.0);
    /// let mut trainer = Trainer::new(Linear::new(1, 1, Init::LeCunNormal, rng), Adam::new(0.1));
    /// for _epoch in 0..40 {
    ///     trainer.on(&Single, 7).epoch(&data, 8, rng, |_, line, (x, y), _| {
    ///         loss::squared_error(&line.forward(x), y)
    ///     })?;
    /// }
    /// # Ok::<(), nn::NotFinite>(())
    /// ```
    ///
    /// # Panics
    /// Panics if the model, the rate of the optimiser, `seed`, or the number of steps or epochs differs between the ranks.
    #[track_caller]
    pub fn on<'a, C: Ranks<T>>(&'a mut self, ranks: &'a C, seed: u64) -> OnRanks<'a, M, O, C> {
        let mut hash = DefaultHasher::new();
        (env!("CARGO_PKG_VERSION"), self.steps(), self.epochs()).hash(&mut hash);
        self.model.visit(&mut |path, leaf| {
            path.to_string().hash(&mut hash);
            leaf.shape().to_string().hash(&mut hash);
            leaf.iter().for_each(|x| x.to_f64().to_bits().hash(&mut hash));
        });
        (self.optimizer.rate().to_bits(), seed).hash(&mut hash);
        let different = Together::new(ranks, seed, false).different(hash.finish());
        if let Some(rank) = different {
            panic!(
                "Trainer::on: the model, the rate, the seed, or the number of steps or epochs on rank {rank} differs from that on rank 0"
            );
        }
        OnRanks { trainer: self, ranks, seed, sharded: false }
    }
}

impl<'a, T: Element, M: Tree<Leaf = Tensor<T>>, O: Optimizer<Tensor<T>>, C: Ranks<T>> OnRanks<'a, M, O, C> {
    /// The same training with data by shard: each rank gives only its own samples, those that [`shard`](super::shard)
    /// lists. A batch is still that of one process. Each rank evaluates its own samples of it, so the parts differ in size.
    #[must_use]
    pub fn sharded(self) -> Self {
        Self { sharded: true, ..self }
    }

    fn team(&self) -> Together<'a, T, C> {
        Together::new(self.ranks, self.seed, self.sharded)
    }

    /// As [`Trainer::epoch`].
    ///
    /// # Errors
    /// Returns the error of any rank.
    ///
    /// # Panics
    /// As [`Trainer::epoch`], and if the ranks differ in their data or terms.
    #[track_caller]
    pub fn epoch<D: Dataset, R: Rng + SeedableRng>(
        &mut self,
        data: &D,
        batches: impl Into<Batches>,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
    ) -> Result<Means, NotFinite> {
        self.trainer.epoch_of(&self.team(), data, batches.into(), rng, loss)
    }

    /// As [`Trainer::fit`]. The hook runs on every rank. If it stops on one, all stop; files are written by rank 0 alone:
    /// `if ranks.rank() == 0`.
    ///
    /// # Errors
    /// As [`Trainer::fit`], for the fault of any rank.
    ///
    /// # Panics
    /// As [`Trainer::fit`], and if the hook of another rank failed.
    #[track_caller]
    pub fn fit<D: Dataset, R: Rng + SeedableRng, H: HookResult>(
        &mut self,
        plan: &Plan,
        train: &D,
        validation: Option<&D>,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
        hook: impl FnMut(&mut Trainer<M, O>, &Status, &mut R) -> H,
    ) -> Result<History, H::Error>
    where
        M: Clone,
    {
        self.trainer.fit_of(&self.team(), plan, train, validation, rng, loss, hook)
    }

    /// As [`Trainer::evaluate`].
    ///
    /// # Panics
    /// As [`Trainer::evaluate`], and if the ranks differ in their data or terms.
    #[track_caller]
    pub fn evaluate<D: Dataset, R: Rng + SeedableRng>(
        &mut self,
        data: &D,
        batch_size: usize,
        rng: &mut R,
        loss: impl Loss<M, D, R>,
    ) -> Means {
        self.trainer.evaluate_of(&self.team(), data, batch_size, rng, loss)
    }
}
