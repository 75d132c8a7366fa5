//! The images of the tour: the digits that come with `nn`, or other images shrunk to the same size.

use super::{Context, Options};
use autodiff::prelude::*;
use nn::data::{Digits, Samples, load_idx_folder};
use std::error::Error;

/// The side, in pixels, of the images that the models take.
const SIDE: usize = 8;

/// The number of epochs with `--quick`.
const QUICK_EPOCHS: usize = 2;

/// The number of epochs on other data, which are usually larger: MNIST has 42 times as many images as the digits.
const OTHER_DATA_EPOCHS: usize = 5;

impl Context {
    /// Loads the images and settings that the options ask for.
    ///
    /// # Errors
    /// Returns an error if the data files cannot be read, or if they do not hold square images in 10 classes.
    pub fn new(options: &Options) -> Result<Self, Box<dyn Error>> {
        let quick = options.epochs.or(options.quick.then_some(QUICK_EPOCHS));
        let seed = options.seed;
        let Some(folder) = &options.data else {
            return Ok(Self { digits: Digits::load(), split: Digits::SPLIT.to_owned(), seed, epochs: quick });
        };
        let (train, test) = load_idx_folder(folder)?;
        let digits = Digits { train: shrink(train)?, test: shrink(test)? };
        let split = format!("the files in {}, with images shrunk to {SIDE}×{SIDE} pixels", folder.display());
        Ok(Self { digits, split, seed, epochs: quick.or(Some(OTHER_DATA_EPOCHS)) })
    }
}

/// Shrinks square images to the size that the models take.
fn shrink(samples: Samples<f32>) -> Result<Samples<f32>, Box<dyn Error>> {
    let pixels = samples.x.shape()[1];
    let side = pixels.isqrt();
    match side * side == pixels && side >= SIDE && !samples.is_empty() && samples.labels.iter().all(|label| label < 10)
    {
        false => {
            Err(format!("expected square images of at least {SIDE}×{SIDE} pixels in 10 classes, got {pixels} pixels")
                .into())
        }
        true => {
            let average = averaging_matrix(side);
            let images = samples.x.reshape([samples.len(), side, side]);
            let x = average.matmul(&images.matmul_t(&average)).reshape([samples.len(), SIDE * SIDE]);
            // Rounding can lift a mean of ones above 1, but pixels are used as probabilities.
            let x = x.clamp_max(1.0);
            Ok(Samples { x, labels: samples.labels })
        }
    }
}

/// The matrix \[8, side\] that averages `side` pixels into 8, each pixel weighted by its overlap.
fn averaging_matrix(side: usize) -> Tensor<f32> {
    let width = side as f64 / SIDE as f64;
    Tensor::from_fn([SIDE, side], |i| {
        let (start, pixel) = (i[0] as f64 * width, i[1] as f64);
        let overlap = (start + width).min(pixel + 1.0) - start.max(pixel);
        (overlap.max(0.0) / width) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::{SIDE, averaging_matrix, shrink};
    use autodiff::prelude::*;
    use nn::data::Samples;

    #[test]
    fn shrinking_averages_pixels() {
        for side in [8, 9, 28, 32] {
            let ones = Samples { x: Tensor::ones([3, side * side]), labels: Tensor::from([0, 1, 2]) };
            let small = shrink(ones).unwrap().x;
            autodiff::assert_close(&small, &Tensor::ones([3, SIDE * SIDE]), 1e-6);
            assert!(small.iter().all(|pixel| pixel <= 1.0));
        }
        assert_eq!(averaging_matrix(16)[[1, 3]], 0.5);
    }

    #[test]
    fn shrink_rejects_images_that_are_not_square() {
        let odd = Samples { x: Tensor::ones([1, 65]), labels: Tensor::from([0]) };
        assert!(shrink(odd).unwrap_err().to_string().ends_with("got 65 pixels"));
    }
}
