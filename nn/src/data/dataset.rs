//! Data sets: what an epoch divides into batches.

use autodiff::Tensor;
use rand::Rng;
use rand::seq::SliceRandom;

/// A data set: samples that can be counted and picked by their indices. A batch is a data set of the same type.
///
/// | data | type | a batch in the loss |
/// |---|---|---|
/// | without targets, as for an autoencoder | a tensor \[n, …\] | `x` |
/// | with targets, as in regression | a pair `(x, y)` of data sets, or a triple | `(x, y)` |
/// | with labels | [`Samples`](super::Samples) | `batch.x`, `batch.labels` |
/// | none, as in a loss on a differential equation | `()`, which counts as one sample | `()` |
///
/// A type of one's own needs [`len`](Dataset::len) and [`subset`](Dataset::subset).
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Init, Linear, Trainer, data::Dataset, loss};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let x = Tensor::<f64>::uniform([50, 1], -1.0, 1.0, rng);
/// let (train, test) = (x.clone(), &x * 2.0 + 1.0).split_every(5);
/// assert_eq!((train.len(), test.len()), (40, 10));
/// let mut trainer = Trainer::new(Linear::new(1, 1, Init::LeCunNormal, rng), Adam::new(0.1));
/// for _epoch in 0..40 {
///     trainer.epoch(&train, 8, rng, |_, line, (x, y), _| {
///         loss::squared_error(&line.forward(x), y)
///     })?;
/// }
/// assert!(loss::squared_error(&trainer.model.forward(&test.0), &test.1).item() < 1e-3);
/// # Ok::<(), nn::NotFinite>(())
/// ```
pub trait Dataset: Sized {
    /// The number of samples.
    fn len(&self) -> usize;

    /// The samples with the given indices, in that order.
    ///
    /// # Panics
    /// Panics if an index is out of range, or if the parts of the data set differ in their number of samples.
    #[track_caller]
    fn subset(&self, indices: &[usize]) -> Self;

    /// Panics at the caller's line unless all parts of the data set have the same number of samples. The message bears
    /// the name of the calling function. A data set with one part has nothing to check.
    #[track_caller]
    fn check(&self, _function: &str) {}

    /// Whether there are no samples.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Splits off the samples whose index is a multiple of `n`, for testing or validation: `(train, test)`.
    ///
    /// # Panics
    /// Panics if `n` is 0, or if the parts of the data set differ in their number of samples.
    #[track_caller]
    fn split_every(&self, n: usize) -> (Self, Self) {
        self.check("split_every");
        assert!(n > 0, "split_every: n is {n}, but must be above 0, for {} samples", self.len());
        let (test, train): (Vec<usize>, Vec<usize>) = (0..self.len()).partition(|i| i % n == 0);
        (self.subset(&train), self.subset(&test))
    }

    /// Splits off a share of the samples, drawn at random, for testing or validation: `(train, test)`, each in the order of
    /// the samples. The same generator state gives the same split.
    ///
    /// # Panics
    /// Panics if the share is outside \[0, 1\], or if the parts of the data set differ in their number of samples.
    #[track_caller]
    fn split_random(&self, share: f64, rng: &mut impl Rng) -> (Self, Self) {
        self.check("split_random");
        assert!((0.0..=1.0).contains(&share), "split_random: the share {share} is outside [0, 1]");
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(rng);
        let (test, train) = order.split_at_mut((share * self.len() as f64).round() as usize);
        test.sort_unstable();
        train.sort_unstable();
        (self.subset(train), self.subset(test))
    }
}

/// Panics at the caller's line unless there are samples, with the same number in all parts.
#[track_caller]
pub(crate) fn check_samples(function: &str, data: &impl Dataset) {
    data.check(function);
    assert!(!data.is_empty(), "{function}: there are no samples");
}

/// The rows along the first axis.
impl<T: Copy> Dataset for Tensor<T> {
    fn len(&self) -> usize {
        self.shape().first().copied().unwrap_or(0)
    }

    #[track_caller]
    fn subset(&self, indices: &[usize]) -> Self {
        self.check("subset");
        let (shape, n) = (self.shape(), self.len());
        if let Some(i) = indices.iter().find(|&&i| i >= n) {
            panic!("subset: index {i} is out of range for {n} samples");
        }
        let rows = shape.with(0, indices.len());
        let Some(elements) = self.as_slice() else {
            let mut place = vec![0; shape.rank()];
            return Tensor::from_fn(rows, |index| {
                place.copy_from_slice(index);
                place[0] = indices[index[0]];
                self[&place[..]]
            });
        };
        let mut picked = Vec::with_capacity(rows.size());
        let row = elements.len() / n.max(1);
        indices.iter().for_each(|&i| picked.extend_from_slice(&elements[i * row..(i + 1) * row]));
        Tensor::from_vec(rows, picked)
    }

    #[track_caller]
    fn check(&self, function: &str) {
        assert!(self.shape().rank() > 0, "{function}: the data have shape []: samples [n, …] are needed");
    }
}

/// One sample without content, so that a loss without data is trained by the same methods.
impl Dataset for () {
    fn len(&self) -> usize {
        1
    }

    fn subset(&self, _: &[usize]) {}
}

impl<A: Dataset, B: Dataset> Dataset for (A, B) {
    fn len(&self) -> usize {
        self.0.len()
    }

    #[track_caller]
    fn subset(&self, indices: &[usize]) -> Self {
        self.check("subset");
        (self.0.subset(indices), self.1.subset(indices))
    }

    #[track_caller]
    fn check(&self, function: &str) {
        self.0.check(function);
        self.1.check(function);
        check_equal(function, &[self.0.len(), self.1.len()]);
    }
}

impl<A: Dataset, B: Dataset, C: Dataset> Dataset for (A, B, C) {
    fn len(&self) -> usize {
        self.0.len()
    }

    #[track_caller]
    fn subset(&self, indices: &[usize]) -> Self {
        self.check("subset");
        (self.0.subset(indices), self.1.subset(indices), self.2.subset(indices))
    }

    #[track_caller]
    fn check(&self, function: &str) {
        self.0.check(function);
        self.1.check(function);
        self.2.check(function);
        check_equal(function, &[self.0.len(), self.1.len(), self.2.len()]);
    }
}

#[track_caller]
fn check_equal(function: &str, counts: &[usize]) {
    assert!(
        counts.iter().all(|count| *count == counts[0]),
        "{function}: the parts of the data have {counts:?} samples: as many in each are needed"
    );
}
