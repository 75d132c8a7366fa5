//! The images of the tour: the digits that come with `nn`, or other images.

use super::{Context, Options};
use autodiff::prelude::*;
use nn::data::{Digits, Samples, load_idx_folder};
use std::error::Error;

/// The number of epochs with `--quick`.
const QUICK_EPOCHS: usize = 2;

impl Context {
    /// Loads the images and settings that the options ask for.
    ///
    /// # Errors
    /// Returns an error if the data files cannot be read, or if they do not hold square images in 10 classes.
    pub fn new(options: &Options) -> Result<Self, Box<dyn Error>> {
        let epochs = options.epochs.or(options.quick.then_some(QUICK_EPOCHS));
        let seed = options.seed;
        let Some(folder) = &options.data else {
            let (digits, split) = (Digits::load(), Digits::SPLIT.to_owned());
            return Ok(Self { digits, is_digits: true, split, seed, epochs });
        };
        let (train, test) = load_idx_folder(folder)?;
        check(&train)?;
        check(&test)?;
        let split = format!("the files in {}", folder.display());
        Ok(Self { digits: Digits { train, test }, is_digits: false, split, seed, epochs })
    }

    /// Whether the images are those of MNIST: by their number, their size and their mean pixel, which is 0.1307.
    pub fn is_mnist(&self) -> bool {
        let images = &self.digits.train.x;
        **images.shape() == [60_000, 784] && (images.mean().item() - 0.1307).abs() < 1e-4
    }
}

/// The images that a picture shows at most.
const LEAST: usize = 12;

/// The pictures need some square images, and the classifiers the ten digits.
fn check(samples: &Samples<f32>) -> Result<(), String> {
    let pixels = samples.x.shape()[1];
    let square = pixels.isqrt().pow(2) == pixels;
    match square && samples.len() >= LEAST && samples.labels.iter().all(|label| label < 10) {
        true => Ok(()),
        false => Err(format!(
            "expected at least {LEAST} square images in 10 classes, got {} of {pixels} pixels",
            samples.len()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use autodiff::prelude::*;
    use nn::data::Samples;

    #[test]
    fn images_must_be_square_and_of_ten_classes() {
        let samples = |pixels, label| Samples { x: Tensor::ones([12, pixels]), labels: Tensor::from([label; 12]) };
        assert_eq!(check(&samples(784, 9)), Ok(()));
        assert!(check(&samples(65, 0)).unwrap_err().ends_with("got 12 of 65 pixels"));
        assert!(check(&samples(784, 10)).is_err());
    }
}
