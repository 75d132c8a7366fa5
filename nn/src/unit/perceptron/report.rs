//! What a perceptron has learned.

use crate::unit::neuron::Neuron;
use autodiff::prelude::*;
use std::fmt;

/// How learning ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An epoch went by without a mistake: all samples are on their side.
    Separated,
    /// No plane separates the classes. Each sample comes with how often it is to be counted: then Σᵢ cᵢ·tᵢ·xᵢ = 0, with
    /// x₀ = 1 among the inputs, while a plane would make each of these terms positive in the direction of w.
    Inseparable(Vec<u64>),
    /// The epochs were used up, and neither was found.
    OutOfEpochs,
}

/// What a perceptron has learned, and how. Displayed, it says so in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<T> {
    /// The unit, with `Step(0.0)`.
    pub neuron: Neuron<Tensor<T>>,
    /// How it ended.
    pub outcome: Outcome,
    /// The mistakes of each epoch.
    pub mistakes: Vec<usize>,
    /// (R/γ)² for the plane that was found: no order of the samples leads to more mistakes. `None` if none was found.
    pub bound: Option<f64>,
    /// Why, in words.
    pub(super) explanation: String,
}

impl<T> Report<T> {
    /// All mistakes: how often the weights were changed.
    pub fn total_mistakes(&self) -> usize {
        self.mistakes.iter().sum()
    }
}

impl<T> fmt::Display for Report<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mistakes: {}, epochs: {}; {}", self.total_mistakes(), self.mistakes.len(), self.explanation)
    }
}
