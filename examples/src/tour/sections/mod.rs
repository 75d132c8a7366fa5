//! The sections of the tour, one function each: a further model is a further row here.

mod autoencoder;
mod contractive;
mod denoising;
mod k_sparse;
mod mlp;
mod sparse;
mod stacked;
mod tape;
mod transfer;
mod vanishing;
mod variational;

use super::{Context, Section};
use crate::picture::{Chart, Ink, Mark, grid};
use autodiff::prelude::*;

/// A section's name, as `--only` takes it, and what trains and shows its models.
type Named = (&'static str, fn(&Context) -> Section);

/// All sections in their order on the page.
pub const SECTIONS: [Named; 11] = [
    ("transfer", transfer::section),
    ("tape", tape::section),
    ("vanishing", vanishing::section),
    ("mlp", mlp::section),
    ("autoencoder", autoencoder::section),
    ("denoising", denoising::section),
    ("sparse", sparse::section),
    ("k_sparse", k_sparse::section),
    ("contractive", contractive::section),
    ("variational", variational::section),
    ("stacked", stacked::section),
];

/// As many points as a plane holds without hiding each other: all of the digits, a tenth of MNIST.
const POINTS: usize = 1000;

/// Codes of two numbers as points, coloured by class: of the first samples, if there are many.
fn latent_plane(codes: &Tensor<f32>, labels: &Tensor<usize>) -> String {
    let points = |digit: usize| {
        let of_digit = (0..labels.size().min(POINTS)).filter(move |&i| labels[[i]] == digit);
        of_digit.map(|i| [0, 1].map(|j| f64::from(codes[[i, j]])))
    };
    let chart = (0..10).fold(Chart::new("first code", "second code"), |chart, digit| {
        chart.with(&digit.to_string(), Mark::Disc, points(digit))
    });
    chart.draw()
}

/// The first 48 rows of weights \[units, 64\] as images.
fn filters(weight: &Tensor<f32>, label: &str) -> String {
    let strips: Vec<_> = (0..4).map(|i| ("", weight.slice(0, 12 * i, 12 * (i + 1)))).collect();
    grid(&strips, Ink::Sign, label)
}

/// How often numbers fall into each of `bins` equal parts of a range: the share, at the middle of the part.
fn histogram(numbers: &Tensor<f32>, [low, high]: [f64; 2], bins: usize) -> Vec<[f64; 2]> {
    let mut counts = vec![0usize; bins];
    for x in numbers.iter() {
        let place = (f64::from(x) - low) / (high - low) * bins as f64;
        counts[(place.max(0.0) as usize).min(bins - 1)] += 1;
    }
    let middle = |i: usize| low + (i as f64 + 0.5) * (high - low) / bins as f64;
    counts.iter().enumerate().map(|(i, &count)| [middle(i), count as f64 / numbers.size() as f64]).collect()
}
