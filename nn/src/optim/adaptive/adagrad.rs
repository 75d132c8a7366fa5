//! Adagrad.

use crate::optim::optimizer::{Optimizer, check, zeros, zip};
use crate::optim::scalars::Scalars;
use autodiff::prelude::*;

/// Descent with each gradient divided by the root of the sum of its squares so far, so weights with rare gradients move
/// further (Duchi, Hazan and Singer 2011, the diagonal form of section 1.1):
///
/// - s ← s + g²,
/// - w ← w − η·g/(√s + ε).
#[derive(Clone, Debug, PartialEq)]
pub struct Adagrad<V> {
    /// η, the learning rate.
    pub rate: f64,
    /// ε, which keeps the step finite if there was no gradient yet.
    pub epsilon: f64,
    /// s, for each leaf of the model.
    sum_of_squares: Vec<V>,
}

autodiff::tree!(Adagrad { sum_of_squares | rate, epsilon });

impl<T: Element> Adagrad<Tensor<T>> {
    /// Adagrad for a model, with ε = 10⁻¹⁰.
    pub fn new(model: &impl Tree<Leaf = Tensor<T>>, rate: f64) -> Self {
        Self { rate, epsilon: 1e-10, sum_of_squares: zeros(model) }
    }
}

impl<V> Scalars for Adagrad<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, &mut f64)) {
        f("rate", &mut self.rate);
        f("epsilon", &mut self.epsilon);
    }
}

impl<T: Element> Optimizer<T> for Adagrad<Tensor<T>> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>) {
        check("the optimiser", model, &self.sum_of_squares);
        let [rate, epsilon] = [self.rate, self.epsilon].map(T::from_f64);
        let sum_of_squares = &mut self.sum_of_squares;
        zip(model, gradient, |i, w, g| {
            Tensor::update_together([w, &mut sum_of_squares[i]], g, move |[w, s], g| {
                let s = s + g * g;
                [w - rate * g / (s.sqrt() + epsilon), s]
            });
        });
    }
}
