//! Adagrad.

use super::range::{limited, saturated};
use crate::optim::optimizer::{Optimizer, check, fill, zip};
use crate::optim::state::{Domain, Scalars, State, visit_slots};
use autodiff::prelude::*;

/// Descent with each gradient divided by the root of the sum of its squares so far, so weights with rare gradients move
/// further (Duchi, Hazan and Singer 2011, the diagonal form of section 1.1):
///
/// - s ← s + g²,
/// - w ← w − η·g/(√s + ε).
///
/// A gradient beyond half the root of the largest number (9·10¹⁸ in `f32`) counts as that, and s stays finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Adagrad<T> {
    /// η.
    rate: f64,
    /// ε, which keeps the step finite if there was no gradient yet.
    epsilon: f64,
    /// s, for each leaf of the model; empty before the first step.
    sum_of_squares: Vec<Tensor<T>>,
}

impl<T: Element> Adagrad<T> {
    /// Adagrad with the learning rate η, and ε = 10⁻¹⁰.
    ///
    /// # Panics
    /// Panics if the rate is negative or not finite.
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        let rate = Domain::NotNegative.checked("Adagrad: the rate", rate);
        Self { rate, epsilon: 1e-10, sum_of_squares: Vec::new() }
    }

    /// The same with another ε.
    ///
    /// # Panics
    /// Panics if ε is not above 0, or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon: Domain::Positive.checked("Adagrad: ε", epsilon), ..self }
    }
}

impl<T> Scalars for Adagrad<T> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("epsilon", Domain::Positive, &mut self.epsilon);
    }
}

impl<T: Element> State<T> for Adagrad<T> {
    fn prepare(&mut self, model: &impl Tree<Leaf = Tensor<T>>) {
        fill(&mut self.sum_of_squares, model);
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut Tensor<T>)) {
        visit_slots("sum_of_squares", Domain::NotNegative, &mut self.sum_of_squares, f);
    }
}

impl<T: Element> Optimizer<T> for Adagrad<T> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>) {
        self.prepare(model);
        check("the optimiser", model, &self.sum_of_squares);
        let [rate, epsilon] = [self.rate, self.epsilon].map(T::from_f64);
        let (limited, saturated) = (limited(), saturated());
        let sum_of_squares = &mut self.sum_of_squares;
        zip(model, gradient, |i, w, g| {
            Tensor::update_together([w, &mut sum_of_squares[i]], g, move |[w, s], g| {
                let g = limited(g);
                let s = saturated(s + g * g);
                [w - rate * g / (s.sqrt() + epsilon), s]
            });
        });
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rate = Domain::NotNegative.checked("Adagrad: the rate", rate);
    }
}
