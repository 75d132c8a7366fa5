//! RMSProp.

use crate::optim::optimizer::{Optimizer, check, zeros, zip};
use crate::optim::scalars::Scalars;
use autodiff::prelude::*;

/// Descent with each gradient divided by the root of its recent mean square (Tieleman and Hinton 2012, lecture 6.5 of
/// *Neural Networks for Machine Learning*):
///
/// - v ← ρ·v + (1 − ρ)·g²,
/// - w ← w − η·g/(√v + ε).
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<V> {
    /// η, the learning rate.
    pub rate: f64,
    /// ρ, the share of the mean square that is kept.
    pub rho: f64,
    /// ε, which keeps the step finite if gradients vanish.
    pub epsilon: f64,
    /// v, for each leaf of the model.
    mean_square: Vec<V>,
}

autodiff::tree!(RmsProp { mean_square | rate, rho, epsilon });

impl<T: Element> RmsProp<Tensor<T>> {
    /// RMSProp for a model, with the lecture's ρ = 0.9, and ε = 10⁻⁸.
    pub fn new(model: &impl Tree<Leaf = Tensor<T>>, rate: f64) -> Self {
        Self { rate, rho: 0.9, epsilon: 1e-8, mean_square: zeros(model) }
    }
}

impl<V> Scalars for RmsProp<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, &mut f64)) {
        f("rate", &mut self.rate);
        f("rho", &mut self.rho);
        f("epsilon", &mut self.epsilon);
    }
}

impl<T: Element> Optimizer<T> for RmsProp<Tensor<T>> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>) {
        check("the optimiser", model, &self.mean_square);
        let [rate, rho, fresh, epsilon] = [self.rate, self.rho, 1.0 - self.rho, self.epsilon].map(T::from_f64);
        let mean_square = &mut self.mean_square;
        zip(model, gradient, |i, w, g| {
            Tensor::update_together([w, &mut mean_square[i]], g, move |[w, v], g| {
                let v = rho * v + fresh * g * g;
                [w - rate * g / (v.sqrt() + epsilon), v]
            });
        });
    }
}
