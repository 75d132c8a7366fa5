//! Rosenblatt's perceptron (1958): a unit with a step that learns from its mistakes.
//!
//! With x₀ = +1 for the bias, targets t = ±1 and u = w·x, each sample with t·u ≤ 0 is a mistake, and is answered by
//! w ← w + t·x; nothing else changes w. (A sample on the plane u = 0 counts as a mistake of either class: what has been
//! learned then separates the classes by a margin.) The samples come in their order, epoch after epoch.
//!
//! If any plane separates the classes, the mistakes are at most (R/γ)², with R the norm of the longest x and γ the
//! margin of that plane, minᵢ tᵢ·w·xᵢ/‖w‖ (Novikoff 1962; the bound is the same for any rate, so there is none). If no
//! plane does, the weights stay bounded and, for inputs that are whole numbers, come back to what they were. The
//! mistakes made in between then add up to 0: a proof that no plane exists, which [`Outcome::Inseparable`] keeps.

mod classes;
mod pocket;

pub use classes::{ClassReport, train_classes};
pub use pocket::{Pocket, pocket};

use crate::{Neuron, Transfer};
use autodiff::prelude::*;
use std::fmt;

/// How learning ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An epoch went by without a mistake: all samples are on their side.
    Separated,
    /// No plane separates the classes. Each sample comes with how often it is to be counted: then Σᵢ cᵢ·tᵢ·xᵢ = 0, with
    /// x₀ = 1 among the inputs, while a plane would make each of these terms positive in the direction of w.
    Inseparable(Vec<u64>),
    /// The epochs were used up, and neither was found.
    OutOfEpochs,
}

/// What a perceptron has learned, and how. Displayed, it says so in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<T> {
    /// The unit, with `Step(0.0)`.
    pub neuron: Neuron<Tensor<T>>,
    /// How it ended.
    pub outcome: Outcome,
    /// The mistakes of each epoch.
    pub mistakes: Vec<usize>,
    /// (R/γ)² for the plane that was found: no order of the samples leads to more mistakes. `None` if none was found.
    pub bound: Option<f64>,
    /// Why, in words.
    explanation: String,
}

impl<T> Report<T> {
    /// All mistakes: how often the weights were changed.
    pub fn total_mistakes(&self) -> usize {
        self.mistakes.iter().sum()
    }
}

impl<T> fmt::Display for Report<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mistakes: {}, epochs: {}; {}", self.total_mistakes(), self.mistakes.len(), self.explanation)
    }
}

/// Learns to tell class 1 from class 0: inputs x, \[n, in\], and labels, \[n\]; from weights 0, until an epoch goes by
/// without a mistake, it is known that no plane separates the classes, or `epochs` are over.
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
/// If there is not one label for each row, a label is neither 0 nor 1, or there is no sample.
#[track_caller]
pub fn train<T: Element>(x: &Tensor<T>, labels: &Tensor<usize>, epochs: usize) -> Report<T> {
    check("train", x, labels, 2);
    let samples = Signed::new(x, labels);
    let mut search = Search::new(&samples);
    let outcome = (0..epochs).find_map(|_| search.epoch()).unwrap_or(Outcome::OutOfEpochs);
    let bound = (outcome == Outcome::Separated).then(|| samples.bound(&search.w));
    let explanation = match &outcome {
        Outcome::Separated => format!("separated, at most {:.1} mistakes were possible", samples.bound(&search.w)),
        Outcome::Inseparable(counts) => samples.proof(counts),
        Outcome::OutOfEpochs => "neither a separating plane was found, nor a proof that there is none".into(),
    };
    Report { neuron: neuron(&search.w), outcome, mistakes: search.mistakes, bound, explanation }
}

/// The samples t·(1, x₁, …): a sample is on its side if its product with the weights is above 0.
struct Signed(Vec<Vec<f64>>);

impl Signed {
    fn new<T: Element>(x: &Tensor<T>, labels: &Tensor<usize>) -> Self {
        let sign = |label| if label == 1 { 1.0 } else { -1.0 };
        Self(rows(x).zip(labels.iter()).map(|(x, label)| x.iter().map(|x| sign(label) * x).collect()).collect())
    }

    /// (R/γ)².
    fn bound(&self, w: &[f64]) -> f64 {
        let longest = self.0.iter().map(|x| dot(x, x)).fold(0.0, f64::max);
        let margin = self.0.iter().map(|x| dot(x, w)).fold(f64::INFINITY, f64::min);
        longest * dot(w, w) / (margin * margin)
    }

    /// What [`Outcome::Inseparable`] means for these samples.
    fn proof(&self, counts: &[u64]) -> String {
        let side = |class: f64| {
            let of_class = self.0.iter().zip(counts).filter(|(x, count)| x[0] == class && **count > 0);
            let terms = of_class.map(|(x, count)| {
                let x: Vec<String> = x[1..].iter().map(|x| (class * x + 0.0).to_string()).collect();
                if *count == 1 { format!("({})", x.join(", ")) } else { format!("{count}·({})", x.join(", ")) }
            });
            terms.collect::<Vec<_>>().join(" + ")
        };
        format!(
            "no plane separates the classes: {} = {}, as many of class 0 on the left as of class 1 on the right, so \
             no weighted sum is below its threshold on all of the left and above it on all of the right",
            side(-1.0),
            side(1.0)
        )
    }
}

/// The weights on their way, and a watch for their coming back.
struct Search<'a> {
    samples: &'a Signed,
    w: Vec<f64>,
    mistakes: Vec<usize>,
    /// Weights at an earlier epoch's end, and how often each sample was a mistake since (Brent 1980: the earlier epoch
    /// moves up at each power of 2, so that any cycle is found, and one set of weights is kept).
    earlier: Vec<f64>,
    since: Vec<u64>,
}

impl<'a> Search<'a> {
    fn new(samples: &'a Signed) -> Self {
        let (w, since) = (vec![0.0; samples.0[0].len()], vec![0; samples.0.len()]);
        Self { samples, earlier: w.clone(), w, mistakes: Vec::new(), since }
    }

    /// All samples once; says how learning ended, if it did.
    fn epoch(&mut self) -> Option<Outcome> {
        let before = self.since.iter().sum::<u64>();
        for (x, since) in self.samples.0.iter().zip(&mut self.since) {
            if dot(x, &self.w) <= 0.0 {
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
            return Some(Outcome::Inseparable(self.since.iter().map(|count| count / divisor).collect()));
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

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// (1, x₁, …) for each row.
fn rows<T: Element>(x: &Tensor<T>) -> impl Iterator<Item = Vec<f64>> {
    let (n, all) = (x.shape()[1], x.to_vec());
    (0..x.shape()[0]).map(move |i| [1.0].into_iter().chain(all[i * n..][..n].iter().map(|x| x.to_f64())).collect())
}

fn neuron<T: Element>(w: &[f64]) -> Neuron<Tensor<T>> {
    Neuron {
        weights: w[1..].iter().map(|&w| T::from_f64(w)).collect::<Vec<_>>().into(),
        bias: Tensor::scalar(T::from_f64(w[0])),
        transfer: Transfer::Step(0.0),
    }
}

#[track_caller]
fn check<T: Element>(name: &str, x: &Tensor<T>, labels: &Tensor<usize>, classes: usize) {
    let (shape, given) = (x.shape(), labels.shape());
    let fits = shape.rank() == 2 && given.rank() == 1 && shape[0] == given[0] && shape[0] > 0;
    assert!(fits, "{name}: inputs {shape}, labels {given}: [n, in] and [n] with n > 0 are needed");
    crate::data::check_labels(name, labels, classes);
}
