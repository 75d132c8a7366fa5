//! The check of a loss in training.

use super::loss::Loss;
use super::recorder::Recorder;
use super::trainer::Trainer;
use autodiff::check::{Failure, Options, Report};
use autodiff::prelude::*;
use std::cell::RefCell;

impl<M: Tree<Leaf: Value>, O> Trainer<M, O> {
    /// Compares the derivatives of a [loss](Loss) with respect to the model with finite differences, as
    /// [`check_grads`] does. Each call of the loss gets a generator from `rng`, and so draws the same random numbers. The
    /// trainer stays as it is.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// use nn::{Adam, Init, Mlp, Trainer, Transfer, loss};
    /// use rand::{SeedableRng, rngs::StdRng};
    /// let rng = &mut StdRng::seed_from_u64(0);
    /// let mlp = Mlp::<Tensor<f64>>::new(&[2, 8, 1], Transfer::Tanh, Init::GlorotNormal, rng);
    /// let trainer = Trainer::new(mlp, Adam::new(1e-2));
    /// let batch = (Tensor::uniform([4, 2], -1.0, 1.0, rng), Tensor::ones([4, 1]));
    /// let penalized = trainer.loss(|tape, mlp, (x, y): &(Tensor<f64>, Tensor<f64>), _| {
    ///     let x = tape.constant(x.clone());
    ///     let prediction = mlp.forward(x);
    ///     let [slope] = prediction.sum().grad([x]);
    ///     loss::squared_error(&prediction, y) + tape.term("slope", slope.square().mean())
    /// });
    /// trainer.check_grads(&batch, || StdRng::seed_from_u64(1), &Options::order(1), penalized)?;
    /// # Ok::<(), Box<autodiff::check::Failure>>(())
    /// ```
    ///
    /// # Errors
    /// Returns the first derivative that does not agree, with its cause.
    ///
    /// # Panics
    /// As [`check_grads`].
    #[track_caller]
    pub fn check_grads<B: ?Sized, R>(
        &self,
        batch: &B,
        rng: impl Fn() -> R,
        options: &Options,
        loss: impl Loss<M, B, R>,
    ) -> Result<Report, Box<Failure>> {
        let loss = RefCell::new(loss);
        check_grads_tree(&self.model, options, |tape, model| {
            loss.borrow_mut()(&Recorder::new(tape), model, batch, &mut rng())
        })
    }
}
