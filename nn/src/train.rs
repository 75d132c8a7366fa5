//! The loop over batches: not a framework, but the piece that all training shares.

use crate::data::{Samples, batches};
use crate::optim::Optimizer;
use autodiff::prelude::*;
use rand::Rng;

/// A model, what changes it, and the tape that all its steps reuse.
///
/// The loop over epochs is the user's: there learning rates change, figures are printed, and training stops early.
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
        let (value, gradient) = self.tape.value_and_grad(&self.model, loss);
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
}
