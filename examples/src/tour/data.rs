//! The images: those that come with the crate, or others, made as small.

use super::{Context, Options};
use autodiff::prelude::*;
use nn::data::{Digits, Samples, load_idx_folder};
use std::error::Error;

/// Pixels along a side of the images that all models of the tour are for.
const SIDE: usize = 8;

/// What `--quick` trains for.
const QUICK: usize = 2;

/// What other data are trained for, of which there are usually many: MNIST has 42 times as many as the digits here.
const OTHER: usize = 5;

impl Context {
    /// The images and settings that the options ask for.
    ///
    /// # Errors
    /// If the files of data cannot be read, or hold no square images.
    pub fn new(options: &Options) -> Result<Self, Box<dyn Error>> {
        let quick = options.epochs.or(options.quick.then_some(QUICK));
        let seed = options.seed;
        let Some(folder) = &options.data else {
            return Ok(Self { digits: Digits::load(), split: Digits::SPLIT.to_owned(), seed, epochs: quick });
        };
        let (train, test) = load_idx_folder(folder)?;
        let digits = Digits { train: small(train)?, test: small(test)? };
        let split = format!("the files in {}, with images shrunk to {SIDE}×{SIDE} pixels", folder.display());
        Ok(Self { digits, split, seed, epochs: quick.or(Some(OTHER)) })
    }
}

/// Square images shrunk to the side that the models are for.
fn small(samples: Samples<f32>) -> Result<Samples<f32>, Box<dyn Error>> {
    let pixels = samples.x.shape()[1];
    let side = pixels.isqrt();
    match side * side == pixels && side >= SIDE && !samples.is_empty() && samples.labels.iter().all(|label| label < 10)
    {
        false => {
            Err(format!("{pixels} pixels: square images of {SIDE} or more a side, in 10 classes, are needed").into())
        }
        true => {
            let along = shares(side);
            let images = samples.x.reshape([samples.len(), side, side]);
            let x = along.matmul(&images.matmul_t(&along)).reshape([samples.len(), SIDE * SIDE]);
            // A mean of ones may come out a rounding above 1, which is no probability.
            let x = x.clamp_max(1.0);
            Ok(Samples { x, labels: samples.labels })
        }
    }
}

/// The share that each pixel of a side has in each pixel of the small one, \[8, side\]: the mean over what lies under it.
fn shares(side: usize) -> Tensor<f32> {
    let width = side as f64 / SIDE as f64;
    Tensor::from_fn([SIDE, side], |i| {
        let (start, pixel) = (i[0] as f64 * width, i[1] as f64);
        let overlap = (start + width).min(pixel + 1.0) - start.max(pixel);
        (overlap.max(0.0) / width) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::{SIDE, shares, small};
    use autodiff::prelude::*;
    use nn::data::Samples;

    #[test]
    fn shrinking_takes_means() {
        for side in [8, 9, 28, 32] {
            let ones = Samples { x: Tensor::ones([3, side * side]), labels: Tensor::from([0, 1, 2]) };
            let small = small(ones).unwrap().x;
            autodiff::assert_close(&small, &Tensor::ones([3, SIDE * SIDE]), 1e-6);
            assert!(small.iter().all(|pixel| pixel <= 1.0));
        }
        assert_eq!(shares(16)[[1, 3]], 0.5);
    }

    #[test]
    fn images_that_are_not_square_are_refused() {
        let odd = Samples { x: Tensor::ones([1, 65]), labels: Tensor::from([0]) };
        assert!(small(odd).unwrap_err().to_string().starts_with("65 pixels"));
    }
}
