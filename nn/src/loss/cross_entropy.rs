//! The cross-entropy over classes with settings.

use crate::data::check_labels_except;
use autodiff::prelude::*;

/// The [`cross_entropy`](super::cross_entropy) with weights of classes, a label to ignore, or smoothed labels.
///
/// With the weights w and K classes, the loss of a sample with label c is −Σₖ aₖ·ln softmax(z)\[k\], where aₖ is
/// (1 − ε)·w_c·\[k = c\] + (ε/K)·wₖ, and 0 for an ignored label. A term with aₖ = 0 is 0, also at a logit of −∞. The mean is
/// weighted: the sum of the losses divided by the sum of the w_c of all labels that count. These are PyTorch's conventions.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::loss::{self, CrossEntropy};
/// let z = Tensor::from([[1.0, 3.0], [0.5, 0.0], [2.0, -1.0]]);
/// let labels = Tensor::from([1, 0, 255]);
/// let each = loss::per_sample::cross_entropy(&z.slice(0, 0, 2), &Tensor::from([1, 0]));
/// let weighted = CrossEntropy::new().weights([1.0, 3.0]).ignore(255).mean(&z, &labels);
/// assert!((weighted.item() - (3.0 * each[[0]] + each[[1]]) / 4.0).abs() < 1e-15);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossEntropy {
    weights: Option<Vec<f64>>,
    ignored: Option<usize>,
    smoothing: f64,
}

impl CrossEntropy {
    /// The cross-entropy with weights of 1, in which all labels count as they are.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a weight for each class, usually larger for rarer ones.
    ///
    /// # Panics
    /// Panics if a weight is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn weights(self, weights: impl Into<Vec<f64>>) -> Self {
        let weights = weights.into();
        if let Some(class) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
            let weight = weights[class];
            panic!("CrossEntropy: the weight of class {class} is {weight}, but must be a finite number from 0");
        }
        Self { weights: Some(weights), ..self }
    }

    /// The same, but samples with this label count neither in the sum nor in the divisor. The label need not be a class.
    #[must_use]
    pub fn ignore(self, label: usize) -> Self {
        Self { ignored: Some(label), ..self }
    }

    /// The same with smoothed labels: a share ε of each target is spread over all classes (Szegedy et al. 2016, section
    /// 7). A logit of −∞ then makes the loss infinite, unless the weight of its class is 0.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::loss::{self, CrossEntropy};
    /// let z = Tensor::from([[1.0, 3.0, -1.0]]);
    /// let smoothed = CrossEntropy::new().smoothing(0.3).mean(&z, &Tensor::from([1]));
    /// let target = Tensor::from([[0.1, 0.8, 0.1]]);
    /// assert!(smoothed.approx(&loss::soft_cross_entropy(&z, &target), 1e-15).is_ok());
    /// ```
    ///
    /// # Panics
    /// Panics if ε is outside \[0, 1\].
    #[must_use]
    #[track_caller]
    pub fn smoothing(self, smoothing: f64) -> Self {
        assert!((0.0..=1.0).contains(&smoothing), "CrossEntropy: the smoothing {smoothing} is outside [0, 1]");
        Self { smoothing, ..self }
    }

    /// The weighted mean over the samples, from logits \[n, classes\] and labels \[n\]; a scalar. It is 0, with derivative 0,
    /// if no label counts: all are ignored, or have weight 0.
    ///
    /// # Panics
    /// Panics if the number of labels is not the number of rows, a label that counts is not a class, the number of weights
    /// is not that of classes, or the batch is empty.
    #[track_caller]
    pub fn mean<V: Value>(&self, logits: &V, labels: &Tensor<usize>) -> V {
        self.check("CrossEntropy::mean", &logits.shape(), labels);
        let counts = labels.iter().filter(|label| Some(*label) != self.ignored);
        let total: f64 = counts.map(|label| self.weight(label)).sum();
        self.losses(logits, labels).sum().scale(if total > 0.0 { 1.0 / total } else { 0.0 })
    }

    /// The loss of each sample, with its weight: \[n\]. It is 0 for an ignored label.
    ///
    /// # Panics
    /// Panics as [`mean`](CrossEntropy::mean).
    #[track_caller]
    pub fn per_sample<V: Value>(&self, logits: &V, labels: &Tensor<usize>) -> V {
        self.check("CrossEntropy::per_sample", &logits.shape(), labels);
        self.losses(logits, labels).sum_axis(-1)
    }

    /// −aₖ·ln softmax(z)\[k\] for each sample and class.
    fn losses<V: Value>(&self, logits: &V, labels: &Tensor<usize>) -> V {
        let shape = logits.shape();
        let (classes, share) = (shape[1], self.smoothing / shape[1] as f64);
        let factor = |label: usize, class: usize| match (Some(label) == self.ignored, label == class) {
            (true, _) => 0.0,
            (false, true) => (self.smoothing - 1.0 - share) * self.weight(class),
            (false, false) => -share * self.weight(class),
        };
        let row = |label| (0..classes).map(move |class| V::Elem::from_f64(factor(label, class)));
        let factors = Tensor::from_vec(shape, labels.iter().flat_map(row).collect());
        let log_p = logits.log_softmax(-1);
        log_p.mul_strong_zero(log_p.lift(&factors))
    }

    /// The weight of a class, which also a class has whose label is ignored: smoothing spreads to it.
    fn weight(&self, class: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[class])
    }

    #[track_caller]
    fn check(&self, function: &str, logits: &Shape, labels: &Tensor<usize>) {
        let given = labels.shape();
        let fits = logits.rank() == 2 && given.rank() == 1 && logits[0] == given[0];
        assert!(fits, "{function}: logits {logits}, labels {given}: [n, classes] and [n] are needed");
        assert!(given.size() > 0, "{function}: logits {logits}, labels {given}: the batch is empty");
        let classes = logits[1];
        let count = self.weights.as_ref().map_or(classes, Vec::len);
        assert!(count == classes, "{function}: logits {logits}: {count} weights are given for {classes} classes");
        check_labels_except(function, labels, classes, self.ignored);
    }
}
