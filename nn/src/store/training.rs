//! Saving and restoring a training.

use super::checkpoint::Checkpoint;
use super::entry::Stored;
use crate::data::FileError;
use crate::optim::{Optimizer, Scalars};
use crate::train::Trainer;
use autodiff::prelude::*;
use rand::rngs::ChaCha12Rng;
use std::path::Path;

impl<T, M, O> Trainer<M, O>
where
    T: Stored,
    M: Tree<Leaf = Tensor<T>>,
    O: Optimizer<T> + Tree<Leaf = Tensor<T>> + Scalars + Clone,
{
    /// Saves all that the training depends on after `epochs` epochs: the model, the optimiser and the generator.
    /// Training from there gives the same bits as training without interruption.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written. An old file then stays as it was.
    pub fn save(&self, file: impl AsRef<Path>, epochs: usize, rng: &ChaCha12Rng) -> Result<(), FileError> {
        let mut checkpoint = Checkpoint::new();
        checkpoint.put("model", &self.model).put("optimizer", &self.optimizer);
        checkpoint.put_scalars("optimizer", &self.optimizer).put_rng("rng", rng);
        checkpoint.put_number("epochs", epochs as f64).put_number("steps", self.steps() as f64);
        checkpoint.save(file)
    }

    /// Restores the saved state; returns the number of epochs done by then.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or holds another model or optimiser. Nothing has changed then.
    pub fn restore(&mut self, file: impl AsRef<Path>, rng: &mut ChaCha12Rng) -> Result<usize, FileError>
    where
        M: Clone,
    {
        let checkpoint = Checkpoint::open(file)?;
        let (mut model, mut optimizer) = (self.model.clone(), self.optimizer.clone());
        checkpoint.get("model", &mut model)?;
        checkpoint.get("optimizer", &mut optimizer)?;
        checkpoint.get_scalars("optimizer", &mut optimizer)?;
        let (epochs, steps) = (checkpoint.count("epochs")?, checkpoint.count("steps")?);
        *rng = checkpoint.rng("rng")?;
        (self.model, self.optimizer) = (model, optimizer);
        self.set_steps(steps);
        Ok(epochs)
    }
}
