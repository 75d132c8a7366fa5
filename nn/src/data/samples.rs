//! Samples with labels.

use super::dataset::Dataset;
use autodiff::prelude::*;

/// Samples with their labels: a whole [data set](Dataset), or a batch.
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
        samples.check("Samples::new");
        samples
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.labels.size()
    }

    /// The number of samples of each class: \[classes\].
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let samples = nn::data::Samples::new(Tensor::<f64>::zeros([3, 2]), Tensor::from([0, 2, 2]));
    /// assert_eq!(samples.counts(4), Tensor::from([1, 0, 2, 0]));
    /// ```
    ///
    /// # Panics
    /// Panics if a label is not a class.
    #[track_caller]
    pub fn counts(&self, classes: usize) -> Tensor<usize> {
        check_labels("Samples::counts", &self.labels, classes);
        let mut counts = vec![0; classes];
        self.labels.iter().for_each(|label| counts[label] += 1);
        Tensor::from(counts)
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Element> Dataset for Samples<T> {
    fn len(&self) -> usize {
        self.labels.size()
    }

    #[track_caller]
    fn subset(&self, indices: &[usize]) -> Self {
        self.check("subset");
        Self { x: self.x.subset(indices), labels: self.labels.subset(indices) }
    }

    /// Panics at the caller's line unless there is one label for each row.
    #[track_caller]
    fn check(&self, function: &str) {
        let (x, labels) = (self.x.shape(), self.labels.shape());
        let fits = x.rank() > 0 && labels.rank() == 1 && x[0] == labels[0];
        assert!(fits, "{function}: samples {x}, labels {labels}: one label for each row is needed");
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
    check_labels_except(name, labels, classes, None);
}

/// The same, but one label may be there though it is no class.
#[track_caller]
pub(crate) fn check_labels_except(name: &str, labels: &Tensor<usize>, classes: usize, ignored: Option<usize>) {
    let wrong = |&(_, label): &(usize, usize)| label >= classes && Some(label) != ignored;
    if let Some((row, label)) = labels.iter().enumerate().find(wrong) {
        let known =
            classes.checked_sub(1).map_or("there are none".to_owned(), |last| format!("classes are 0 to {last}"));
        panic!("{name}: label {label} in row {row} of {}, but {known}", labels.size());
    }
}
