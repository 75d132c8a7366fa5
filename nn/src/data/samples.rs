//! Samples with labels.

use autodiff::prelude::*;
use rand::Rng;
use rand::seq::SliceRandom;

/// Samples with their labels: a whole data set, or a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples<T> {
    /// A sample in each row: \[n, features\].
    pub x: Tensor<T>,
    /// The class of each sample: \[n\].
    pub labels: Tensor<usize>,
}

impl<T: Element> Samples<T> {
    /// Samples x, \[n, features\], with their labels, \[n\].
    ///
    /// ```should_panic
    /// use autodiff::prelude::*;
    /// nn::data::Samples::new(Tensor::<f64>::zeros([3, 2]), Tensor::from([0, 1])); // one label is missing
    /// ```
    ///
    /// # Panics
    /// Panics if the number of labels is not the number of rows. Functions that take samples panic too, since the fields
    /// are public.
    #[track_caller]
    pub fn new(x: Tensor<T>, labels: Tensor<usize>) -> Self {
        let samples = Self { x, labels };
        samples.check_labels("Samples::new");
        samples
    }

    /// Panics at the caller's line unless there is one label for each row.
    #[track_caller]
    fn check_labels(&self, function: &str) {
        let (x, labels) = (self.x.shape(), self.labels.shape());
        let fits = x.rank() > 0 && labels.rank() == 1 && x[0] == labels[0];
        assert!(fits, "{function}: samples {x}, labels {labels}: one label for each row is needed");
    }

    /// Panics at the caller's line unless there are samples, with one label for each row.
    #[track_caller]
    pub(crate) fn check(&self, function: &str) {
        self.check_labels(function);
        assert!(!self.is_empty(), "{function}: there are no samples");
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.labels.size()
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples with the given indices, in that order.
    ///
    /// # Panics
    /// Panics if an index is out of range, or if the number of labels is not the number of rows.
    #[track_caller]
    pub fn take(&self, numbers: &[usize]) -> Self {
        self.check_labels("Samples::take");
        if let Some(i) = numbers.iter().find(|&&i| i >= self.len()) {
            panic!("Samples::take: index {i} is out of range for {} samples", self.len());
        }
        let x = self.x.take(0, numbers);
        let labels: Vec<usize> = numbers.iter().map(|&i| self.labels[[i]]).collect();
        Self { x, labels: labels.into() }
    }

    /// Splits off the samples whose index is a multiple of `n` for testing: `(train, test)`.
    ///
    /// # Panics
    /// Panics if `n` is 0, or if the number of labels is not the number of rows.
    #[track_caller]
    pub fn split_every(&self, n: usize) -> (Self, Self) {
        self.check_labels("split_every");
        assert!(n > 0, "split_every: n is {n}, but must be above 0, for {} samples", self.len());
        let (test, train): (Vec<usize>, Vec<usize>) = (0..self.len()).partition(|i| i % n == 0);
        (self.take(&train), self.take(&test))
    }

    /// Splits off a share of the samples, drawn at random, for testing: `(train, test)`, each in the order of the
    /// samples. The same generator state gives the same split.
    ///
    /// # Panics
    /// Panics if the share is outside \[0, 1\], or if the number of labels is not the number of rows.
    #[track_caller]
    pub fn split_random(&self, share: f64, rng: &mut impl Rng) -> (Self, Self) {
        self.check_labels("split_random");
        assert!((0.0..=1.0).contains(&share), "split_random: the share {share} is outside [0, 1]");
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(rng);
        let (test, train) = order.split_at_mut((share * self.len() as f64).round() as usize);
        test.sort_unstable();
        train.sort_unstable();
        (self.take(train), self.take(test))
    }
}

/// One-hot rows: 1 in the column of the class, 0 elsewhere. \[n\] → \[n, classes\].
///
/// # Panics
/// Panics if the labels are not a list, or if a label is not a class.
#[track_caller]
pub fn one_hot<T: Element>(labels: &Tensor<usize>, classes: usize) -> Tensor<T> {
    assert!(labels.shape().rank() == 1, "one_hot: labels {}: a list of labels [n] is needed", labels.shape());
    check_labels("one_hot", labels, classes);
    let row = |label: usize| (0..classes).map(move |class| T::from_f64(f64::from(label == class)));
    Tensor::from_vec([labels.size(), classes], labels.iter().flat_map(row).collect())
}

/// Panics at the caller's line unless all labels are classes.
#[track_caller]
pub(crate) fn check_labels(name: &str, labels: &Tensor<usize>, classes: usize) {
    if let Some(label) = labels.iter().find(|&label| label >= classes) {
        panic!("{name}: labels {}: {label} is not one of {classes} classes", labels.shape());
    }
}
