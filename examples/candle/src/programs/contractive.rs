//! An autoencoder 64-24 learns digits with a penalty on the Jacobian of its code, by nested differentiation.

use super::{Trained, on_device};
use crate::array::{Array, Float};
use crate::reading::host_copies;
use autodiff::prelude::*;
use candle_core::Device;
use nn::autoencoder::contractive::{self, Method};
use nn::data::{Dataset, Digits};
use nn::{Adam, Autoencoder, EncoderDecoder, Init, NotFinite, Trainer, Transfer};
use rand::{SeedableRng, rngs::StdRng};

/// Trains for some epochs on 288 images with a factor of the penalty (1/n) Σᵢ ‖∂hᵢ/∂xᵢ‖². The figure is the penalty at
/// the test images.
///
/// # Errors
/// Returns an error if a number in training is not finite.
pub fn contractive<T: Float>(device: &Device, epochs: usize, factor: f64) -> Result<Trained, NotFinite> {
    let rng = &mut StdRng::seed_from_u64(0);
    let (_, images) = Digits::<T>::load().train.x.split_every(5);
    let model = Autoencoder::<Tensor<T>>::new(&[64, 24], Transfer::Sigmoid, Init::GlorotUniform, rng);
    let mut trainer = Trainer::new(on_device(&model, device), Adam::new(1e-2));
    let images = Array::from_host(&images, device);
    let before = host_copies();
    for _epoch in 0..epochs {
        trainer.epoch(&images, 32, rng, |tape, model, x, _| {
            let samples = x.len() as f64;
            let x = tape.constant(x.clone());
            let h = model.encode(&x);
            let reconstruction = (model.decode(&h) - x).square().sum() / samples;
            reconstruction + contractive::nested(h, x) * factor
        })?;
    }
    let host_copies = host_copies() - before;
    let tape = Tape::new();
    let encoder = tape.constants(&trainer.model.encoder);
    let test = tape.constant(Array::from_host(&Digits::<T>::load().test.x, device));
    let penalty = contractive::penalty(&encoder, test, Method::Layered);
    Ok(Trained { figure: autodiff::Number::to_f64(penalty.item()), host_copies })
}
