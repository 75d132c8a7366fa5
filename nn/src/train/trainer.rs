//! The step and the epoch.

use super::guard::{self, NotFinite};
use super::terms::{Means, Terms};
use crate::data::{Samples, batches};
use crate::optim::Optimizer;
use autodiff::prelude::*;
use rand::Rng;

/// A model, what changes it, and the tape that all its steps reuse.
///
/// The loop over epochs is the user's: there learning rates change, figures are printed, and training stops early;
/// [`fit`](Trainer::fit) is one for those who need nothing else there.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Init, Mlp, Trainer, Transfer, data::Samples, loss};
/// use rand::{SeedableRng, rngs::StdRng};
/// let rng = &mut StdRng::seed_from_u64(0);
/// let xor = Samples {
///     x: Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
///     labels: Tensor::from([0, 1, 1, 0]),
/// };
/// let mlp = Mlp::new(&[2, 8, 2], Transfer::Tanh, Init::GlorotUniform, rng);
/// let mut trainer = Trainer::new(mlp, |mlp| Adam::new(mlp, 0.05));
/// for _epoch in 0..200 {
///     trainer.epoch(&xor, 4, rng, |tape, mlp, batch| {
///         loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
///     });
/// }
/// assert_eq!(trainer.model.forward(&xor.x).argmax(-1), xor.labels);
/// ```
pub struct Trainer<M: Tree, O> {
    /// The model, as it is by now.
    pub model: M,
    /// The optimiser, with its settings.
    pub optimizer: O,
    tape: Tape<M::Leaf>,
    steps: usize,
}

impl<T: Element, M: Tree<Leaf = Tensor<T>>, O: Optimizer<T>> Trainer<M, O> {
    /// A model, and an optimiser that is made for it.
    pub fn new(model: M, optimizer: impl FnOnce(&M) -> O) -> Self {
        Self { optimizer: optimizer(&model), model, tape: Tape::new(), steps: 0 }
    }

    /// The same, on a tape that keeps the source line of each operation, see [`Tape::traced`]: what is not finite is then
    /// reported with the line that made it.
    #[must_use]
    pub fn traced(self) -> Self {
        Self { tape: Tape::traced(), ..self }
    }

    /// The number of steps taken.
    pub fn steps(&self) -> usize {
        self.steps
    }

    #[cfg(feature = "store")]
    pub(crate) fn set_steps(&mut self, steps: usize) {
        self.steps = steps;
    }

    /// One step against the gradient of a loss; gives the loss before it.
    ///
    /// # Panics
    /// If the loss is no scalar.
    #[track_caller]
    pub fn step(&mut self, loss: impl for<'t> FnOnce(&'t Tape<Tensor<T>>, OnTape<'t, M>) -> Var<'t, Tensor<T>>) -> f64 {
        let (value, gradient) = self.tape.value_and_grad_tree(&self.model, loss);
        self.optimizer.step(&mut self.model, &gradient);
        self.steps += 1;
        value.item().to_f64()
    }

    /// A step for each batch of all samples in a random order; gives the mean of the loss over the samples, each before
    /// the step that it took part in.
    ///
    /// # Panics
    /// If the loss is no scalar, there are no samples, or the size of a batch is 0.
    #[track_caller]
    pub fn epoch(
        &mut self,
        samples: &Samples<T>,
        batch_size: usize,
        rng: &mut impl Rng,
        mut loss: impl for<'t> FnMut(&'t Tape<Tensor<T>>, OnTape<'t, M>, &Samples<T>) -> Var<'t, Tensor<T>>,
    ) -> f64 {
        assert!(!samples.is_empty(), "epoch: there are no samples");
        let mut total = 0.0;
        for numbers in batches(samples.len(), batch_size, rng) {
            let batch = samples.take(&numbers);
            total += batch.len() as f64 * self.step(|tape, model| loss(tape, model, &batch));
        }
        total / samples.len() as f64
    }

    /// One step as [`step`](Trainer::step), of a loss in named terms, unless a term or its gradient is not finite; gives
    /// the terms before it.
    ///
    /// # Errors
    /// If a term or a gradient is not finite: which one, at which step, and which operation made it, with the numbers
    /// that it made it of. The step is not taken.
    ///
    /// # Panics
    /// If a term is no scalar.
    #[track_caller]
    pub fn step_of_terms(
        &mut self,
        loss: impl for<'t> FnOnce(&'t Tape<Tensor<T>>, OnTape<'t, M>) -> Terms<'t, T>,
    ) -> Result<Means, NotFinite> {
        let step = self.steps + 1;
        self.tape.clear();
        let (numbers, gradient) = {
            let variables = self.tape.variables(&self.model);
            let leaves = variables.leaves();
            let terms = loss(&self.tape, variables);
            let numbers = terms.numbers();
            guard::terms(&terms, &numbers, step)?;
            let parts = terms.total().backward_to(&leaves).of(&leaves);
            guard::gradient(&self.model, &parts, &terms, &leaves, step)?;
            let mut parts = parts.into_iter();
            (numbers, self.model.map(&mut |_, _| parts.next().expect("a part for each leaf")))
        };
        self.tape.clear();
        self.optimizer.step(&mut self.model, &gradient);
        self.steps = step;
        Ok(numbers)
    }

    /// As [`epoch`](Trainer::epoch), of a loss in named terms; gives the means of all over the samples. The loss gets
    /// the generator too, for what it has to draw.
    ///
    /// # Errors
    /// If a term or a gradient is not finite: which one, at which step. That step is not taken.
    ///
    /// # Panics
    /// If a term is no scalar, there are no samples, or the size of a batch is 0.
    #[track_caller]
    pub fn epoch_of_terms<R: Rng>(
        &mut self,
        samples: &Samples<T>,
        batch_size: usize,
        rng: &mut R,
        mut loss: impl for<'t> FnMut(&'t Tape<Tensor<T>>, OnTape<'t, M>, &Samples<T>, &mut R) -> Terms<'t, T>,
    ) -> Result<Means, NotFinite> {
        assert!(!samples.is_empty(), "epoch_of_terms: there are no samples");
        let mut means = Means::default();
        for numbers in batches(samples.len(), batch_size, rng) {
            let batch = samples.take(&numbers);
            let terms = self.step_of_terms(|tape, model| loss(tape, model, &batch, rng))?;
            means.add(&terms, batch.len() as f64 / samples.len() as f64);
        }
        Ok(means)
    }

    /// The means of a loss over samples in their order, without any step: for validation. The generator is only for
    /// what the loss draws.
    ///
    /// # Panics
    /// If a term is no scalar, there are no samples, or the size of a batch is 0.
    #[track_caller]
    pub fn evaluate<R: Rng>(
        &mut self,
        samples: &Samples<T>,
        batch_size: usize,
        rng: &mut R,
        mut loss: impl for<'t> FnMut(&'t Tape<Tensor<T>>, OnTape<'t, M>, &Samples<T>, &mut R) -> Terms<'t, T>,
    ) -> Means {
        assert!(!samples.is_empty(), "evaluate: there are no samples");
        let mut means = Means::default();
        for numbers in (0..samples.len()).collect::<Vec<_>>().chunks(batch_size) {
            let batch = samples.take(numbers);
            let terms = loss(&self.tape, self.tape.variables(&self.model), &batch, rng).numbers();
            means.add(&terms, batch.len() as f64 / samples.len() as f64);
            self.tape.clear();
        }
        means
    }
}
