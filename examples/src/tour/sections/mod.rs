//! The sections of the tour, one function each. To add a model, add a row to [`SECTIONS`].

mod autoencoder;
mod backpropagation;
mod contractive;
mod denoising;
mod descent;
mod hebb;
mod k_sparse;
mod mlp;
mod neuron;
mod perceptron;
mod small_noise;
mod sparse;
mod stacked;
mod tape;
mod transfer;
mod vanishing;
mod variational;

use super::{Context, Section};
use crate::picture::{Chart, Ink, Mark, grid};
use autodiff::prelude::*;

/// The name of a section, as `--only` takes it, and the function that trains and shows its models.
type NamedSection = (&'static str, fn(&Context) -> Section);

/// All sections, in the order of the chapter.
pub const SECTIONS: [NamedSection; 17] = [
    ("neuron", neuron::section),
    ("hebb", hebb::section),
    ("perceptron", perceptron::section),
    ("transfer", transfer::section),
    ("descent", descent::section),
    ("backpropagation", backpropagation::section),
    ("tape", tape::section),
    ("vanishing", vanishing::section),
    ("mlp", mlp::section),
    ("autoencoder", autoencoder::section),
    ("denoising", denoising::section),
    ("sparse", sparse::section),
    ("k_sparse", k_sparse::section),
    ("contractive", contractive::section),
    ("small_noise", small_noise::section),
    ("variational", variational::section),
    ("stacked", stacked::section),
];

/// The largest number of points in a scatter plot; more would hide each other.
const MAX_POINTS: usize = 360;

/// A scatter plot of codes with two units, with the class of each as its mark. Shows the first 360 samples.
fn latent_plane(codes: &Tensor<f32>, labels: &Tensor<usize>) -> String {
    let points = |digit: usize| {
        let of_digit = (0..labels.size().min(MAX_POINTS)).filter(move |&i| labels[[i]] == digit);
        of_digit.map(|i| [0, 1].map(|j| f64::from(codes[[i, j]])))
    };
    let chart = (0..10).fold(Chart::new("first code", "second code"), |chart, digit| {
        chart.with(&digit.to_string(), Mark::Name, points(digit))
    });
    chart.draw()
}

/// The weights \[units, pixels\] of the first 24 units as images.
fn filters(weight: &Tensor<f32>) -> String {
    let strips = [0, 1].map(|i| ("", weight.slice(0, 12 * i, 12 * (i + 1))));
    grid(&strips, Ink::Sign, "The weights of 24 units as images: orange for positive, blue for negative weights.")
}

/// The share of numbers in each of `bins` equal intervals, at the midpoint of the interval. Numbers outside the range
/// count in the outermost intervals.
fn histogram(numbers: &Tensor<f32>, [low, high]: [f64; 2], bins: usize) -> Vec<[f64; 2]> {
    let mut counts = vec![0usize; bins];
    for x in numbers.iter() {
        let bin = (f64::from(x) - low) / (high - low) * bins as f64;
        counts[(bin.max(0.0) as usize).min(bins - 1)] += 1;
    }
    let midpoint = |i: usize| low + (i as f64 + 0.5) * (high - low) / bins as f64;
    counts.iter().enumerate().map(|(i, &count)| [midpoint(i), count as f64 / numbers.size() as f64]).collect()
}
