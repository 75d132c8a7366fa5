//! The basic autoencoder, with a decoder of its own or with tied weights.

mod diagram;
mod encoder_decoder;
mod tied;
mod untied;

pub use encoder_decoder::EncoderDecoder;
pub use tied::TiedAutoencoder;
pub use untied::Autoencoder;
