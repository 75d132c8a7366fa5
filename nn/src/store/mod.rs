//! Saving and loading of trees of tensors, in the safetensors format.
//!
//! A file holds the leaves under their paths, such as `encoder.layers.0.weight`. Weights are \[out, in\], so PyTorch
//! and this crate read each other's files. Settings, such as transfer functions, are text in the metadata of the file.
//! [`save`] and [`load`] are for a model. [`Trainer::save`](crate::Trainer::save) and
//! [`Trainer::restore`](crate::Trainer::restore) are for a whole training, and a [`Checkpoint`] for one with parts of a
//! program's own.
//!
//! A file is replaced in one step ([`replace_file`](crate::replace_file)). Names, shapes, element types and settings
//! are checked before anything of the model changes.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer, store};
//! use rand::{SeedableRng, rngs::StdRng};
//! # let folder = std::env::temp_dir().join(format!("nn-store-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let file = folder.join("mlp.safetensors");
//! let mlp = Mlp::<Tensor<f32>>::new(&[4, 3, 2], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
//! store::save(&file, &mlp)?;
//!
//! let mut other = Mlp::<Tensor<f32>>::new(&[4, 3, 2], Transfer::Tanh, Init::Constant(0.0), &mut StdRng::seed_from_u64(1));
//! store::load(&file, &mut other)?;
//! assert_eq!(other, mlp);
//!
//! let mut wider = Mlp::<Tensor<f32>>::new(&[4, 5, 2], Transfer::Tanh, Init::Constant(0.0), &mut StdRng::seed_from_u64(1));
//! let error = store::load(&file, &mut wider).unwrap_err();
//! assert_eq!(error.fault.to_string(), "tensor layers.0.weight: F32 [3, 4], but F32 [5, 4] was expected");
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A training is restored before [`fit`](crate::Trainer::fit), and saved in its hook. Its generator is a
//! [`ChaCha12Rng`], since the state of a `StdRng` cannot be read; from the same seed, both draw the same numbers:
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::store::ChaCha12Rng;
//! use nn::data::{Dataset, Digits};
//! use nn::{Adam, Init, Mlp, Plan, Trainer, Transfer, loss};
//! use rand::SeedableRng;
//! use std::{error::Error, path::Path};
//!
//! /// Begins a training, or goes on with the one in the file.
//! fn train(file: &Path, epochs: usize) -> Result<Mlp<Tensor<f32>>, Box<dyn Error>> {
//!     let mut rng = ChaCha12Rng::seed_from_u64(0);
//!     let mlp = Mlp::new(&[64, 16, 10], Transfer::Relu, Init::HeNormal, &mut rng);
//!     let mut trainer = Trainer::new(mlp, Adam::new(0.01));
//!     if file.exists() {
//!         trainer.restore(file, &mut rng)?;
//!     }
//!     let (train, validation) = Digits::load().train.split_every(10);
//!     trainer.fit(&Plan::new(epochs, 64), &train, Some(&validation), &mut rng, |tape, mlp, batch, _| {
//!         loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
//!     }, |trainer, status, rng| {
//!         println!("{status}");
//!         trainer.save(file, rng)?;
//!         Ok::<_, Box<dyn Error>>(())
//!     })?;
//!     Ok(trainer.model)
//! }
//!
//! # let folder = std::env::temp_dir().join(format!("nn-store-fit-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let [whole, halves] = ["whole.safetensors", "halves.safetensors"].map(|name| folder.join(name));
//! train(&halves, 1)?; // an epoch
//! let model = train(&halves, 2)?; // one more
//! assert_eq!(model, train(&whole, 2)?);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn Error>>(())
//! ```

// Here belong the files of models and of whole trainings. Files of data do not belong here. This module may use
// `train`, `data` and `optim`.

mod checkpoint;
mod entry;
mod format;
mod training;

/// The generator of a training that is saved; its state can be read and written.
pub use rand::rngs::ChaCha12Rng;

pub use checkpoint::Checkpoint;
pub use entry::Stored;

use crate::data::FileError;
use autodiff::prelude::*;
use std::path::Path;

/// Saves the leaves and the settings of a tree under their paths. A single tensor gets the name `value`.
///
/// # Errors
/// Returns an error if the file cannot be written. An old file then stays as it was.
///
/// # Panics
/// Panics if two leaves have the same path, which is possible only in a hand-written tree.
#[track_caller]
pub fn save<T: Stored>(file: impl AsRef<Path>, tree: &impl Tree<Leaf = Tensor<T>>) -> Result<(), FileError> {
    let mut checkpoint = Checkpoint::new();
    checkpoint.put("", tree);
    checkpoint.save(file)
}

/// Loads the leaves of a tree with the same structure and the same settings. A file of another program may have no
/// settings.
///
/// # Errors
/// Returns an error if the file cannot be read, is not in the format, lacks a leaf, has an extra tensor, or has one of
/// another shape or element type, or other settings. The tree is then unchanged.
pub fn load<T: Stored>(file: impl AsRef<Path>, tree: &mut impl Tree<Leaf = Tensor<T>>) -> Result<(), FileError> {
    Checkpoint::open(file)?.get_all(tree)
}
