//! Adam.

use super::range::{limit, limited, representable};
use crate::optim::optimizer::{Optimizer, check, fill, zip};
use crate::optim::state::{Domain, Scalars, State, visit_count, visit_slots};
use autodiff::Update;
use autodiff::prelude::*;

/// Descent with the mean of recent gradients divided by the root of their mean square, so steps have about the same
/// size for every weight (Kingma and Ba 2015, algorithm 1). With t the number of the step, from 1:
///
/// - m ← β₁·m + (1 − β₁)·g, and v ← β₂·v + (1 − β₂)·g²,
/// - m̂ = m/(1 − β₁ᵗ), and v̂ = v/(1 − β₂ᵗ), since both start from 0,
/// - w ← w − η·(m̂/(√v̂ + ε) + λ·w),
///
/// with a weight decay λ of 0 unless [`decay`](Adam::decay) sets it. Gradients are clamped to
/// ±½·√MAX, ±9·10¹⁸ in `f32`, so v stays finite.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Optimizer};
/// let mut x = Tensor::from([4.0, -200.0]);
/// let mut adam = Adam::new(0.1);
/// let gradient = grad(&x, |x| (x * x).sum());
/// adam.step(&mut x, &gradient); // the size of the first step is the rate, for any gradient
/// assert!(x.approx(&Tensor::from([3.9, -199.9]), 1e-8).is_ok());
///
/// let adam_w = Adam::<Tensor<f32>>::new(1e-3).betas(0.9, 0.99).decay(0.01);
/// assert_eq!(adam_w.rate(), 1e-3);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<V> {
    /// η.
    rate: f64,
    /// β₁, the share of the mean that is kept.
    beta1: f64,
    /// β₂, the share of the mean square that is kept.
    beta2: f64,
    /// ε, which keeps the step finite if gradients vanish.
    epsilon: f64,
    /// λ.
    decay: f64,
    /// t, the steps taken.
    steps: i32,
    /// m, for each leaf of the model; empty before the first step.
    mean: Vec<V>,
    /// v, for each leaf of the model; empty before the first step.
    mean_square: Vec<V>,
}

impl<V: Value> Adam<V> {
    /// Adam with the learning rate η, and the paper's β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸.
    ///
    /// # Panics
    /// Panics if the rate is negative or not finite.
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        let rate = Domain::NotNegative.checked("Adam: the rate", rate);
        let (mean, mean_square) = (Vec::new(), Vec::new());
        Self { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.0, steps: 0, mean, mean_square }
    }

    /// The same with other β₁ and β₂.
    ///
    /// # Panics
    /// Panics unless both are from 0 to below 1.
    #[must_use]
    #[track_caller]
    pub fn betas(self, beta1: f64, beta2: f64) -> Self {
        let (beta1, beta2) = (Domain::Share.checked("Adam: β₁", beta1), Domain::Share.checked("Adam: β₂", beta2));
        Self { beta1, beta2, ..self }
    }

    /// The same with another ε.
    ///
    /// # Panics
    /// Panics if ε is not above 0, or not finite.
    #[must_use]
    #[track_caller]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon: Domain::Positive.checked("Adam: ε", epsilon), ..self }
    }

    /// AdamW: the same with a weight decay λ applied to the weights. Added to the gradient instead, it would be divided
    /// by the gradient's scale (Loshchilov and Hutter 2019, algorithm 2). All leaves decay, biases too.
    ///
    /// # Panics
    /// Panics if λ is negative or not finite.
    #[doc(alias = "AdamW")]
    #[must_use]
    #[track_caller]
    pub fn decay(self, decay: f64) -> Self {
        Self { decay: Domain::NotNegative.checked("Adam: the weight decay", decay), ..self }
    }
}

impl<V> Scalars for Adam<V> {
    fn visit_scalars(&mut self, f: &mut dyn FnMut(&str, Domain, &mut f64)) {
        f("rate", Domain::NotNegative, &mut self.rate);
        f("beta1", Domain::Share, &mut self.beta1);
        f("beta2", Domain::Share, &mut self.beta2);
        f("epsilon", Domain::Positive, &mut self.epsilon);
        f("decay", Domain::NotNegative, &mut self.decay);
        visit_count("steps", &mut self.steps, f);
    }
}

impl<V: Value> State<V> for Adam<V> {
    fn prepare(&mut self, model: &impl Tree<Leaf = V>) {
        fill(&mut self.mean, model);
        fill(&mut self.mean_square, model);
    }

    fn visit_tensors(&mut self, f: &mut dyn FnMut(&str, Domain, &mut V)) {
        visit_slots("mean", Domain::Finite, &mut self.mean, f);
        visit_slots("mean_square", Domain::NotNegative, &mut self.mean_square, f);
    }
}

impl<V: Value> Optimizer<V> for Adam<V> {
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = V>, gradient: &impl Tree<Leaf = V>) {
        self.prepare(model);
        check("the optimiser", model, &self.mean);
        self.steps = self.steps.saturating_add(1);
        let bias = |beta: f64| 1.0 / (1.0 - beta.powi(self.steps));
        let moments = Moments {
            step: self.rate * bias(self.beta1),
            // The root of the factor: the mean square times the factor may overflow.
            unbias: bias(self.beta2).sqrt(),
            beta1: self.beta1,
            beta2: self.beta2,
            epsilon: representable::<V>(self.epsilon),
            kept: 1.0 - self.rate * self.decay,
            limit: limit::<V>(),
        };
        let (mean, mean_square) = (&mut self.mean, &mut self.mean_square);
        zip(model, gradient, |i, w, g| V::update_together([w, &mut mean[i], &mut mean_square[i]], g, moments));
    }

    fn rate(&self) -> f64 {
        self.rate
    }

    #[track_caller]
    fn set_rate(&mut self, rate: f64) {
        self.rate = Domain::NotNegative.checked("Adam: the rate", rate);
    }
}

/// A step: the weight and its two moments.
#[derive(Clone, Copy)]
struct Moments {
    /// η/(1 − β₁ᵗ).
    step: f64,
    /// 1/√(1 − β₂ᵗ).
    unbias: f64,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    /// The share of the weight that its decay leaves.
    kept: f64,
    /// The largest gradient that counts.
    limit: f64,
}

impl Update<3> for Moments {
    #[inline(always)]
    fn apply<V: Reading>(&self, [w, m, v]: [V; 3], g: V) -> [V; 3] {
        let g = limited(g, self.limit);
        let m = m.scale(self.beta1) + g.scale(1.0 - self.beta1);
        let v = v.scale(self.beta2) + g.scale(1.0 - self.beta2) * g;
        let size = v.sqrt().scale(self.unbias).shift(self.epsilon);
        [w.scale(self.kept) - m.scale(self.step) / size, m, v]
    }
}
