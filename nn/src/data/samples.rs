//! Samples with labels.

use autodiff::prelude::*;
use rand::Rng;
use rand::seq::SliceRandom;

/// Samples with their classes: a whole data set, or a batch of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples<T> {
    /// A sample in each row: \[n, features\].
    pub x: Tensor<T>,
    /// Its class: \[n\].
    pub labels: Tensor<usize>,
}

impl<T: Element> Samples<T> {
    /// The number of samples.
    pub fn len(&self) -> usize {
        self.labels.size()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The samples with the given numbers, in that order.
    ///
    /// # Panics
    /// If there is no sample of a number.
    #[track_caller]
    pub fn take(&self, numbers: &[usize]) -> Self {
        let x = self.x.take(0, numbers);
        let labels: Vec<usize> = numbers.iter().map(|&i| self.labels[[i]]).collect();
        Self { x, labels: labels.into() }
    }

    /// The samples whose number is a multiple of `n`, for testing, and the others, for training: `(train, test)`.
    ///
    /// # Panics
    /// If `n` is 0.
    #[track_caller]
    pub fn split_every(&self, n: usize) -> (Self, Self) {
        assert!(n > 0, "split_every: of {} samples every {n}-th", self.len());
        let (test, train): (Vec<usize>, Vec<usize>) = (0..self.len()).partition(|i| i % n == 0);
        (self.take(&train), self.take(&test))
    }

    /// A share of the samples, drawn at random, for testing, and the others, for training: `(train, test)`, each in
    /// the order of the samples. The same state of the generator gives the same split.
    ///
    /// # Panics
    /// If the share is outside of \[0, 1\].
    #[track_caller]
    pub fn split_random(&self, share: f64, rng: &mut impl Rng) -> (Self, Self) {
        assert!((0.0..=1.0).contains(&share), "split_random: a share of {share} is outside of [0, 1]");
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(rng);
        let (test, train) = order.split_at_mut((share * self.len() as f64).round() as usize);
        test.sort_unstable();
        train.sort_unstable();
        (self.take(train), self.take(test))
    }
}

/// Classes as rows: 1 at the class's column, else 0. \[n\] → \[n, classes\].
///
/// # Panics
/// If a label is no class.
#[track_caller]
pub fn one_hot<T: Element>(labels: &Tensor<usize>, classes: usize) -> Tensor<T> {
    check_labels("one_hot", labels, classes);
    Tensor::from_fn([labels.size(), classes], |i| T::from_f64(f64::from(labels[[i[0]]] == i[1])))
}

/// Panics at the caller's line unless all labels are classes.
#[track_caller]
pub(crate) fn check_labels(name: &str, labels: &Tensor<usize>, classes: usize) {
    if let Some(label) = labels.iter().find(|&label| label >= classes) {
        panic!("{name}: labels {}: {label} is none of {classes} classes", labels.shape());
    }
}
