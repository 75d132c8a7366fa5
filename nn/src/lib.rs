//! Neural networks on the tape of [`autodiff`].
//!
//! A model is a plain struct of values with a `forward` method, both generic over the type of the values. With tensors,
//! `forward` runs inference without a tape. With variables, it records, and the gradient is again a model. There is no
//! registry of parameters and no training mode, and all random numbers come from a generator that you pass in. A loss
//! is a function of variables, so your own loss is written and treated like those here.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Adam, Init, Mlp, Trainer, Transfer, data::Digits, loss, metrics};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let Digits { train, test } = Digits::<f32>::load();
//! let mlp = Mlp::new(&[64, 32, 10], Transfer::Relu, Init::HeNormal, rng);
//! let mut trainer = Trainer::new(mlp, Adam::new(1e-2));
//! for _epoch in 0..3 {
//!     trainer.epoch(&train, 32, rng, |_, mlp, batch, _| {
//!         loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels)
//!     })?;
//! }
//! assert!(metrics::accuracy(&trainer.model.forward(&test.x), &test.labels) > 0.9);
//! # Ok::<(), nn::NotFinite>(())
//! ```
//!
//! A network of variables takes plain tensors as constants. A loss that is used twice, for training and for evaluation,
//! is bound to a name by [`Trainer::loss`].
//!
//! The leaves of a model are tensors, or arrays of another library (see [`autodiff::own_arrays`]): optimisers and
//! [`Trainer`] are generic over them.
//!
//! The [`guide`] leads through all of it, from a single neuron to the variational autoencoder, with a program on each
//! page.
//!
//! # Features
//!
//! All are off by default.
//!
//! | feature | what it adds |
//! |---|---|
//! | `files` | CSV tables with numbers and columns of text ([`data`]), histories as files, replacement of files in one step |
//! | `store` | models and checkpoints as safetensors files, resumed trainings; includes `files` |
//! | `gz` | data files that end in `.gz` |
//! | `npy` | arrays from and to numpy's `.npy` and `.npz` files ([`data`]); includes `files` |
//! | `serde` | models, their settings, and optimisers in the formats of `serde`; includes `autodiff/serde` |
//!
//! With `serde`, these are read back bit for bit: every model, `Scaling`, `Imputation`, `Transfer`, `Mixed`, `Init`, `Likelihood` and
//! `Selection`; and `Sgd`, `Adam`, `Adagrad` and `RmsProp` with their [`State`], which is checked as that of a
//! checkpoint is. The page `autodiff::exchange::serde` says how numbers are written. The shapes of a model are checked
//! when it is used.
//!
//! ```
//! # #[cfg(feature = "serde")] {
//! use autodiff::prelude::*;
//! use nn::{Init, Mlp, Transfer};
//! use rand::{SeedableRng, rngs::StdRng};
//! let mlp = Mlp::<Tensor<f32>>::new(&[4, 3, 2], Transfer::Tanh, Init::GlorotUniform, &mut StdRng::seed_from_u64(0));
//! let text = serde_json::to_string(&mlp)?;
//! assert_eq!(serde_json::from_str::<Mlp<Tensor<f32>>>(&text)?, mlp);
//! # }
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Debug builds
//!
//! Without optimisation, a program is 20 to 540 times as slow as with `--release`, and most generic code is compiled in
//! your own crate. These lines in your `Cargo.toml` make it 1.4 to 9 times as slow:
//!
//! ```toml
//! [profile.dev]
//! opt-level = 1
//!
//! [profile.dev.package."*"]
//! opt-level = 3
//! ```
//!
#![forbid(unsafe_code)]

pub mod autoencoder;
pub mod data;
pub mod guide;
pub mod loss;
mod measure;
mod network;
mod optim;
#[cfg(feature = "store")]
pub mod store;
mod train;
mod unit;

pub use autoencoder::{Autoencoder, EncoderDecoder, TiedAutoencoder};
#[cfg(feature = "files")]
pub use data::replace_file;
pub use data::{Fault, FileError, Place};
pub use loss::{noise, penalty, square_of_product};
pub use measure::{decision_regions, metrics, probe_accuracy};
pub use network::{Init, Layer, Linear, Mixed, Mlp, Summary, Transfer, TransferFunction, matrix_form};
pub use optim::{
    Adagrad, Adam, Domain, Groups, Lbfgs, Optimizer, RmsProp, Scalars, Sgd, State, clip_norm, clip_value, schedule,
};
/// The random generators that initialisers and trainings take, in the version that fits.
pub use rand;
pub use train::{
    Best, History, HookResult, Loss, Means, NotFinite, OnRanks, Plan, Ranks, Recorder, Status, Trainer, shard,
};
pub use unit::{Neuron, hebb, perceptron, threshold};

/// Compiles and runs the program in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
