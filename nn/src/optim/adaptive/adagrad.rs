//! Adagrad.

use super::range::{limit, limited, representable};
use crate::optim::optimizer::{Optimizer, check, fill, zip};
use crate::optim::state::{Domain, Scalars, State, visit_slots};
use autodiff::Update;
use autodiff::prelude::*;

/// Descent with each gradient divided by the root of the sum of its squares so far, so weights with rare gradients move
/// further (Duchi, Hazan and Singer 2011, the diagonal form of section 1.1):
///
/// - s ← s + g²,
/// - w ← w − η·g/(√s + ε).
///
/// Gradients are clamped to ±½·√MAX, ±9·10¹⁸ in `f32`, so s stays finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Adagrad<V> {
    /// η.
    rate: f64,
    /// ε, which keeps the step finite if there was no gradient yet.
    epsilon: f64,
    /// s, for each leaf of the model; empty before the first step.
    sum_of_squares: Vec<V>,
}

impl<V: Value> Adagrad<V> {
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

impl<V> Scalars for Adagrad<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("epsilon", Domain::Positive, &mut self.epsilon);
    }
}

impl<V: Value> State<V> for Adagrad<V> {
    fn prepare(&mut self, model: &impl Tree<Leaf = V>) {
        fill(&mut self.sum_of_squares, model);
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut V)) {
        visit_slots("sum_of_squares", Domain::NotNegative, &mut self.sum_of_squares, f);
    }
}

impl<V: Value> Optimizer<V> for Adagrad<V> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = V>, gradient: &impl Tree<Leaf = V>) {
        self.prepare(model);
        check("the optimiser", model, &self.sum_of_squares);
        let step = Step {
            rate: self.rate,
            epsilon: representable::<V>(self.epsilon),
            limit: limit::<V>(),
            largest: V::Elem::MAX,
        };
        let sum_of_squares = &mut self.sum_of_squares;
        zip(model, gradient, |i, w, g| V::update_together([w, &mut sum_of_squares[i]], g, step));
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rate = Domain::NotNegative.checked("Adagrad: the rate", rate);
    }
}

/// A step: the weight and the sum of squares.
#[derive(Clone, Copy)]
struct Step {
    rate: f64,
    epsilon: f64,
    /// The largest gradient that counts.
    limit: f64,
    /// The largest sum of squares.
    largest: f64,
}

impl Update<2> for Step {
    #[inline(always)]
    fn apply<V: Reading>(&self, [w, s]: [V; 2], g: V) -> [V; 2] {
        let g = limited(g, self.limit);
        let s = (s + g.square()).clamp_max(self.largest);
        [w - g.scale(self.rate) / s.sqrt().shift(self.epsilon), s]
    }
}
