//! Networks as trees of values: layers, transfer functions and multilayer perceptrons.
//!
//! Here belong the parts of a network, its initial weights, its diagram and a table of its parameters, and
//! backpropagation by matrices. Losses, optimisers and training do not belong here. This is the lowest room: it uses
//! nothing else of this crate.

pub(crate) mod diagram;
mod init;
mod input;
mod linear;
pub mod matrix_form;
mod mlp;
#[cfg(feature = "serde")]
mod serde;
mod summary;
mod transfer;

pub use init::Init;
pub(crate) use input::Input;
pub use linear::Linear;
pub use mlp::Mlp;
pub(crate) use mlp::check_sizes;
pub use summary::{Layer, Summary};
pub use transfer::{Mixed, Transfer, TransferFunction};
