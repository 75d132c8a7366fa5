//! The perceptron of two classes.

use super::report::{Outcome, Report};
use super::samples::{Signed, check, is_right, neuron};
use autodiff::prelude::*;

/// Learns to tell class 1 from class 0, from inputs x, \[n, in\], and labels, \[n\]. Starts at weights 0 and stops
/// after an epoch without a mistake, when a proof is found that no plane separates the classes, or after `epochs`.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::perceptron::{Outcome, train};
/// let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// let or = train(&x, &Tensor::from([0, 1, 1, 1]), 100);
/// assert_eq!(or.neuron.forward(&x).to_vec(), [0.0, 1.0, 1.0, 1.0]);
/// assert!(or.total_mistakes() as f64 <= or.bound.unwrap());
///
/// let xor = train(&x, &Tensor::from([0, 1, 1, 0]), 100);
/// assert_eq!(xor.outcome, Outcome::Inseparable(vec![1, 1, 1, 1])); // (0,0) + (1,1) = (0,1) + (1,0)
/// println!("{xor}");
/// ```
///
/// # Panics
/// Panics if the number of labels is not the number of rows, if a label is neither 0 nor 1, if there are no samples,
/// or if an input is not finite.
#[track_caller]
pub fn train<T: Element>(x: &Tensor<T>, labels: &Tensor<usize>, epochs: usize) -> Report<T> {
    check("train", x, labels, 2);
    let samples = Signed::new(x, labels);
    let mut search = Search::new(&samples);
    let mut outcome = (0..epochs).find_map(|_| search.epoch()).unwrap_or(Outcome::OutOfEpochs);
    let neuron = neuron(&search.w);
    // Learning is in `f64`, and the plane must separate the classes in the element type too.
    if outcome == Outcome::Separated
        && !neuron.forward(x).iter().zip(labels.iter()).all(|(y, t)| y.to_f64() == t as f64)
    {
        outcome = Outcome::OutOfEpochs;
    }
    let bound = (outcome == Outcome::Separated).then(|| samples.bound(&search.w));
    let explanation = match &outcome {
        Outcome::Separated => format!("separated, at most {:.1} mistakes were possible", samples.bound(&search.w)),
        Outcome::Inseparable(counts) => samples.proof(counts),
        Outcome::OutOfEpochs => "neither a separating plane was found, nor a proof that there is none".into(),
    };
    Report { neuron, outcome, mistakes: search.mistakes, bound, explanation }
}

/// The weights during learning, and the search for a cycle.
struct Search<'a> {
    samples: &'a Signed,
    w: Vec<f64>,
    mistakes: Vec<usize>,
    /// The weights at the end of an earlier epoch, and how often each sample was a mistake since then (Brent 1980: the
    /// earlier epoch moves up at each power of 2, so any cycle is found with one set of weights).
    earlier: Vec<f64>,
    since: Vec<u64>,
}

impl<'a> Search<'a> {
    fn new(samples: &'a Signed) -> Self {
        let (w, since) = (vec![0.0; samples.0[0].len()], vec![0; samples.0.len()]);
        Self { samples, earlier: w.clone(), w, mistakes: Vec::new(), since }
    }

    /// Shows all samples once; returns the outcome if learning has ended.
    fn epoch(&mut self) -> Option<Outcome> {
        let before = self.since.iter().sum::<u64>();
        for (x, since) in self.samples.0.iter().zip(&mut self.since) {
            if !is_right(x, &self.w) {
                self.w.iter_mut().zip(x).for_each(|(w, x)| *w += x);
                *since += 1;
            }
        }
        self.mistakes.push((self.since.iter().sum::<u64>() - before) as usize);
        if self.mistakes.last() == Some(&0) {
            return Some(Outcome::Separated);
        }
        if self.w == self.earlier {
            let divisor = self.since.iter().fold(0, |a, &b| greatest_common_divisor(a, b));
            let counts: Vec<u64> = self.since.iter().map(|count| count / divisor).collect();
            // The weights may also return by rounding. Learning then goes on in a circle, but that proves nothing.
            return Some(if self.samples.is_zero(&counts) {
                Outcome::Inseparable(counts)
            } else {
                Outcome::OutOfEpochs
            });
        }
        if self.mistakes.len().is_power_of_two() {
            self.earlier.clone_from(&self.w);
            self.since.fill(0);
        }
        None
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
