//! A whole training in one file.

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
    /// Saves all that the training depends on after so many epochs: the model, the optimiser and the generator. Once
    /// [`restore`](Trainer::restore) has read it, training goes on with the bits that it would have had.
    ///
    /// # Errors
    /// If the file cannot be written: the old one, if there is one, stays as it was.
    pub fn save(&self, file: impl AsRef<Path>, epochs: usize, rng: &ChaCha12Rng) -> Result<(), FileError> {
        let mut checkpoint = Checkpoint::new();
        checkpoint.put("model", &self.model).put("optimizer", &self.optimizer);
        checkpoint.put_scalars("optimizer", &self.optimizer).put_rng("rng", rng);
        checkpoint.put_number("epochs", epochs as f64).put_number("steps", self.steps() as f64);
        checkpoint.save(file)
    }

    /// Goes back to what was saved; gives the number of epochs that were done by then.
    ///
    /// # Errors
    /// If the file cannot be read, or was saved of another model or optimiser. Nothing has changed then.
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
