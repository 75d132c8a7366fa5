//! The sizes of the models and the lengths of their trainings, which follow the images.

use super::Setting;
use nn::Transfer;
use nn::data::Digits;

/// The sizes of layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// The pixels of an image.
    pub pixels: usize,
    /// The hidden units of a deep autoencoder.
    pub hidden: usize,
    /// The units of a code that is much smaller than an image.
    pub code: usize,
    /// The units of a sparse, denoising or contractive code.
    pub wide: usize,
    /// The hidden units of a variational autoencoder.
    pub variational: usize,
    /// Its latent units, beside a model with two of them.
    pub latent: usize,
    /// Its transfer function.
    pub transfer: Transfer,
    /// The share of its training in which the weight of the KL term rises.
    pub warm_up: f64,
}

/// Images of 8×8 pixels are small; MNIST's of 28×28 are not.
const SMALL: usize = 256;

/// On larger images, batches are four times as large, at a third of the rate. Such data sets also hold more images (MNIST
/// 42 times as many), so a twentieth of the epochs is enough, though no fewer than 5.
const LARGER: (f64, usize, usize, usize) = (1.0 / 3.0, 4, 20, 5);

impl Sizes {
    /// The sizes for these images. For MNIST, they are those of published models.
    pub fn of(digits: &Digits<f32>) -> Self {
        let pixels = digits.train.x.shape()[1];
        match pixels < SMALL {
            true => Self {
                pixels,
                hidden: 64,
                code: 8,
                wide: 128,
                variational: 128,
                latent: 8,
                transfer: Transfer::Tanh,
                warm_up: 0.1,
            },
            false => Self {
                pixels,
                hidden: 256,
                code: 30,
                wide: 400,
                variational: 400,
                latent: 20,
                transfer: Transfer::Relu,
                warm_up: 0.0,
            },
        }
    }

    /// The rate, the size of a batch and the number of epochs, from those for the digits.
    pub fn plan(&self, setting: Setting, (rate, batch, epochs): (f64, usize, usize)) -> (f64, usize, usize) {
        let (slower, larger, fewer, least) = LARGER;
        let (rate, batch, epochs) = match self.pixels < SMALL {
            true => (rate, batch, epochs),
            false => (rate * slower, batch * larger, (epochs / fewer).max(least)),
        };
        (rate, batch, setting.epochs.unwrap_or(epochs))
    }
}
