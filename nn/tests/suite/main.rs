//! All integration tests in one program, since linking many programs takes longer than running them.

mod autoencoders;
mod contractive;
mod corrupt;
mod data;
mod determinism;
mod diagrams;
#[cfg(feature = "files")]
mod files;
mod fit;
mod folder;
mod groups;
#[cfg(all(unix, feature = "store"))]
mod killed;
mod loss;
mod loss_orders;
mod masked;
mod matrix_form;
#[cfg(feature = "npy")]
mod numpy;
mod own_transfer;
mod panics;
mod penalties;
mod perceptron;
mod ranks;
mod readers;
#[cfg(feature = "store")]
mod resume;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "files")]
mod tables;
mod training;
mod transfer_table;
mod units;
