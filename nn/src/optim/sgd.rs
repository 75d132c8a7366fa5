//! Gradient descent.

use crate::optim::optimizer::{Optimizer, check, fill, zip};
use crate::optim::state::{Domain, Scalars, State, visit_slots};
use autodiff::Update;
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
/// let heavy_ball = Sgd::<Tensor<f32>>::new(0.1).momentum(0.9).decay(1e-4);
/// assert_eq!(heavy_ball.rate(), 0.1);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sgd<V> {
    /// η.
    rate: f64,
    /// μ, the share of the velocity that is kept.
    momentum: f64,
    /// Whether a step looks ahead along the velocity.
    nesterov: bool,
    /// λ.
    decay: f64,
    /// v, for each leaf of the model; empty before the first step, and without momentum.
    velocity: Vec<V>,
}

impl<V: Value> Sgd<V> {
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

impl<V> Scalars for Sgd<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("momentum", Domain::Share, &mut self.momentum);
        f("decay", Domain::NotNegative, &mut self.decay);
        let mut nesterov = f64::from(self.nesterov);
        f("nesterov", Domain::Flag, &mut nesterov);
        self.nesterov = nesterov != 0.0;
    }
}

impl<V: Value> State<V> for Sgd<V> {
    fn prepare(&mut self, model: &impl Tree<Leaf = V>) {
        if self.momentum > 0.0 {
            fill(&mut self.velocity, model);
        }
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut V)) {
        if self.momentum > 0.0 {
            visit_slots("velocity", Domain::Finite, &mut self.velocity, f);
        }
    }
}

impl<V: Value> Optimizer<V> for Sgd<V> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = V>, gradient: &impl Tree<Leaf = V>) {
        let descent = Descent { rate: self.rate, kept: 1.0 - self.rate * self.decay };
        if self.momentum == 0.0 {
            return zip(model, gradient, |_, w, g| V::update_together([w], g, descent));
        }
        self.prepare(model);
        let with_momentum = Momentum { descent, momentum: self.momentum, nesterov: self.nesterov };
        check("the velocity", model, &self.velocity);
        zip(model, gradient, |i, w, g| V::update_together([w, &mut self.velocity[i]], g, with_momentum));
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rate = Domain::NotNegative.checked("Sgd: the rate", rate);
    }
}

/// A step of plain descent.
#[derive(Clone, Copy)]
struct Descent {
    rate: f64,
    /// The share of the weight that its decay leaves.
    kept: f64,
}

impl Update<1> for Descent {
    #[inline(always)]
    fn apply<V: Reading>(&self, [w]: [V; 1], g: V) -> [V; 1] {
        [w.scale(self.kept) - g.scale(self.rate)]
    }
}

/// A step with momentum: the weight and the velocity.
#[derive(Clone, Copy)]
struct Momentum {
    descent: Descent,
    momentum: f64,
    nesterov: bool,
}

impl Update<2> for Momentum {
    #[inline(always)]
    fn apply<V: Reading>(&self, [w, v]: [V; 2], g: V) -> [V; 2] {
        let v = v.scale(self.momentum) + &g;
        let slope = if self.nesterov { g + v.scale(self.momentum) } else { v.clone() };
        let [w] = self.descent.apply([w], slope);
        [w, v]
    }
}
