//! Trains networks on handwritten digits and prints how good they get: `cargo run --release --example tour`.
//!
//! With `--quick` it only shows that everything runs: a few epochs, and figures that are not held to anything. Without
//! it, a figure that is missed makes the exit status 1.

use autodiff::prelude::*;
use examples::Progress;
use nn::data::{Digits, Samples};
use nn::schedule::cosine;
use nn::{Adam, Autoencoder, Init, Mlp, Trainer, Transfer, loss, metrics};
use rand::{SeedableRng, rngs::StdRng};
use std::process::ExitCode;
use std::time::Instant;

/// The squared error of the best linear code of 8 numbers, by principal component analysis of the training images.
const PCA: f64 = 1.5735;

fn main() -> ExitCode {
    let quick = match &std::env::args().skip(1).collect::<Vec<_>>()[..] {
        [] => false,
        [option] if option == "--quick" => true,
        other => {
            eprintln!("tour: unknown arguments {other:?}; the only option is --quick");
            return ExitCode::from(2);
        }
    };
    let start = Instant::now();
    let tour = Tour { digits: Digits::load(), quick };
    println!("Handwritten digits of 8×8 pixels in [0, 1]. Split: {}.", Digits::SPLIT);
    println!("Squared errors are summed over the pixels of an image and averaged over the test images.");
    if quick {
        println!("Quick: so few epochs only show that everything runs.");
    }
    let reached = [tour.mlp(), tour.linear_autoencoder(), tour.deep_autoencoder()];
    println!("\nDone in {:.1} s.", start.elapsed().as_secs_f64());
    match reached.iter().all(|&reached| reached) || quick {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

struct Tour {
    digits: Digits<f32>,
    quick: bool,
}

impl Tour {
    fn mlp(&self) -> bool {
        println!("\nMLP 64-100-10, ReLU, cross-entropy; Adam, batches of 32");
        let rng = &mut StdRng::seed_from_u64(0);
        let (rate, epochs) = (3e-3, self.epochs(30));
        let mlp = Mlp::new(&[64, 100, 10], Transfer::Relu, Init::HeNormal, rng);
        let mut trainer = Trainer::new(mlp, |mlp| Adam::new(mlp, rate));
        let mut progress = Progress::new(epochs);
        for epoch in 0..epochs {
            trainer.optimizer.rate = cosine(rate, epoch as f64 / epochs as f64);
            progress.epoch(trainer.epoch(&self.digits.train, 32, rng, |tape, mlp, batch| {
                loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
            }));
        }
        drop(progress);
        let Samples { x, labels } = &self.digits.test;
        let accuracy = metrics::accuracy(&trainer.model.forward(x), labels);
        println!("  test accuracy {accuracy:.4}, at least 0.97 is wanted");
        accuracy >= 0.97
    }

    fn linear_autoencoder(&self) -> bool {
        println!("\nLinear autoencoder 64-8-64, squared error; Adam, batches of 32");
        let rng = &mut StdRng::seed_from_u64(0);
        let ae = Autoencoder::new(&[64, 8], Transfer::Linear, Init::GlorotUniform, rng);
        let error = self.reconstruction(ae, 1e-2, self.epochs(100), rng);
        println!("  test squared error {error:.4}, at most {:.4} is wanted: 4 % above PCA, {PCA}", 1.04 * PCA);
        error <= 1.04 * PCA
    }

    fn deep_autoencoder(&self) -> bool {
        println!("\nDeep autoencoder 64-64-8-64-64, tanh, linear code, squared error; Adam, batches of 32");
        let rng = &mut StdRng::seed_from_u64(0);
        let ae = Autoencoder::new(&[64, 64, 8], Transfer::Tanh, Init::GlorotUniform, rng);
        let error = self.reconstruction(ae, 3e-3, self.epochs(200), rng);
        println!("  test squared error {error:.4}, at most 1.00 is wanted; PCA, {PCA}");
        error <= 1.0
    }

    /// Trains an autoencoder; gives the squared error of its reconstructions of the test images.
    fn reconstruction(&self, ae: Autoencoder<Tensor<f32>>, rate: f64, epochs: usize, rng: &mut StdRng) -> f64 {
        let mut trainer = Trainer::new(ae, |ae| Adam::new(ae, rate));
        let mut progress = Progress::new(epochs);
        for epoch in 0..epochs {
            trainer.optimizer.rate = cosine(rate, epoch as f64 / epochs as f64);
            progress.epoch(trainer.epoch(&self.digits.train, 32, rng, |tape, ae, batch| {
                let x = tape.constant(batch.x.clone());
                loss::squared_error(&ae.forward(&x), &x)
            }));
        }
        drop(progress);
        let x = &self.digits.test.x;
        metrics::squared_error(&trainer.model.forward(x), x)
    }

    fn epochs(&self, full: usize) -> usize {
        if self.quick { 2 } else { full }
    }
}
