//! Saving and restoring a training.

use super::checkpoint::Checkpoint;
use super::entry::Stored;
use crate::data::FileError;
use crate::optim::{Domain, Optimizer, State};
use crate::train::{Best, Clip, Counters, History, Run, Trainer};
use autodiff::prelude::*;
use rand::rngs::ChaCha12Rng;
use std::path::Path;

impl<T, M, O> Trainer<M, O>
where
    T: Stored,
    M: Tree<Leaf = Tensor<T>> + Clone,
    O: Optimizer<Tensor<T>> + State<Tensor<T>> + Clone,
{
    /// Saves all that the training depends on: the model with its settings, the optimiser, the limit of the gradients, the
    /// counters, the generator, and in the hook of [`fit`](Trainer::fit) the state of the run. Training from there gives the
    /// same bits as training without interruption. The [module's documentation](crate::store) shows a whole program.
    ///
    /// The generator is an `nn::store::ChaCha12Rng`, made by `ChaCha12Rng::seed_from_u64(seed)`. It draws the numbers of
    /// `StdRng`, whose state cannot be read.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written. An old file then stays as it was.
    pub fn save(&self, file: impl AsRef<Path>, rng: &ChaCha12Rng) -> Result<(), FileError> {
        self.checkpoint(rng).save(file)
    }

    /// The parts that [`save`](Trainer::save) writes: `model`, `optimizer`, `rng`, `steps` and `epochs`, and inside a run of
    /// `fit` also `fit.best`, the best model, and the rest of its state. A program adds its own, such as a
    /// [`Plateau`](crate::schedule::Plateau), before it saves them.
    pub fn checkpoint(&self, rng: &ChaCha12Rng) -> Checkpoint {
        let mut checkpoint = Checkpoint::new();
        checkpoint.put("model", &self.model).put_state("optimizer", &self.optimizer, &self.model).put_rng("rng", rng);
        let Counters { steps, epochs } = self.counters;
        checkpoint.put_number("steps", steps as f64).put_number("epochs", epochs as f64);
        match self.clip {
            Some(Clip::Norm(limit)) => _ = checkpoint.put_number(CLIP_NORM, limit),
            Some(Clip::Value(limit)) => _ = checkpoint.put_number(CLIP_VALUE, limit),
            None => {}
        }
        if let Some(run) = &self.run {
            put_run(&mut checkpoint, run);
        }
        checkpoint
    }

    /// Restores the saved state of the trainer and of the generator, an `nn::store::ChaCha12Rng`. The trainer is made as in
    /// the program that saved it, and gets the numbers of the file: the weights, the state and the settings of the optimiser,
    /// its learning rate too.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, if a part of it is missing or not possible, if it holds another model
    /// or optimiser, or if it holds more. Nothing has changed then.
    pub fn restore(&mut self, file: impl AsRef<Path>, rng: &mut ChaCha12Rng) -> Result<(), FileError> {
        let mut checkpoint = Checkpoint::open(file)?;
        let restored = self.read(&mut checkpoint)?;
        checkpoint.finish()?;
        self.accept(restored, rng);
        Ok(())
    }

    /// Restores the parts of [`checkpoint`](Trainer::checkpoint) and leaves the program's own parts to be read.
    ///
    /// # Errors
    /// Returns an error as [`restore`](Trainer::restore), but not if the checkpoint holds more.
    pub fn restore_from(&mut self, checkpoint: &mut Checkpoint, rng: &mut ChaCha12Rng) -> Result<(), FileError> {
        let restored = self.read(checkpoint)?;
        self.accept(restored, rng);
        Ok(())
    }

    fn read(&self, checkpoint: &mut Checkpoint) -> Result<Restored<M, O>, FileError> {
        let (mut model, mut optimizer) = (self.model.clone(), self.optimizer.clone());
        checkpoint.get("model", &mut model)?;
        checkpoint.get_state("optimizer", &mut optimizer, &model)?;
        let counters = Counters { steps: checkpoint.count("steps")?, epochs: checkpoint.count("epochs")? };
        let rng = checkpoint.rng("rng")?;
        let (clip, run) = (get_clip(checkpoint)?, get_run(checkpoint, &model)?);
        Ok(Restored { model, optimizer, counters, clip, rng, run })
    }

    fn accept(&mut self, restored: Restored<M, O>, rng: &mut ChaCha12Rng) {
        *rng = restored.rng;
        (self.model, self.optimizer) = (restored.model, restored.optimizer);
        (self.counters, self.clip, self.run) = (restored.counters, restored.clip, restored.run);
    }
}

/// The state in a file.
struct Restored<M, O> {
    model: M,
    optimizer: O,
    counters: Counters,
    clip: Option<Clip>,
    rng: ChaCha12Rng,
    run: Option<Run<M>>,
}

const CLIP_NORM: &str = "clip_norm";
const CLIP_VALUE: &str = "clip_value";

/// The limit of the gradients, if the file holds one.
fn get_clip(checkpoint: &mut Checkpoint) -> Result<Option<Clip>, FileError> {
    let mut limit = |name: &str| {
        let held = checkpoint.names().any(|known| known == name);
        held.then(|| checkpoint.number_in(name, Domain::Positive)).transpose()
    };
    let (norm, value) = (limit(CLIP_NORM)?, limit(CLIP_VALUE)?);
    Ok(norm.map(Clip::Norm).or(value.map(Clip::Value)))
}

const EPOCH: &str = "fit.epoch";
const BATCHES: &str = "fit.batches";
const FIGURE: &str = "fit.best_figure";
const WAITED: &str = "fit.waited";
const BEST: &str = "fit.best";
const HISTORY: &str = "fit.history";

fn put_run<T: Stored, M: Tree<Leaf = Tensor<T>> + Clone>(checkpoint: &mut Checkpoint, run: &Run<M>) {
    let Run { batches, epoch, best, history } = run;
    checkpoint.put_setting(BATCHES.to_owned(), batches.clone());
    checkpoint.put_number(EPOCH, *epoch as f64).put_number(FIGURE, best.figure());
    checkpoint.put_number(WAITED, best.waited() as f64);
    if let Some(model) = best.model() {
        checkpoint.put(BEST, model);
    }
    for (i, name) in history.names().enumerate() {
        checkpoint.put(&format!("{HISTORY}.{i}.{name}"), &Tensor::from(history.column(name).to_vec()));
    }
}

/// The run that was not over, if the file holds one.
fn get_run<T, M>(checkpoint: &mut Checkpoint, model: &M) -> Result<Option<Run<M>>, FileError>
where
    T: Stored,
    M: Tree<Leaf = Tensor<T>> + Clone,
{
    if checkpoint.names().all(|name| name != EPOCH) {
        return Ok(None);
    }
    let batches = checkpoint.setting(BATCHES, "the batches of a run")?;
    let (epoch, waited) = (checkpoint.count(EPOCH)?, checkpoint.count(WAITED)?);
    if waited > epoch {
        return Err(checkpoint.misfit(WAITED, waited.to_string(), format!("no more than the {epoch} epochs")));
    }
    let figure = checkpoint.number_in(FIGURE, Domain::NotNan)?;
    // Before the first figure that counts, the lowest is infinite and there is no model.
    let best = match figure < f64::INFINITY {
        true => {
            let mut best = model.clone();
            checkpoint.get(BEST, &mut best)?;
            Some(best)
        }
        false => None,
    };
    let history = get_history(checkpoint, epoch)?;
    Ok(Some(Run { batches, epoch, best: Best::from_parts(figure, best, waited), history }))
}

fn get_history(checkpoint: &mut Checkpoint, epochs: usize) -> Result<History, FileError> {
    let mut columns: Vec<(usize, String)> = Vec::new();
    for name in checkpoint.names() {
        let column = name.strip_prefix(HISTORY).and_then(|rest| rest.strip_prefix('.'));
        if let Some((i, name)) = column.and_then(|rest| rest.split_once('.')) {
            columns.extend(i.parse().ok().map(|i| (i, name.to_owned())));
        }
    }
    columns.sort_unstable();
    let read = columns.into_iter().enumerate().map(|(position, (i, name))| {
        if i != position {
            return Err(checkpoint.misfit(&format!("{HISTORY}.{position}"), "nothing", "a column of the history"));
        }
        let figures = checkpoint.tensor::<f64>(&format!("{HISTORY}.{i}.{name}"), &[epochs].into())?;
        Ok((name, figures.to_vec()))
    });
    Ok(History::from_columns(epochs, read.collect::<Result<_, _>>()?))
}
