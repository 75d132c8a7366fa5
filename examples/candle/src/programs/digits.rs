//! An MLP 64-32-10 learns handwritten digits.

use super::{Trained, on_device};
use crate::array::{Array, Float};
use crate::reading::host_copies;
use autodiff::prelude::*;
use candle_core::Device;
use nn::data::Digits;
use nn::{Adam, Init, Mlp, NotFinite, Trainer, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

/// Trains for some epochs. The figure is the accuracy on the test images.
///
/// # Errors
/// Returns an error if a number in training is not finite.
pub fn digits<T: Float>(device: &Device, epochs: usize) -> Result<Trained, NotFinite> {
    let rng = &mut StdRng::seed_from_u64(0);
    let Digits { train, test } = Digits::<T>::load();
    let mlp = Mlp::<Tensor<T>>::new(&[64, 32, 10], Transfer::Relu, Init::HeNormal, rng);
    let mut trainer = Trainer::new(on_device(&mlp, device), Adam::new(5e-3));
    let images = (Array::from_host(&train.x, device), train.labels);
    let before = host_copies();
    for _epoch in 0..epochs {
        trainer.epoch(&images, 32, rng, |tape, mlp, (x, labels), _| {
            loss::cross_entropy(&mlp.forward(&tape.constant(x.clone())), labels)
        })?;
    }
    let host_copies = host_copies() - before;
    let logits = trainer.model.forward(&Array::from_host(&test.x, device));
    let guesses = logits.primal().argmax(-1);
    let right = guesses.iter().zip(test.labels.iter()).filter(|(guess, label)| guess == label).count();
    Ok(Trained { figure: right as f64 / test.labels.size() as f64, host_copies })
}
