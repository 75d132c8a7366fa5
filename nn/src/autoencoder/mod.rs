//! Autoencoders: networks that learn codes by having to reconstruct their input.
//!
//! An encoder φ makes a code h = φ(x), a decoder ψ a reconstruction ψ(h), and both are trained to bring it near x.
//! What keeps them from learning the identity tells the kinds apart:
//!
//! | kind | what constrains the code | where |
//! |---|---|---|
//! | undercomplete | it has fewer units than x | [`Autoencoder`], [`TiedAutoencoder`] |
//! | denoising | it must do with a corrupted x | [`denoising`] |
//! | sparse | a penalty on activity | [`sparse`] |
//! | k-sparse | all but k units are set to 0 | [`k_sparse`] |
//! | contractive | a penalty on its derivative by x | [`contractive`] |
//! | variational | it is a distribution near a given one | [`variational`] |
//! | stacked | it is a code of a code | [`stacked`] |
//!
//! Penalties and losses are functions of values, to be added up in the closure that a training step takes: kinds
//! combine freely, and a user's own stands beside them.
//!
//! Here belong the kinds of autoencoders with their penalties and corruptions. This is the highest room: it may use any
//! other.

mod basic;
pub mod contractive;
pub mod denoising;
mod encoder_decoder;
pub mod k_sparse;
pub mod small_noise;
pub mod sparse;
pub mod stacked;
mod tied;
pub mod variational;

pub use basic::Autoencoder;
pub use encoder_decoder::EncoderDecoder;
pub use tied::TiedAutoencoder;
