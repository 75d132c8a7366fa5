//! Mini-batches.

use rand::Rng;
use rand::distr::Distribution;
use rand::distr::weighted::WeightedIndex;
use rand::seq::SliceRandom;
use std::fmt;

/// How an epoch divides the samples into batches. A plain number is a size of shuffled batches.
///
/// The last batch may be smaller.
///
/// ```
/// use nn::data::Batches;
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let sizes = |batches: Batches, rng: &mut _| batches.draw(10, rng).iter().map(Vec::len).collect::<Vec<_>>();
/// assert_eq!(sizes(Batches::shuffled(4), rng), [4, 4, 2]);
/// assert_eq!(Batches::in_order(2).draw(3, rng), [vec![0, 1], vec![2]]);
/// assert_eq!(Batches::weighted(3, [0.0, 1.0, 0.0]).draw(3, rng), [[1, 1, 1]]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Batches {
    size: usize,
    order: Order,
}

#[derive(Clone, Debug, PartialEq)]
enum Order {
    Random,
    Given,
    /// Drawn with replacement, by weights.
    Weighted(WeightedIndex<f64>),
}

impl Batches {
    /// Batches of `size` samples in random order. An epoch shows each sample once.
    ///
    /// # Panics
    /// Panics if the size is 0.
    #[track_caller]
    pub fn shuffled(size: usize) -> Self {
        Self { size, order: Order::Random }.checked("Batches")
    }

    /// Batches of `size` samples in the order of the samples. An epoch shows each sample once.
    ///
    /// # Panics
    /// Panics if the size is 0.
    #[track_caller]
    pub fn in_order(size: usize) -> Self {
        Self { size, order: Order::Given }.checked("Batches")
    }

    /// Batches of `size` samples, each drawn anew with a probability in proportion to its weight. An epoch draws as many
    /// samples as there are, so it shows some more than once and others not at all. With the reciprocal number of samples
    /// in its class as the weight of each, the classes are balanced.
    ///
    /// # Panics
    /// Panics if the size is 0, if a weight is negative or not finite, or if no weight is above 0.
    #[track_caller]
    pub fn weighted(size: usize, weights: impl Into<Vec<f64>>) -> Self {
        let weights = weights.into();
        if let Some(i) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
            panic!("Batches::weighted: weight {i} is {}, but must be a finite number from 0", weights[i]);
        }
        let largest = weights.iter().copied().fold(0.0, f64::max);
        assert!(largest > 0.0, "Batches::weighted: no weight is above 0");
        let index = WeightedIndex::new(weights.iter().map(|weight| weight / largest)); // their sum cannot overflow
        let index = index.expect("weights from 0 to 1, of which one is 1");
        Self { size, order: Order::Weighted(index) }.checked("Batches")
    }

    /// The number of samples in a batch.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The indices of the batches of one epoch over `n` samples. The same generator state gives the same batches.
    ///
    /// # Panics
    /// Panics if there are weights, but not one for each sample.
    #[track_caller]
    pub fn draw(&self, n: usize, rng: &mut impl Rng) -> Vec<Vec<usize>> {
        let order: Vec<usize> = match &self.order {
            Order::Given => (0..n).collect(),
            Order::Random => {
                let mut order: Vec<usize> = (0..n).collect();
                order.shuffle(rng);
                order
            }
            Order::Weighted(index) => {
                let given = index.weights().len();
                assert!(given == n, "Batches: {given} weights are given for {n} samples");
                index.sample_iter(rng).take(n).collect()
            }
        };
        order.chunks(self.size).map(<[usize]>::to_vec).collect()
    }

    /// The same batches, unless their size is 0.
    #[track_caller]
    pub(crate) fn checked(self, function: &str) -> Self {
        assert!(self.size > 0, "{function}: the batch size must be above 0");
        self
    }
}

/// Shuffled batches of this size.
impl From<usize> for Batches {
    fn from(size: usize) -> Self {
        Self { size, order: Order::Random }
    }
}

/// `batches of 16`, `batches of 16 in order`, `weighted batches of 16`.
impl fmt::Display for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.size;
        match &self.order {
            Order::Random => write!(f, "batches of {size}"),
            Order::Given => write!(f, "batches of {size} in order"),
            Order::Weighted(_) => write!(f, "weighted batches of {size}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Batches;
    use rand::{SeedableRng, rngs::StdRng};

    fn epoch(seed: u64) -> Vec<Vec<usize>> {
        Batches::shuffled(32).draw(1437, &mut StdRng::seed_from_u64(seed))
    }

    #[test]
    fn epoch_shows_each_sample_once() {
        let mut seen = epoch(1).concat();
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..1437));
    }

    #[test]
    fn same_seed_gives_same_batches() {
        assert_eq!(epoch(1), epoch(1));
        assert_ne!(epoch(1), epoch(2));
    }

    /// The counts of 10,000 draws are within four standard deviations of their mean.
    #[test]
    fn weighted_batches_draw_samples_in_proportion_to_their_weights() {
        let weights: Vec<f64> = (0..10_000).map(|i| [1.0, 0.0, 3.0, 6.0][i % 4]).collect();
        let drawn = Batches::weighted(64, weights).draw(10_000, &mut StdRng::seed_from_u64(0)).concat();
        assert_eq!(drawn.len(), 10_000);
        for (kind, share) in [0.1, 0.0, 0.3, 0.6].into_iter().enumerate() {
            let count = drawn.iter().filter(|&i| i % 4 == kind).count() as f64;
            let deviation = (10_000.0f64 * share * (1.0 - share)).sqrt();
            assert!((count - 10_000.0 * share).abs() <= 4.0 * deviation, "{kind}: {count}");
        }
    }
}
