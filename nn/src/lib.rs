//! Neural networks on the tape of [`autodiff`].
//!
//! A model is a tree of values and a function: a plain struct that is generic over its values, and a `forward` that is
//! generic with it. With tensors it is inference, without any tape; with variables it is recorded; its gradient is a
//! model again. There is no registry of parameters, no mode, and no randomness but from a generator that is passed in.
//! A loss is a function of variables, so a user's own one is written and treated like those here.
#![forbid(unsafe_code)]

mod autoencoder;
pub mod data;
mod init;
mod linear;
pub mod loss;
pub mod metrics;
mod mlp;
mod transfer;

pub use autoencoder::Autoencoder;
pub use init::Init;
pub use linear::Linear;
pub use mlp::Mlp;
pub use transfer::Transfer;
