//! The processes of a training, and their parts of a batch.

use autodiff::prelude::*;
use std::iter::StepBy;
use std::ops::Range;

/// The processes of a training, as one of them sees them. The package `examples/data_parallel` in the repository implements
/// this by MPI.
///
/// All ranks call [`Trainer::on`](super::Trainer::on) and its methods in the same order, so each sum has the same shape on
/// every rank.
pub trait Ranks<T: 'static> {
    /// The number of this process, from 0.
    fn rank(&self) -> usize;

    /// The number of processes.
    fn size(&self) -> usize;

    /// The sum of a tensor over all ranks, element by element. Every rank must get the same bits.
    fn sum(&self, x: Tensor<T>) -> Tensor<T>;

    /// The same sum of figures, such as the loss.
    fn sum_figures(&self, figures: Vec<f64>) -> Vec<f64>;

    /// Begins a sum; the returned function waits for its end. A training begins the sum of a gradient while it computes the
    /// next one, so ranks that can do both at once hide the time of the sum. The default takes the sum at once.
    ///
    /// All ranks begin and end the sums of a step in the same order, with [`sum_figures`](Ranks::sum_figures) in between.
    fn begin_sum(&self, x: Tensor<T>) -> Box<dyn FnOnce() -> Tensor<T> + '_> {
        let sum = self.sum(x);
        Box::new(move || sum)
    }

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

/// The figure of a rank that has ended its training. No other figure that ranks compare is −1.
pub(super) const LEFT: f64 = -1.0;

/// The places of a rank's samples among `n`: every `size`-th, from `rank` on. The ranks' numbers of samples differ by at
/// most 1.
///
/// ```
/// use nn::shard;
/// let parts: Vec<Vec<usize>> = (0..3).map(|rank| shard(8, rank, 3).collect()).collect();
/// assert_eq!(parts, [vec![0, 3, 6], vec![1, 4, 7], vec![2, 5]]);
/// ```
///
/// # Panics
/// Panics unless the rank is below the number of ranks.
#[track_caller]
pub fn shard(n: usize, rank: usize, size: usize) -> StepBy<Range<usize>> {
    assert!(rank < size, "shard: rank {rank} is not below the number of ranks, {size}");
    (rank..n).step_by(size)
}
