//! RMSProp.

use super::range::limited;
use crate::optim::optimizer::{Optimizer, check, fill, zip};
use crate::optim::state::{Domain, Scalars, State, visit_slots};
use autodiff::prelude::*;

/// Descent with each gradient divided by the root of its recent mean square (Tieleman and Hinton 2012, lecture 6.5 of
/// *Neural Networks for Machine Learning*):
///
/// - v ← ρ·v + (1 − ρ)·g²,
/// - w ← w − η·g/(√v + ε).
///
/// A gradient beyond half the root of the largest number (9·10¹⁸ in `f32`) counts as that, so v is finite.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<T> {
    /// η.
    rate: f64,
    /// ρ, the share of the mean square that is kept.
    rho: f64,
    /// ε, which keeps the step finite if gradients vanish.
    epsilon: f64,
    /// v, for each leaf of the model; empty before the first step.
    mean_square: Vec<Tensor<T>>,
}

impl<T: Element> RmsProp<T> {
    /// RMSProp with the learning rate η, the lecture's ρ = 0.9, and ε = 10⁻⁸.
    ///
    /// # Panics
    /// Panics if the rate is negative or not finite.
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        let rate = Domain::NotNegative.checked("RmsProp: the rate", rate);
        Self { rate, rho: 0.9, epsilon: 1e-8, mean_square: Vec::new() }
    }

    /// The same with another ρ.
    ///
    /// # Panics
    /// Panics unless 0 ≤ ρ < 1.
    #[must_use]
    #[track_caller]
    pub fn rho(self, rho: f64) -> Self {
        Self { rho: Domain::Share.checked("RmsProp: ρ", rho), ..self }
    }

    /// The same with another ε.
    ///
    /// # Panics
    /// Panics if ε is not above 0, or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon: Domain::Positive.checked("RmsProp: ε", epsilon), ..self }
    }
}

impl<T> Scalars for RmsProp<T> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("rho", Domain::Share, &mut self.rho);
        f("epsilon", Domain::Positive, &mut self.epsilon);
    }
}

impl<T: Element> State<T> for RmsProp<T> {
    fn prepare(&mut self, model: &impl Tree<Leaf = Tensor<T>>) {
        fill(&mut self.mean_square, model);
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut Tensor<T>)) {
        visit_slots("mean_square", Domain::NotNegative, &mut self.mean_square, f);
    }
}

impl<T: Element> Optimizer<T> for RmsProp<T> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>) {
        self.prepare(model);
        check("the optimiser", model, &self.mean_square);
        let [rate, rho, fresh, epsilon] = [self.rate, self.rho, 1.0 - self.rho, self.epsilon].map(T::from_f64);
        let limited = limited();
        let mean_square = &mut self.mean_square;
        zip(model, gradient, |i, w, g| {
            Tensor::update_together([w, &mut mean_square[i]], g, move |[w, v], g| {
                let g = limited(g);
                let v = rho * v + fresh * g * g;
                [w - rate * g / (v.sqrt() + epsilon), v]
            });
        });
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rate = Domain::NotNegative.checked("RmsProp: the rate", rate);
    }
}
