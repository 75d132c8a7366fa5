//! The result of learning two classes.

use crate::unit::neuron::Neuron;
use autodiff::prelude::*;
use std::fmt;

/// How learning ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An epoch passed without a mistake, and the neuron is right on all samples.
    Separated,
    /// No plane separates the classes. With these counts c of the samples, Σᵢ cᵢ·tᵢ·xᵢ = 0, with x₀ = 1 among the
    /// inputs; a separating plane would make the product of w with each term positive.
    Inseparable(Vec<u64>),
    /// Neither a plane nor a proof was found: the epochs ended, the weights returned to earlier ones by rounding, or the
    /// plane that was found in `f64` does not separate the classes in the element type.
    OutOfEpochs,
}

/// The result of learning two classes. Displayed, it is a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<T> {
    /// The unit, with `Step(0.0)`.
    pub neuron: Neuron<Tensor<T>>,
    /// How learning ended.
    pub outcome: Outcome,
    /// The number of mistakes in each epoch.
    pub mistakes: Vec<usize>,
    /// (R/γ)² of the plane that was found: no order of the samples leads to more mistakes. `None` if none was found.
    pub bound: Option<f64>,
    /// The outcome in words.
    pub(super) explanation: String,
}

impl<T> Report<T> {
    /// The number of all mistakes, each of which changed the weights.
    pub fn total_mistakes(&self) -> usize {
        self.mistakes.iter().sum()
    }
}

impl<T> fmt::Display for Report<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mistakes: {}, epochs: {}; {}", self.total_mistakes(), self.mistakes.len(), self.explanation)
    }
}
