//! Checkpoints: named parts in one file.

use super::entry::{Entry, Stored};
use super::format;
use crate::data::{Fault, FileError, Place, replace_file};
use crate::optim::Scalars;
use autodiff::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha12Rng;
use safetensors::Dtype;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// Named parts of a training in one file: trees of tensors, optimisers with their scalars, numbers, and the state of a
/// random generator.
///
/// Training depends only on the trees, the [`Scalars`] and the generator. So training that continues from a checkpoint
/// gives the same bits as training without interruption; [`Trainer::save`](crate::Trainer::save) saves all of it. The
/// generator must be one whose state can be read: [`ChaCha12Rng`], which draws the same numbers as `StdRng` from the
/// same seed.
///
/// Everything in the file is a tensor: numbers are `F64` of rank 0, a generator is `U8` \[49\].
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Adam, store::Checkpoint};
/// # let file = std::env::temp_dir().join(format!("nn-checkpoint-doc-{}.safetensors", std::process::id()));
/// let (model, adam) = (Tensor::<f32>::ones([3]), Adam::new(&Tensor::<f32>::ones([3]), 1e-3));
/// let mut checkpoint = Checkpoint::new();
/// checkpoint.put("model", &model).put("optimizer", &adam).put_scalars("optimizer", &adam).put_number("epoch", 7.0);
/// checkpoint.save(&file)?;
///
/// let checkpoint = Checkpoint::open(&file)?;
/// let mut model = Tensor::<f32>::zeros([3]);
/// checkpoint.get("model", &mut model)?;
/// assert_eq!(model.to_vec(), [1.0; 3]);
/// assert_eq!(checkpoint.number("epoch")?, 7.0);
/// assert_eq!(checkpoint.number("optimizer.rate")?, 1e-3);
/// # std::fs::remove_file(&file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Checkpoint {
    /// The file that it was opened from, for errors.
    file: PathBuf,
    entries: BTreeMap<String, Entry>,
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
        let entries = bytes.and_then(|bytes| format::parse(&bytes)).map_err(|fault| fault.of(&file))?;
        Ok(Self { file, entries })
    }

    /// Writes or replaces the file in one step. The same parts give the same bytes.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written. An old file then stays as it was.
    pub fn save(&self, file: impl AsRef<Path>) -> Result<(), FileError> {
        let bytes = safetensors::serialize(&self.entries, None).map_err(|error| io::Error::other(error.to_string()));
        let written = bytes.and_then(|bytes| replace_file(&file, &bytes));
        written.map_err(|error| Fault::Io(error).of(file.as_ref()))
    }

    /// Adds the leaves of a tree under the name of the part and their paths.
    ///
    /// # Panics
    /// Panics if there already is a tensor with this name.
    #[track_caller]
    pub fn put<T: Stored>(&mut self, part: &str, tree: &impl Tree<Leaf = Tensor<T>>) -> &mut Self {
        let mut entries = Vec::new();
        tree.visit(&mut |path, leaf| entries.push((join(part, &path.to_string()), Entry::of(leaf))));
        entries.into_iter().for_each(|(name, entry)| self.insert(name, entry));
        self
    }

    /// Adds the scalars of an optimiser under the name of the part and their own.
    ///
    /// # Panics
    /// Panics if there already is a part with this name.
    #[track_caller]
    pub fn put_scalars(&mut self, part: &str, of: &(impl Scalars + Clone)) -> &mut Self {
        let mut numbers = Vec::new();
        of.clone().visit_scalars(&mut |name, number| numbers.push((join(part, name), *number)));
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
    fn insert(&mut self, name: String, entry: Entry) {
        assert!(!self.entries.contains_key(&name), "Checkpoint: there already is a tensor {name}");
        self.entries.insert(name, entry);
    }

    /// Writes the leaves of a part into a tree of the same structure.
    ///
    /// # Errors
    /// Returns an error if a leaf is missing, or has another shape or element type. The tree is then unchanged.
    pub fn get<T: Stored>(&self, part: &str, tree: &mut impl Tree<Leaf = Tensor<T>>) -> Result<(), FileError> {
        let names: Vec<String> = tree.paths().iter().map(|path| join(part, path)).collect();
        let entries =
            tree.leaves().into_iter().zip(&names).map(|(leaf, name)| self.entry(name, T::DTYPE, leaf.shape()));
        let entries: Vec<&Entry> = entries.collect::<Result<_, _>>()?;
        let mut entries = entries.iter();
        tree.visit_mut(&mut |_, leaf| {
            let entry = entries.next().expect("an entry for each leaf");
            *leaf = Tensor::from_vec(leaf.shape().clone(), T::read(&entry.bytes));
        });
        Ok(())
    }

    /// Writes the scalars of a part into an optimiser.
    ///
    /// # Errors
    /// Returns an error if one is missing, or is not a number. The optimiser is then unchanged.
    pub fn get_scalars(&self, part: &str, of: &mut (impl Scalars + Clone)) -> Result<(), FileError> {
        let mut names = Vec::new();
        of.clone().visit_scalars(&mut |name, _| names.push(join(part, name)));
        let numbers: Vec<f64> = names.iter().map(|name| self.number(name)).collect::<Result<_, _>>()?;
        let mut numbers = numbers.into_iter();
        of.visit_scalars(&mut |_, number| *number = numbers.next().expect("a number for each counter"));
        Ok(())
    }

    /// Reads a number.
    ///
    /// # Errors
    /// Returns an error if it is missing, or is not a number.
    pub fn number(&self, name: &str) -> Result<f64, FileError> {
        Ok(f64::read(&self.entry(name, Dtype::F64, &[])?.bytes)[0])
    }

    /// Reads a count.
    ///
    /// # Errors
    /// Returns an error if it is missing, or is not a whole number below 2⁵³.
    pub fn count(&self, name: &str) -> Result<usize, FileError> {
        let found = self.number(name)?;
        match found >= 0.0 && found.fract() == 0.0 && found < 2f64.powi(53) {
            true => Ok(found as usize),
            false => Err(self.misfit(name, found.to_string(), "a whole number from 0 to below 2⁵³")),
        }
    }

    /// Reads the state of a generator.
    ///
    /// # Errors
    /// Returns an error if it is missing, or is not the state of a generator.
    pub fn rng(&self, name: &str) -> Result<ChaCha12Rng, FileError> {
        let mut state = ChaCha12Rng::seed_from_u64(0).serialize_state();
        let entry = self.entry(name, Dtype::U8, &[state.len()])?;
        state.copy_from_slice(&entry.bytes);
        Ok(ChaCha12Rng::deserialize_state(&state))
    }

    /// The names of all tensors, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// An error if there is a tensor that a tree with the given paths does not have.
    pub(super) fn check_all_known(&self, paths: &[String]) -> Result<(), FileError> {
        let known: BTreeSet<String> = paths.iter().map(|path| join("", path)).collect();
        match self.entries.keys().find(|name| !known.contains(*name)) {
            // A file with other names also lacks ours; the missing name is the better error.
            Some(name) if known.iter().all(|name| self.entries.contains_key(name)) => {
                Err(self.misfit(name, self.entries[name].to_string(), "no tensor with that name"))
            }
            _ => Ok(()),
        }
    }

    /// The entry with this name, if it has the expected type and shape; nothing is converted silently.
    fn entry(&self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&Entry, FileError> {
        let expected = format!("{dtype} {shape:?}");
        match self.entries.get(name) {
            Some(entry) if (entry.dtype, &entry.shape[..]) == (dtype, shape) => Ok(entry),
            Some(entry) => Err(self.misfit(name, entry.to_string(), expected)),
            None => Err(self.misfit(name, "nothing", expected)),
        }
    }

    fn misfit(&self, name: &str, found: impl Into<String>, expected: impl Into<String>) -> FileError {
        Fault::content(Place::Tensor(name.to_owned()), found, expected).of(&self.file)
    }
}

/// The name of a leaf in a part; a single tensor without a part is `value`.
fn join(part: &str, path: &str) -> String {
    match (part, path) {
        ("", "") => "value".to_owned(),
        ("", name) | (name, "") => name.to_owned(),
        (part, path) => format!("{part}.{path}"),
    }
}
