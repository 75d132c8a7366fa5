//! RMSProp.

use super::range::{limit, limited, representable};
use crate::optim::optimizer::{Optimizer, check, fill, zip};
use crate::optim::state::{Domain, Scalars, State, visit_slots};
use autodiff::Update;
use autodiff::prelude::*;

/// Descent with each gradient divided by the root of its recent mean square (Tieleman and Hinton 2012, lecture 6.5 of
/// *Neural Networks for Machine Learning*):
///
/// - v ← ρ·v + (1 − ρ)·g²,
/// - w ← w − η·g/(√v + ε).
///
/// Gradients are clamped to ±½·√MAX, ±9·10¹⁸ in `f32`, so v stays finite.
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<V> {
    /// η.
    rate: f64,
    /// ρ, the share of the mean square that is kept.
    rho: f64,
    /// ε, which keeps the step finite if gradients vanish.
    epsilon: f64,
    /// v, for each leaf of the model; empty before the first step.
    mean_square: Vec<V>,
}

impl<V: Value> RmsProp<V> {
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

impl<V> Scalars for RmsProp<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("rho", Domain::Share, &mut self.rho);
        f("epsilon", Domain::Positive, &mut self.epsilon);
    }
}

impl<V: Value> State<V> for RmsProp<V> {
    fn prepare(&mut self, model: &impl Tree<Leaf = V>) {
        fill(&mut self.mean_square, model);
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut V)) {
        visit_slots("mean_square", Domain::NotNegative, &mut self.mean_square, f);
    }
}

impl<V: Value> Optimizer<V> for RmsProp<V> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = V>, gradient: &impl Tree<Leaf = V>) {
        self.prepare(model);
        check("the optimiser", model, &self.mean_square);
        let step =
            Step { rate: self.rate, rho: self.rho, epsilon: representable::<V>(self.epsilon), limit: limit::<V>() };
        let mean_square = &mut self.mean_square;
        zip(model, gradient, |i, w, g| V::update_together([w, &mut mean_square[i]], g, step));
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rate = Domain::NotNegative.checked("RmsProp: the rate", rate);
    }
}

/// A step: the weight and the mean square.
#[derive(Clone, Copy)]
struct Step {
    rate: f64,
    rho: f64,
    epsilon: f64,
    /// The largest gradient that counts.
    limit: f64,
}

impl Update<2> for Step {
    #[inline(always)]
    fn apply<V: Reading>(&self, [w, v]: [V; 2], g: V) -> [V; 2] {
        let g = limited(g, self.limit);
        let v = v.scale(self.rho) + g.scale(1.0 - self.rho) * &g;
        [w - g.scale(self.rate) / v.sqrt().shift(self.epsilon), v]
    }
}
