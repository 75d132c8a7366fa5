//! Checkpoints: named parts in one file.

use super::entry::{Entry, Stored};
use super::format::{self, Named};
use crate::data::{Fault, FileError, Place, replace_file};
use crate::optim::{Domain, Scalars, State};
use autodiff::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;
use safetensors::Dtype;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Named parts of a training in one file: trees of tensors with their settings, optimisers, numbers, and the state of a
/// random generator.
///
/// Training depends only on the trees, the [`State`] of optimisers and schedules, and the generator. So training that
/// continues from a checkpoint gives the same bits as training without interruption;
/// [`Trainer::save`](crate::Trainer::save) saves all of it. The generator must be one whose state can be read:
/// `nn::store::ChaCha12Rng`, which draws the same numbers as `StdRng` from the same seed.
///
/// Each part is read by the method that mirrors the one that put it. [`finish`](Checkpoint::finish) then refuses what
/// was not read: a file of a deeper model, or of another optimiser.
///
/// Numbers are tensors `F64` of rank 0, and a generator is `U8` \[49\]. Settings, such as transfer functions, are text in
/// the metadata of the file, which other programs ignore.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, Optimizer, store::Checkpoint};
/// # let file = std::env::temp_dir().join(format!("nn-checkpoint-doc-{}.safetensors", std::process::id()));
/// let (model, adam) = (Tensor::<f32>::ones([3]), Adam::new(1e-3));
/// let mut checkpoint = Checkpoint::new();
/// checkpoint.put("model", &model).put_state("optimizer", &adam, &model).put_number("epoch", 7.0);
/// checkpoint.save(&file)?;
///
/// let mut checkpoint = Checkpoint::open(&file)?;
/// let (mut model, mut adam) = (Tensor::<f32>::zeros([3]), Adam::new(1.0));
/// checkpoint.get("model", &mut model)?;
/// checkpoint.get_state("optimizer", &mut adam, &model)?;
/// assert_eq!((model.to_vec(), adam.rate()), (vec![1.0; 3], 1e-3));
/// let unread = checkpoint.finish().unwrap_err().fault.to_string();
/// assert_eq!(unread, "tensor epoch: F64 [], but no tensor with that name was expected");
/// assert_eq!(checkpoint.number("epoch")?, 7.0);
/// checkpoint.finish()?;
/// # std::fs::remove_file(&file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Checkpoint {
    /// The file that it was opened from, for errors.
    file: PathBuf,
    entries: Named<Entry>,
    settings: Named<String>,
    /// The names of the entries and settings that were read.
    read: BTreeSet<String>,
}

impl Checkpoint {
    /// A checkpoint without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file. Memory is allocated by the length of the file, never by what its header says.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or is not in the safetensors format.
    pub fn open(file: impl AsRef<Path>) -> Result<Self, FileError> {
        let file = file.as_ref().to_owned();
        let bytes = std::fs::read(&file).map_err(Fault::Io);
        let parsed = bytes.and_then(|bytes| format::parse(&bytes)).map_err(|fault| fault.of(&file));
        let (entries, settings) = parsed?;
        Ok(Self { file, entries, settings, read: BTreeSet::new() })
    }

    /// Writes or replaces the file in one step. The same parts give the same bytes.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written. An old file then stays as it was.
    pub fn save(&self, file: impl AsRef<Path>) -> Result<(), FileError> {
        let bytes = format::write(&self.entries, &self.settings);
        let bytes = bytes.map_err(|error| io::Error::other(error.to_string()));
        let written = bytes.and_then(|bytes| replace_file(&file, &bytes));
        written.map_err(|error| Fault::Io(error).of(file.as_ref()))
    }

    /// Adds the leaves and the settings of a tree under the name of the part and their paths.
    ///
    /// # Panics
    /// Panics if there already is a tensor or a setting with this name.
    #[track_caller]
    pub fn put<T: Stored>(&mut self, part: &str, tree: &impl Tree<Leaf = Tensor<T>>) -> &mut Self {
        let mut entries = Vec::new();
        tree.visit(&mut |path, leaf| entries.push((join(part, &path.to_string()), Entry::of(leaf))));
        entries.into_iter().for_each(|(name, entry)| self.insert(name, entry));
        settings(part, tree).into_iter().for_each(|(name, text)| self.put_setting(name, text));
        self
    }

    /// Adds the scalars, the tensors and the settings of an optimiser for a model under the name of the part and their own.
    ///
    /// # Panics
    /// Panics if there already is a part with this name.
    #[track_caller]
    pub fn put_state<T: Stored>(
        &mut self,
        part: &str,
        state: &(impl State<Tensor<T>> + Clone),
        model: &impl Tree<Leaf = Tensor<T>>,
    ) -> &mut Self {
        let (mut state, mut tensors) = (state.clone(), Vec::new());
        for (name, text) in state_settings(part, &mut state, model) {
            self.put_setting(name, text);
        }
        state.prepare(model);
        state.visit_tensors(&mut |name, _, tensor| tensors.push((join(part, name), Entry::of(tensor))));
        tensors.into_iter().for_each(|(name, entry)| self.insert(name, entry));
        self.put_scalars(part, &state)
    }

    /// Adds the scalars of a schedule under the name of the part and their own.
    ///
    /// # Panics
    /// Panics if there already is a part with this name.
    #[track_caller]
    pub fn put_scalars(&mut self, part: &str, of: &(impl Scalars + Clone)) -> &mut Self {
        let mut numbers = Vec::new();
        of.clone().visit_scalars(&mut |name, _, number| numbers.push((join(part, name), *number)));
        numbers.into_iter().for_each(|(name, number)| self.insert(name, Entry::of(&Tensor::scalar(number))));
        self
    }

    /// Adds a number.
    ///
    /// # Panics
    /// Panics if there already is a part with this name.
    #[track_caller]
    pub fn put_number(&mut self, name: &str, number: f64) -> &mut Self {
        self.insert(name.to_owned(), Entry::of(&Tensor::scalar(number)));
        self
    }

    /// Adds the state of a generator: its seed, its stream and its position.
    ///
    /// # Panics
    /// Panics if there already is a part with this name.
    #[track_caller]
    pub fn put_rng(&mut self, name: &str, rng: &ChaCha12Rng) -> &mut Self {
        let bytes = rng.serialize_state().to_vec();
        self.insert(name.to_owned(), Entry { dtype: Dtype::U8, shape: vec![bytes.len()], bytes });
        self
    }

    #[track_caller]
    pub(super) fn put_setting(&mut self, name: String, text: String) {
        assert!(!self.settings.contains_key(&name), "Checkpoint: there already is a setting {name}");
        self.settings.insert(name, text);
    }

    #[track_caller]
    fn insert(&mut self, name: String, entry: Entry) {
        assert!(!self.entries.contains_key(&name), "Checkpoint: there already is a tensor {name}");
        self.entries.insert(name, entry);
    }

    /// Writes the leaves of a part into a tree of the same structure.
    ///
    /// # Errors
    /// Returns an error if a leaf is missing, or has another shape or element type, or if a setting is missing or
    /// another. The tree is then unchanged.
    pub fn get<T: Stored>(&mut self, part: &str, tree: &mut impl Tree<Leaf = Tensor<T>>) -> Result<(), FileError> {
        let leaves = self.leaves(part, tree)?;
        self.check_settings(settings(part, tree))?;
        write(tree, leaves);
        Ok(())
    }

    /// Writes the leaves of a tree that is the only part. A file of another program has no settings.
    pub(super) fn get_all<T: Stored>(&mut self, tree: &mut impl Tree<Leaf = Tensor<T>>) -> Result<(), FileError> {
        let leaves = self.leaves("", tree)?;
        if !self.settings.is_empty() {
            self.check_settings(settings("", tree))?;
        }
        self.finish()?;
        write(tree, leaves);
        Ok(())
    }

    fn check_settings(&mut self, settings: Vec<(String, String)>) -> Result<(), FileError> {
        for (name, expected) in settings {
            let found = self.setting(&name, &expected)?;
            if found != expected {
                return Err(Fault::content(Place::Setting(name), found, expected).of(&self.file));
            }
        }
        Ok(())
    }

    fn leaves<T: Stored>(
        &mut self,
        part: &str,
        tree: &impl Tree<Leaf = Tensor<T>>,
    ) -> Result<Vec<Tensor<T>>, FileError> {
        let expected = tree.leaves().into_iter().zip(tree.paths());
        expected.map(|(leaf, path)| self.tensor(&join(part, &path), leaf.shape())).collect()
    }

    /// Writes the state of an optimiser for a model.
    ///
    /// # Errors
    /// Returns an error if a scalar or a tensor is missing, has another shape or element type, or is not possible, or if a
    /// setting is another, such as the leaves of a [group](crate::Groups). The state is then unchanged.
    pub fn get_state<T: Stored>(
        &mut self,
        part: &str,
        state: &mut (impl State<Tensor<T>> + Clone),
        model: &impl Tree<Leaf = Tensor<T>>,
    ) -> Result<(), FileError> {
        let mut restored = state.clone();
        self.check_settings(state_settings(part, &mut restored, model))?;
        self.get_scalars(part, &mut restored)?;
        restored.prepare(model);
        let mut result = Ok(());
        restored.visit_tensors(&mut |name, domain, tensor| {
            if result.is_ok() {
                let read = self.possible(&join(part, name), tensor.shape(), domain);
                result = read.map(|read| *tensor = read);
            }
        });
        result?;
        *state = restored;
        Ok(())
    }

    /// Writes the scalars of a part into a schedule.
    ///
    /// # Errors
    /// Returns an error if one is missing, is not a number, or is not possible. The schedule is then unchanged.
    pub fn get_scalars(&mut self, part: &str, of: &mut (impl Scalars + Clone)) -> Result<(), FileError> {
        let (mut restored, mut result) = (of.clone(), Ok(()));
        restored.visit_scalars(&mut |name, domain, number| {
            if result.is_ok() {
                result = self.number_in(&join(part, name), domain).map(|read| *number = read);
            }
        });
        result?;
        *of = restored;
        Ok(())
    }

    /// Reads a number.
    ///
    /// # Errors
    /// Returns an error if it is missing, or is not a number.
    pub fn number(&mut self, name: &str) -> Result<f64, FileError> {
        Ok(f64::read(&self.entry(name, Dtype::F64, &[])?.bytes)[0])
    }

    /// Reads a count.
    ///
    /// # Errors
    /// Returns an error if it is missing, or is not a whole number below 2⁵³.
    pub fn count(&mut self, name: &str) -> Result<usize, FileError> {
        let found = self.number(name)?;
        match found >= 0.0 && found.fract() == 0.0 && found < 2f64.powi(53) {
            true => Ok(found as usize),
            false => Err(self.misfit(name, found.to_string(), "a whole number from 0 to below 2⁵³")),
        }
    }

    pub(super) fn number_in(&mut self, name: &str, domain: Domain) -> Result<f64, FileError> {
        let found = self.number(name)?;
        match domain.contains(found) {
            true => Ok(found),
            false => Err(self.misfit(name, found.to_string(), domain.to_string())),
        }
    }

    /// Reads the state of a generator.
    ///
    /// # Errors
    /// Returns an error if it is missing, or is not the state of a generator.
    pub fn rng(&mut self, name: &str) -> Result<ChaCha12Rng, FileError> {
        let mut state = ChaCha12Rng::seed_from_u64(0).serialize_state();
        let entry = self.entry(name, Dtype::U8, &[state.len()])?;
        state.copy_from_slice(&entry.bytes);
        let rng = ChaCha12Rng::deserialize_state(&state);
        // Some bits of a state are always 0.
        match rng.serialize_state() == state {
            true => Ok(rng),
            false => Err(self.misfit(name, "other bytes", "the state of a generator")),
        }
    }

    /// The names of all tensors, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Checks that everything was read.
    ///
    /// # Errors
    /// Returns an error that names the first tensor or setting that was not read.
    pub fn finish(&self) -> Result<(), FileError> {
        if let Some((name, entry)) = self.entries.iter().find(|(name, _)| !self.read.contains(*name)) {
            return Err(self.misfit(name, entry.to_string(), "no tensor with that name"));
        }
        match self.settings.iter().find(|(name, _)| !self.read.contains(*name)) {
            Some((name, text)) => {
                Err(Fault::content(Place::Setting(name.clone()), text, "no setting with that name").of(&self.file))
            }
            None => Ok(()),
        }
    }

    /// Reads a setting; `expected` is for the error if there is none.
    pub(super) fn setting(&mut self, name: &str, expected: &str) -> Result<String, FileError> {
        let Some(text) = self.settings.get(name) else {
            return Err(Fault::content(Place::Setting(name.to_owned()), "nothing", expected).of(&self.file));
        };
        self.read.insert(name.to_owned());
        Ok(text.clone())
    }

    pub(super) fn tensor<T: Stored>(&mut self, name: &str, shape: &Shape) -> Result<Tensor<T>, FileError> {
        let entry = self.entry(name, T::DTYPE, shape)?;
        Ok(Tensor::from_vec(shape.clone(), T::read(&entry.bytes)))
    }

    /// A tensor whose elements are all possible.
    fn possible<T: Stored>(&mut self, name: &str, shape: &Shape, domain: Domain) -> Result<Tensor<T>, FileError> {
        let tensor = self.tensor::<T>(name, shape)?;
        let impossible = tensor.iter().map(T::to_f64).find(|&x| !domain.contains(x));
        match impossible {
            Some(x) => Err(self.misfit(name, format!("{x} among its elements"), domain.to_string())),
            None => Ok(tensor),
        }
    }

    /// The entry with this name, if it has the expected type and shape; nothing is converted silently.
    fn entry(&mut self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&Entry, FileError> {
        let expected = format!("{dtype} {shape:?}");
        match self.entries.get(name) {
            Some(entry) if (entry.dtype, &entry.shape[..]) == (dtype, shape) => {
                self.read.insert(name.to_owned());
                Ok(entry)
            }
            Some(entry) => Err(self.misfit(name, entry.to_string(), expected)),
            None => Err(self.misfit(name, format!("nothing ({})", self.held_beside(name)), expected)),
        }
    }

    /// Says which tensors the file holds. Those whose names end with a missing one come first, as `model.layers.0.weight`
    /// beside `layers.0.weight`, then those that begin like it.
    fn held_beside(&self, missing: &str) -> String {
        const SHOWN: usize = 3;
        let alike = |name: &&str| {
            let common = name.bytes().zip(missing.bytes()).take_while(|(a, b)| a == b).count();
            std::cmp::Reverse((name.ends_with(missing), common))
        };
        let mut names: Vec<&str> = self.names().collect();
        names.sort_by_key(alike);
        match (names.len(), names[..names.len().min(SHOWN)].join(", ")) {
            (0, _) => "the file holds no tensor".to_owned(),
            (n, shown) if n > SHOWN => format!("the file holds {shown} and {} more", n - SHOWN),
            (_, shown) => format!("the file holds {shown}"),
        }
    }

    pub(super) fn misfit(&self, name: &str, found: impl Into<String>, expected: impl Into<String>) -> FileError {
        Fault::content(Place::Tensor(name.to_owned()), found, expected).of(&self.file)
    }
}

fn write<T: Element>(tree: &mut impl Tree<Leaf = Tensor<T>>, leaves: Vec<Tensor<T>>) {
    let mut leaves = leaves.into_iter();
    tree.visit_mut(&mut |_, leaf| *leaf = leaves.next().expect("a tensor for each leaf"));
}

/// The settings of a tree as text, each on one line.
fn settings(part: &str, tree: &impl Tree) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    tree.visit_settings(&mut |path, setting| {
        settings.push((join(part, &path.to_string()), one_line(&format!("{setting:?}"))));
    });
    settings
}

/// The settings of an optimiser for a model, each on one line.
fn state_settings<T: Element>(
    part: &str,
    state: &mut impl State<Tensor<T>>,
    model: &impl Tree<Leaf = Tensor<T>>,
) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    state.visit_settings(model, &mut |name, text| settings.push((join(part, name), one_line(&text))));
    settings
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

/// The name of a leaf in a part; a single tensor without a part is `value`.
fn join(part: &str, path: &str) -> String {
    match (part, path) {
        ("", "") => "value".to_owned(),
        ("", name) | (name, "") => name.to_owned(),
        (part, path) => format!("{part}.{path}"),
    }
}
