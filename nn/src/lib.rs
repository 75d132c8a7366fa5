//! Neural networks on the tape of [`autodiff`].
//!
//! A model is a tree of values and a function: a plain struct that is generic over its values, and a `forward` that is
//! generic with it. With tensors it is inference, without any tape; with variables it is recorded; its gradient is a
//! model again. There is no registry of parameters, no mode, and no randomness but from a generator that is passed in.
//! A loss is a function of variables, so a user's own one is written and treated like those here.
//!
//! ```
//! use autodiff::prelude::*;
//! use nn::{Adam, Init, Mlp, Trainer, Transfer, data::Digits, loss, metrics};
//! use rand::{SeedableRng, rngs::StdRng};
//!
//! let rng = &mut StdRng::seed_from_u64(0);
//! let Digits { train, test } = Digits::<f32>::load();
//! let mlp = Mlp::new(&[64, 32, 10], Transfer::Relu, Init::HeNormal, rng);
//! let mut trainer = Trainer::new(mlp, |mlp| Adam::new(mlp, 1e-2));
//! for _epoch in 0..3 {
//!     trainer.epoch(&train, 32, rng, |tape, mlp, batch| {
//!         loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
//!     });
//! }
//! assert!(metrics::accuracy(&trainer.model.forward(&test.x), &test.labels) > 0.9);
//! ```
#![forbid(unsafe_code)]

pub mod autoencoder;
pub mod data;
mod files;
mod gram;
pub mod hebb;
mod init;
mod linear;
pub mod loss;
pub mod matrix_form;
pub mod metrics;
mod mlp;
mod neuron;
pub mod noise;
mod optim;
pub mod penalty;
pub mod perceptron;
mod probe;
pub mod schedule;
#[cfg(feature = "store")]
pub mod store;
mod summary;
pub mod threshold;
mod train;
mod transfer;

pub use autoencoder::{Autoencoder, TiedAutoencoder};
pub use files::{Fault, FileError, Place, replace_file};
pub use gram::square_of_product;
pub use init::Init;
pub use linear::Linear;
pub use mlp::Mlp;
pub use neuron::Neuron;
pub use optim::{Adagrad, Adam, Lbfgs, Optimizer, RmsProp, Scalars, Sgd, clip_norm, clip_value};
pub use probe::probe_accuracy;
pub use summary::{Layer, Summary};
pub use train::{Best, History, Means, NotFinite, Plan, Status, Terms, Trainer};
pub use transfer::Transfer;
