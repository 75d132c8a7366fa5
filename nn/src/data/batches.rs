//! Mini-batches.

use rand::Rng;
use rand::seq::SliceRandom;

/// The indices 0, …, n − 1 of one epoch in random order, in batches of `size`. The last batch may be smaller. The same
/// generator state gives the same batches.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// let batches = nn::data::batches(10, 4, &mut StdRng::seed_from_u64(0));
/// assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
/// ```
///
/// # Panics
/// Panics if the size is 0.
#[track_caller]
pub fn batches(n: usize, size: usize, rng: &mut impl Rng) -> Vec<Vec<usize>> {
    assert!(size > 0, "batches: the batch size must be above 0, for {n} samples");
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(rng);
    order.chunks(size).map(<[usize]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::batches;
    use rand::{SeedableRng, rngs::StdRng};

    fn epoch(seed: u64) -> Vec<Vec<usize>> {
        batches(1437, 32, &mut StdRng::seed_from_u64(seed))
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
}
