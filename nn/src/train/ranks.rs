//! Several processes that train one model: each evaluates its part of a batch, and all take the same step.

use super::guard::{NotFinite, fault_of_gradient};
use super::history::History;
use super::hook::HookResult;
use super::loss::Loss;
use super::means::Means;
use super::plan::Plan;
use super::status::Status;
use super::team::{Evaluated, Team};
use super::trainer::Trainer;
use crate::data::{Batches, Dataset};
use crate::optim::{Optimizer, leaves};
use autodiff::prelude::*;
use rand::{Rng, SeedableRng};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{ControlFlow, Range};

/// The processes of a training, as one of them sees them. The package `examples/data_parallel` in the repository implements
/// this by MPI.
///
/// All ranks call [`Trainer::on`] and its methods in the same order, so each sum has as many numbers on every rank.
pub trait Ranks<T> {
    /// The number of this process, from 0.
    fn rank(&self) -> usize;

    /// The number of processes.
    fn size(&self) -> usize;

    /// The sum of each number over all ranks. Every rank must get the same bits.
    fn sum(&self, numbers: Vec<T>) -> Vec<T>;

    /// Does the same for figures, such as the loss.
    fn sum_figures(&self, figures: Vec<f64>) -> Vec<f64>;

    /// Tells the other ranks that this one has ended its training. Those that go on panic with its number.
    ///
    /// # Errors
    /// Returns a rank that has not ended, as after an error on this rank alone.
    fn leave(&self) -> Result<(), usize> {
        let mut figures = vec![0.0; self.size()];
        figures[self.rank()] = LEFT;
        match self.sum_figures(figures).iter().position(|figure| *figure != LEFT) {
            Some(rank) => Err(rank),
            None => Ok(()),
        }
    }
}

/// The figure of a rank that has ended its training. All others are not negative.
const LEFT: f64 = -1.0;

/// The part of `n` samples that belongs to a rank. All parts together are the samples in their order, and their sizes differ by
/// at most 1.
///
/// ```
/// let parts: Vec<_> = (0..3).map(|rank| nn::shard(8, rank, 3)).collect();
/// assert_eq!(parts, [0..2, 2..5, 5..8]);
/// ```
///
/// # Panics
/// Panics unless the rank is below the number of ranks.
#[track_caller]
pub fn shard(n: usize, rank: usize, size: usize) -> Range<usize> {
    assert!(rank < size, "shard: rank {rank} is not below the number of ranks, {size}");
    n * rank / size..n * (rank + 1) / size
}

/// A [`Trainer`] on one of several [`Ranks`], made by [`Trainer::on`].
pub struct OnRanks<'a, M: Tree, O, C> {
    trainer: &'a mut Trainer<M, O>,
    ranks: &'a C,
    seed: u64,
}

impl<T: Element, M: Tree<Leaf = Tensor<T>>, O: Optimizer<Tensor<T>>> Trainer<M, O> {
    /// The same training on several processes, which share each batch. The methods are those of the trainer, with the data of
    /// the whole training on every rank:
    ///
    /// - each rank evaluates its [part](shard) of a batch. The gradients are added with the shares of the parts as weights, so
    ///   the step is that of one process, up to rounding, and every rank takes it;
    /// - batches are drawn from the generator, which must be in the same state on all ranks. The loss draws from a
    ///   generator of its rank's own, so noise and dropout differ by rank. It begins anew with each pass over the data, from
    ///   `seed`, the rank and the number of steps so far;
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
    ///     fn sum(&self, numbers: Vec<f64>) -> Vec<f64> { numbers }
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
    /// Panics if the model of another rank has other leaves or other numbers.
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
        let different = Together::new(ranks, seed).different(hash.finish());
        if let Some(rank) = different {
            panic!(
                "Trainer::on: the model, the rate, the seed or the number of steps on rank {rank} differs from that on rank 0"
            );
        }
        OnRanks { trainer: self, ranks, seed }
    }
}

impl<T: Element, M: Tree<Leaf = Tensor<T>>, O: Optimizer<Tensor<T>>, C: Ranks<T>> OnRanks<'_, M, O, C> {
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
        self.trainer.epoch_of(&Together::new(self.ranks, self.seed), data, batches.into(), rng, loss)
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
        self.trainer.fit_of(&Together::new(self.ranks, self.seed), plan, train, validation, rng, loss, hook)
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
        self.trainer.evaluate_of(&Together::new(self.ranks, self.seed), data, batch_size, rng, loss)
    }
}

/// The team of all ranks.
struct Together<'a, T, C> {
    ranks: &'a C,
    seed: u64,
    numbers: PhantomData<T>,
}

impl<'a, T, C: Ranks<T>> Together<'a, T, C> {
    fn new(ranks: &'a C, seed: u64) -> Self {
        Self { ranks, seed, numbers: PhantomData }
    }

    /// One figure of each rank, on all of them.
    #[track_caller]
    fn gathered(&self, own: f64) -> Vec<f64> {
        let mut figures = vec![0.0; self.ranks.size()];
        figures[self.ranks.rank()] = own;
        let figures = self.ranks.sum_figures(figures);
        if let Some(rank) = figures.iter().position(|figure| *figure == LEFT) {
            panic!("Trainer::on: rank {rank} has ended its training");
        }
        figures
    }

    /// The first rank whose number is not that of rank 0.
    #[track_caller]
    fn different(&self, own: u64) -> Option<usize> {
        // 53 bits, so that a figure holds the number exactly.
        let all = self.gathered((own >> 11) as f64);
        all.iter().position(|number| *number != all[0])
    }

    /// A text of one rank, on all of them.
    fn said_by(&self, rank: usize, own: &str) -> String {
        let mut letters = vec![0.0; 200];
        if self.ranks.rank() == rank {
            letters.iter_mut().zip(own.chars()).for_each(|(place, letter)| *place = u32::from(letter).into());
        }
        let letters = self.ranks.sum_figures(letters);
        letters.iter().map_while(|&letter| char::from_u32(letter as u32).filter(|&letter| letter != '\0')).collect()
    }

    /// The sums of the loss and its terms, each times the share of its rank.
    #[track_caller]
    fn sum_of_means(&self, mut means: Means, share: f64) -> Means {
        let mut hash = DefaultHasher::new();
        means.terms.iter().for_each(|(name, _)| name.hash(&mut hash));
        if let Some(rank) = self.different(hash.finish()) {
            let names: Vec<_> = means.terms.iter().map(|term| term.0).collect();
            panic!(
                "Trainer::on: the loss names other terms on rank {rank} than on rank 0; on rank {} {names:?}",
                self.ranks.rank()
            );
        }
        let mut figures: Vec<f64> = std::iter::once(means.total).chain(means.terms.iter().map(|term| term.1)).collect();
        figures.iter_mut().for_each(|figure| *figure *= share);
        let figures = self.ranks.sum_figures(figures);
        means.total = figures[0];
        means.terms.iter_mut().zip(&figures[1..]).for_each(|(term, sum)| term.1 = *sum);
        means
    }
}

impl<T, M, R, C> Team<M, R> for Together<'_, T, C>
where
    T: Element,
    M: Tree<Leaf = Tensor<T>>,
    R: Rng + SeedableRng,
    C: Ranks<T>,
{
    type Generator = R;

    fn generator<'r>(&self, _rng: &'r mut R, own: &'r mut Option<R>, steps: usize) -> &'r mut R {
        let mut hash = DefaultHasher::new();
        (self.seed, self.ranks.rank(), steps).hash(&mut hash);
        own.insert(R::seed_from_u64(hash.finish()))
    }

    /// A batch with fewer samples than ranks has empty parts. Such a rank evaluates one sample, which counts nothing, so that
    /// it knows the terms.
    fn part<'b>(&self, batch: &'b [usize]) -> (&'b [usize], f64) {
        let part = shard(batch.len(), self.ranks.rank(), self.ranks.size());
        match part.is_empty() {
            true => (&batch[..1], 0.0),
            false => (&batch[part.clone()], part.len() as f64 / batch.len() as f64),
        }
    }

    fn gradient(
        &self,
        model: &M,
        part: Result<Evaluated<M>, NotFinite>,
        share: f64,
    ) -> Result<Evaluated<M>, NotFinite> {
        let faults = self.gathered(f64::from(part.is_err()));
        if let Some(rank) = faults.iter().position(|fault| *fault > 0.0) {
            let (own, value) =
                part.as_ref().err().map_or((String::new(), 0.0), |fault| (fault.term.clone(), fault.value));
            let term = format!("rank {rank}: {}", self.said_by(rank, &own));
            let value = self.gathered(value)[rank];
            let site = part.err().and_then(|fault| fault.site);
            return Err(NotFinite { site, ..NotFinite::without_site(term, value) });
        }
        let (means, gradient) = part.expect("no rank has a fault");
        let means = self.sum_of_means(means, share);
        let share = T::from_f64(share);
        let size = leaves(&gradient).into_iter().map(Tensor::size).sum();
        let mut flat = Vec::with_capacity(size);
        gradient.visit(&mut |_, leaf| flat.extend(leaf.iter().map(|g| g * share)));
        drop(gradient);
        let flat = self.ranks.sum(flat);
        let gradient = tree::unflatten(model, &Tensor::from_vec([flat.len()], flat));
        match fault_of_gradient(&gradient) {
            Some((path, _, value)) => Err(NotFinite::without_site(format!("gradient of {path}"), value)),
            None => Ok((means, gradient)),
        }
    }

    fn means(&self, part: Means, share: f64) -> Means {
        self.sum_of_means(part, share)
    }

    fn begin(&self, task: &dyn Fn() -> String) {
        let mut hash = DefaultHasher::new();
        let task = task();
        task.hash(&mut hash);
        if let Some(rank) = self.different(hash.finish()) {
            panic!("Trainer::on: rank {rank} has another task than rank 0; on rank {} it is {task}", self.ranks.rank());
        }
    }

    fn flow<E>(&self, own: Result<ControlFlow<()>, E>) -> Result<ControlFlow<()>, E> {
        let code = match &own {
            Ok(ControlFlow::Continue(())) => 0.0,
            Ok(ControlFlow::Break(())) => 1.0,
            Err(_) => 2.0,
        };
        let codes = self.gathered(code);
        match (own, codes.iter().position(|&code| code == 2.0)) {
            (Ok(_), Some(rank)) => panic!("Trainer::fit: the hook failed on rank {rank}"),
            (Ok(_), None) if codes.contains(&1.0) => Ok(ControlFlow::Break(())),
            (own, _) => own,
        }
    }
}
