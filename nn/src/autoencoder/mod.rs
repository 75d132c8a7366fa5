//! Autoencoders: networks that learn codes by reconstructing their input.
//!
//! An encoder φ computes a code h = φ(x), and a decoder ψ computes a reconstruction ψ(h). Both are trained to make it
//! close to x. The kinds differ in what keeps them from learning the identity:
//!
//! | kind | constraint on the code | module or type |
//! |---|---|---|
//! | undercomplete | fewer units than x has | [`Autoencoder`], [`TiedAutoencoder`] |
//! | denoising | computed from a corrupted x | [`denoising`] |
//! | sparse | a penalty on activity | [`sparse`] |
//! | k-sparse | all but k units are 0 | [`k_sparse`] |
//! | contractive | a penalty on its derivative with respect to x | [`contractive`] |
//! | variational | a distribution close to a given one | [`variational`] |
//! | stacked | a code of a code | [`stacked`] |
//!
//! Penalties and losses are functions of values, added up in the loss of a training step. So the kinds combine freely,
//! also with your own penalties.

mod basic;
pub mod contractive;
pub mod denoising;
pub mod k_sparse;
pub mod small_noise;
pub mod sparse;
pub mod stacked;
pub mod variational;

pub use basic::{Autoencoder, EncoderDecoder, TiedAutoencoder};
