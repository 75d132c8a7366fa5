//! Perceptrons for several classes.

use super::samples::{check, dot, rows};
use crate::network::Linear;
use autodiff::prelude::*;

/// The result of learning several classes.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassReport<T> {
    /// A weighted sum for each class; the class with the largest is the answer.
    pub layer: Linear<Tensor<T>>,
    /// The number of mistakes in each epoch.
    pub mistakes: Vec<usize>,
}

impl<T> ClassReport<T> {
    /// Whether an epoch passed without a mistake, so that all samples are classified correctly.
    pub fn separated(&self) -> bool {
        self.mistakes.last() == Some(&0)
    }
}

/// Learns to tell several classes apart, from inputs x, \[n, in\], and labels, \[n\]. Starts at weights 0 and stops
/// after an epoch without a mistake, or after `epochs`.
///
/// The answer is the class with the largest weighted sum. If the sum of another class c′ reaches that of the right
/// class c, then w_c ← w_c + x and w_c′ ← w_c′ − x. This is the perceptron of two classes on constructed vectors, so it
/// converges under the same condition (Kesler's construction: Duda and Hart 1973, section 5.12).
///
/// # Panics
/// Panics if the number of labels is not the number of rows, if a label is not a class, if there are no samples, or
/// if an input is not finite.
#[track_caller]
pub fn train_classes<T: Element>(
    x: &Tensor<T>,
    labels: &Tensor<usize>,
    classes: usize,
    epochs: usize,
) -> ClassReport<T> {
    check("train_classes", x, labels, classes);
    let samples: Vec<(Vec<f64>, usize)> = rows(x).zip(labels.iter()).collect();
    let mut w = vec![vec![0.0; samples[0].0.len()]; classes];
    let mut mistakes = Vec::new();
    while mistakes.len() < epochs && mistakes.last() != Some(&0) {
        mistakes.push(samples.iter().filter(|(x, class)| correct(&mut w, x, *class)).count());
    }
    ClassReport { layer: layer(&w), mistakes }
}

/// Shows one sample; returns whether it was a mistake.
fn correct(w: &mut [Vec<f64>], x: &[f64], class: usize) -> bool {
    let sums: Vec<f64> = w.iter().map(|w| dot(w, x)).collect();
    // A sum that overflowed to NaN is above no other, so the sample counts as a mistake.
    let is_above = |other: usize| sums[class] > sums[other];
    let rivals = (0..w.len()).filter(|&other| other != class && !is_above(other));
    let Some(rival) = rivals.max_by(|&a, &b| sums[a].total_cmp(&sums[b])) else { return false };
    w[class].iter_mut().zip(x).for_each(|(w, x)| *w += x);
    w[rival].iter_mut().zip(x).for_each(|(w, x)| *w -= x);
    true
}

fn layer<T: Element>(w: &[Vec<f64>]) -> Linear<Tensor<T>> {
    Linear {
        weight: Tensor::from_fn([w.len(), w[0].len() - 1], |i| T::from_f64(w[i[0]][1 + i[1]])),
        bias: Tensor::from_fn([w.len()], |i| T::from_f64(w[i[0]][0])),
    }
}
