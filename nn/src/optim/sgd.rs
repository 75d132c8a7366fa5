//! Gradient descent.

use crate::optim::optimizer::{Optimizer, check, fill, zip};
use crate::optim::state::{Domain, Scalars, State, visit_slots};
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
/// let gradient = grad(&x, |x| (x * x).sum() * 0.5);
/// sgd.step(&mut x, &gradient);
/// assert_eq!(x.to_vec(), [2.0, -1.0]);
///
/// let heavy_ball = Sgd::<f32>::new(0.1).momentum(0.9).decay(1e-4);
/// assert_eq!(heavy_ball.rate(), 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<T> {
    /// η.
    rate: f64,
    /// μ, the share of the velocity that is kept.
    momentum: f64,
    /// Whether a step looks ahead along the velocity.
    nesterov: bool,
    /// λ.
    decay: f64,
    /// v, for each leaf of the model; empty before the first step, and without momentum.
    velocity: Vec<Tensor<T>>,
}

impl<T: Element> Sgd<T> {
    /// Plain descent with the learning rate η.
    ///
    /// # Panics
    /// Panics if the rate is negative or not finite.
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        let rate = Domain::NotNegative.checked("Sgd: the rate", rate);
        Self { rate, momentum: 0.0, nesterov: false, decay: 0.0, velocity: Vec::new() }
    }

    /// The same with momentum μ, from rest.
    ///
    /// # Panics
    /// Panics unless 0 ≤ μ < 1.
    #[must_use]
    #[track_caller]
    pub fn momentum(self, momentum: f64) -> Self {
        let momentum = Domain::Share.checked("Sgd: the momentum", momentum);
        Self { momentum, nesterov: false, velocity: Vec::new(), ..self }
    }

    /// The same with Nesterov's momentum μ, from rest.
    ///
    /// # Panics
    /// Panics unless 0 ≤ μ < 1.
    #[must_use]
    #[track_caller]
    pub fn nesterov(self, momentum: f64) -> Self {
        Self { nesterov: true, ..self.momentum(momentum) }
    }

    /// The same with the weight decay λ.
    ///
    /// # Panics
    /// Panics if λ is negative or not finite.
    #[must_use]
    #[track_caller]
    pub fn decay(self, decay: f64) -> Self {
        Self { decay: Domain::NotNegative.checked("Sgd: the weight decay", decay), ..self }
    }
}

impl<T> Scalars for Sgd<T> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("momentum", Domain::Share, &mut self.momentum);
        f("decay", Domain::NotNegative, &mut self.decay);
        let mut nesterov = f64::from(self.nesterov);
        f("nesterov", Domain::Flag, &mut nesterov);
        self.nesterov = nesterov != 0.0;
    }
}

impl<T: Element> State<T> for Sgd<T> {
    fn prepare(&mut self, model: &impl Tree<Leaf = Tensor<T>>) {
        if self.momentum > 0.0 {
            fill(&mut self.velocity, model);
        }
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut Tensor<T>)) {
        if self.momentum > 0.0 {
            visit_slots("velocity", Domain::Finite, &mut self.velocity, f);
        }
    }
}

impl<T: Element> Optimizer<T> for Sgd<T> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>) {
        let [rate, momentum] = [self.rate, self.momentum].map(T::from_f64);
        let kept = T::from_f64(1.0 - self.rate * self.decay);
        if self.momentum == 0.0 {
            return zip(model, gradient, |_, w, g| {
                Tensor::update_together([w], g, move |[w], g| [w * kept - rate * g]);
            });
        }
        self.prepare(model);
        let nesterov = self.nesterov;
        check("the velocity", model, &self.velocity);
        zip(model, gradient, |i, w, g| {
            Tensor::update_together([w, &mut self.velocity[i]], g, move |[w, v], g| {
                let v = momentum * v + g;
                [w * kept - rate * if nesterov { g + momentum * v } else { v }, v]
            });
        });
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rate = Domain::NotNegative.checked("Sgd: the rate", rate);
    }
}
