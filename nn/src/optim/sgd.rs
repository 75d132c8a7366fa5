//! Gradient descent.

use crate::optim::optimizer::{Optimizer, check, zeros, zip};
use crate::optim::scalars::Scalars;
use autodiff::prelude::*;

/// Gradient descent w ← w − η·g, called stochastic if g is the gradient of a batch. With momentum μ (Polyak 1964), in
/// the form of Sutskever et al. 2013, section 2, with the rate outside the velocity:
///
/// - v ← μ·v + g,
/// - w ← w − η·v, or with Nesterov's look-ahead w ← w − η·(g + μ·v).
///
/// With a weight decay λ, w is first multiplied by 1 − η·λ (Loshchilov and Hutter 2019, algorithm 1).
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Optimizer, Sgd};
/// let mut x = Tensor::from([4.0, -2.0]);
/// let mut sgd = Sgd::new(0.5);
/// let gradient = grad(&x, |x| (x * x).sum().scale(0.5));
/// sgd.step(&mut x, &gradient);
/// assert_eq!(x.to_vec(), [2.0, -1.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<V> {
    /// η, the learning rate.
    pub rate: f64,
    /// μ, the share of the velocity that is kept.
    pub momentum: f64,
    /// Whether a step looks ahead along the velocity.
    pub nesterov: bool,
    /// λ, the weight decay.
    pub decay: f64,
    /// v, for each leaf of the model; empty without momentum.
    velocity: Vec<V>,
}

autodiff::tree!(Sgd { velocity | rate, momentum, nesterov, decay });

impl<T: Element> Sgd<Tensor<T>> {
    /// Plain descent, without momentum.
    pub fn new(rate: f64) -> Self {
        Self { rate, momentum: 0.0, nesterov: false, decay: 0.0, velocity: Vec::new() }
    }

    /// Descent with momentum, from rest.
    pub fn with_momentum(model: &impl Tree<Leaf = Tensor<T>>, rate: f64, momentum: f64) -> Self {
        Self { rate, momentum, nesterov: false, decay: 0.0, velocity: zeros(model) }
    }

    /// Descent with Nesterov's momentum, from rest.
    pub fn with_nesterov(model: &impl Tree<Leaf = Tensor<T>>, rate: f64, momentum: f64) -> Self {
        Self { nesterov: true, ..Self::with_momentum(model, rate, momentum) }
    }
}

impl<V> Scalars for Sgd<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, &mut f64)) {
        f("rate", &mut self.rate);
        f("momentum", &mut self.momentum);
        f("decay", &mut self.decay);
        let mut nesterov = f64::from(self.nesterov);
        f("nesterov", &mut nesterov);
        self.nesterov = nesterov != 0.0;
    }
}

impl<T: Element> Optimizer<T> for Sgd<Tensor<T>> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>) {
        let [rate, momentum] = [self.rate, self.momentum].map(T::from_f64);
        let kept = T::from_f64(1.0 - self.rate * self.decay);
        if self.velocity.is_empty() {
            return zip(model, gradient, |_, w, g| {
                Tensor::update_together([w], g, move |[w], g| [w * kept - rate * g]);
            });
        }
        let nesterov = self.nesterov;
        check("the velocity", model, &self.velocity);
        zip(model, gradient, |i, w, g| {
            Tensor::update_together([w, &mut self.velocity[i]], g, move |[w, v], g| {
                let v = momentum * v + g;
                [w * kept - rate * if nesterov { g + momentum * v } else { v }, v]
            });
        });
    }
}
