//! Adam.

use crate::optim::optimizer::{Optimizer, check, zeros, zip};
use crate::optim::scalars::{Scalars, visit_count};
use autodiff::prelude::*;

/// Descent with the mean of recent gradients divided by the root of their mean square, so steps have about the same
/// size for every weight (Kingma and Ba 2015, algorithm 1). With t the number of the step, from 1:
///
/// - m ← β₁·m + (1 − β₁)·g, and v ← β₂·v + (1 − β₂)·g²,
/// - m̂ = m/(1 − β₁ᵗ), and v̂ = v/(1 − β₂ᵗ), since both start from 0,
/// - w ← w − η·(m̂/(√v̂ + ε) + λ·w),
///
/// with a weight decay λ of 0 unless [`with_decay`](Adam::with_decay) sets it.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Optimizer};
/// let mut x = Tensor::from([4.0, -200.0]);
/// let mut adam = Adam::new(&x, 0.1);
/// let gradient = grad(&x, |x| (x * x).sum());
/// adam.step(&mut x, &gradient); // the size of the first step is the rate, for any gradient
/// assert!(x.approx(&Tensor::from([3.9, -199.9]), 1e-8).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<V> {
    /// η, the learning rate.
    pub rate: f64,
    /// β₁, the share of the mean that is kept.
    pub beta1: f64,
    /// β₂, the share of the mean square that is kept.
    pub beta2: f64,
    /// ε, which keeps the step finite if gradients vanish.
    pub epsilon: f64,
    /// λ, the weight decay.
    pub decay: f64,
    /// t, the steps taken.
    steps: i32,
    /// m, for each leaf of the model.
    mean: Vec<V>,
    /// v, for each leaf of the model.
    mean_square: Vec<V>,
}

autodiff::tree!(Adam { mean, mean_square | rate, beta1, beta2, epsilon, decay, steps });

impl<T: Element> Adam<Tensor<T>> {
    /// Adam for a model, with the paper's β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸.
    pub fn new(model: &impl Tree<Leaf = Tensor<T>>, rate: f64) -> Self {
        let (mean, mean_square) = (zeros(model), zeros(model));
        Self { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.0, steps: 0, mean, mean_square }
    }

    /// AdamW: Adam with a weight decay λ applied to the weights. Added to the gradient instead, it would be divided by
    /// the gradient's scale (Loshchilov and Hutter 2019, algorithm 2). All leaves decay, biases too.
    #[doc(alias = "AdamW")]
    pub fn with_decay(model: &impl Tree<Leaf = Tensor<T>>, rate: f64, decay: f64) -> Self {
        Self { decay, ..Self::new(model, rate) }
    }
}

impl<V> Scalars for Adam<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, &mut f64)) {
        f("rate", &mut self.rate);
        f("beta1", &mut self.beta1);
        f("beta2", &mut self.beta2);
        f("epsilon", &mut self.epsilon);
        f("decay", &mut self.decay);
        visit_count("steps", &mut self.steps, f);
    }
}

impl<T: Element> Optimizer<T> for Adam<Tensor<T>> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>) {
        check("the optimiser", model, &self.mean);
        self.steps += 1;
        let bias = |beta: f64| 1.0 / (1.0 - beta.powi(self.steps));
        let step = T::from_f64(self.rate * bias(self.beta1));
        let unbias = T::from_f64(bias(self.beta2));
        let [beta1, beta2, epsilon] = [self.beta1, self.beta2, self.epsilon].map(T::from_f64);
        let kept = T::from_f64(1.0 - self.rate * self.decay);
        let [fresh1, fresh2] = [1.0 - self.beta1, 1.0 - self.beta2].map(T::from_f64);
        let (mean, mean_square) = (&mut self.mean, &mut self.mean_square);
        zip(model, gradient, |i, w, g| {
            Tensor::update_together([w, &mut mean[i], &mut mean_square[i]], g, move |[w, m, v], g| {
                let m = beta1 * m + fresh1 * g;
                let v = beta2 * v + fresh2 * g * g;
                [w * kept - step * m / ((v * unbias).sqrt() + epsilon), m, v]
            });
        });
    }
}
