//! The work of all ranks as one team.

use super::evaluation::{Evaluated, Evaluation};
use super::guard::{NotFinite, fault_of_gradient};
use super::loss::Loss;
use super::means::Means;
use super::ranks::{LEFT, Ranks, shard};
use super::sums::Sums;
use super::team::Team;
use crate::optim::leaves;
use autodiff::prelude::*;
use rand::{Rng, SeedableRng};
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;
use std::ops::ControlFlow;

/// The figure of a rank whose loss or gradient is not finite.
const FAULT: f64 = -2.0;

/// The team of all ranks.
pub(super) struct Together<'a, T, C> {
    ranks: &'a C,
    seed: u64,
    /// Whether each rank has its own shard of the data, and not all of them.
    sharded: bool,
    numbers: PhantomData<T>,
}

impl<'a, T: 'static, C: Ranks<T>> Together<'a, T, C> {
    pub(super) fn new(ranks: &'a C, seed: u64, sharded: bool) -> Self {
        Self { ranks, seed, sharded, numbers: PhantomData }
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
    pub(super) fn different(&self, own: u64) -> Option<usize> {
        let all = self.gathered(exact(own));
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

    /// The means over the whole batch, for those over the part of this rank with its share, or the fault of any rank.
    #[track_caller]
    fn means_of_all(&self, part: Result<Means, NotFinite>, share: f64) -> Result<Means, NotFinite> {
        let (mut hash, rank) = (DefaultHasher::new(), self.ranks.rank());
        let mut figures = vec![0.0; self.ranks.size() + 1];
        match &part {
            Ok(means) => {
                means.terms.iter().for_each(|(name, _)| name.hash(&mut hash));
                figures[rank] = exact(hash.finish());
                figures[self.ranks.size()] = means.total * share;
            }
            Err(_) => figures[rank] = FAULT,
        }
        let figures = self.ranks.sum_figures(figures);
        let (total, codes) = figures.split_last().expect("a figure for each rank, and the loss");
        if let Some(rank) = codes.iter().position(|code| *code == FAULT) {
            return Err(self.fault_of(rank, part.err()));
        }
        let mut means = part?;
        if let Some(other) = codes.iter().position(|code| *code != codes[0]) {
            let names: Vec<_> = means.terms.iter().map(|term| term.0).collect();
            panic!("Trainer::on: the loss names other terms on rank {other} than on rank 0; on rank {rank} {names:?}");
        }
        means.total = *total;
        if !means.terms.is_empty() {
            let terms = self.ranks.sum_figures(means.terms.iter().map(|term| term.1 * share).collect());
            means.terms.iter_mut().zip(terms).for_each(|(term, sum)| term.1 = sum);
        }
        Ok(means)
    }

    /// The fault of a rank, on all of them.
    fn fault_of(&self, rank: usize, own: Option<NotFinite>) -> NotFinite {
        let (text, value) = own.as_ref().map_or(("", 0.0), |fault| (&fault.term, fault.value));
        let term = format!("rank {rank}: {}", self.said_by(rank, text));
        let value = self.gathered(value)[rank];
        NotFinite { site: own.and_then(|fault| fault.site), ..NotFinite::without_site(term, value) }
    }
}

/// A number as a figure that holds it exactly: 53 of its bits.
fn exact(number: u64) -> f64 {
    (number >> 11) as f64
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

    fn samples(&self, own: usize) -> usize {
        if !self.sharded {
            return own;
        }
        let counts = self.gathered(own as f64);
        let n = counts.iter().sum::<f64>() as usize;
        for (rank, &count) in counts.iter().enumerate() {
            let expected = shard(n, rank, counts.len()).len();
            assert!(
                count == expected as f64,
                "Trainer::on: rank {rank} has {count} of {n} samples, but its shard has {expected}"
            );
        }
        n
    }

    /// A rank without a sample in the batch evaluates another one, which counts nothing, so that it knows the terms.
    fn part<'b>(&self, batch: &'b [usize]) -> (Cow<'b, [usize]>, f64) {
        let (rank, size) = (self.ranks.rank(), self.ranks.size());
        let part: Vec<usize> = match self.sharded {
            true => batch.iter().filter(|&i| i % size == rank).map(|i| i / size).collect(),
            false => shard(batch.len(), rank, size).map(|place| batch[place]).collect(),
        };
        let share = part.len() as f64 / batch.len() as f64;
        (if part.is_empty() { vec![0].into() } else { part.into() }, share)
    }

    fn gradient<B: ?Sized, L: Loss<M, B, R>>(
        &self,
        part: Evaluation<'_, M, B, R, L>,
        share: f64,
    ) -> Result<Evaluated<M>, NotFinite> {
        let model = part.model;
        let (mut sums, mut fault, factor) = (Sums::new(self.ranks, leaves(model)), None, T::from_f64(share));
        let means = part.each(|leaf, mut g| {
            if let Some((_, _, value)) = fault_of_gradient(&g) {
                fault = Some((leaf, value));
            }
            g.update(|g| g * factor);
            sums.add(leaf, g);
        });
        let means = means.and_then(|means| match fault {
            Some((leaf, value)) => Err(NotFinite::without_site(format!("gradient of {}", model.paths()[leaf]), value)),
            None => Ok(means),
        });
        sums.begin_rest();
        let means = self.means_of_all(means, share);
        let gradient = model.with_leaves(sums.finish());
        let means = means?;
        match fault_of_gradient(&gradient) {
            Some((path, _, value)) => Err(NotFinite::without_site(format!("gradient of {path}"), value)),
            None => Ok((means, gradient)),
        }
    }

    fn means(&self, part: Means, share: f64) -> Means {
        self.means_of_all(Ok(part), share).expect("no rank reports a fault without a gradient")
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
