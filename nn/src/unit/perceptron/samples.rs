//! Samples in the form that the perceptron's rule takes.

use crate::data::{check_finite, check_labels};
use crate::network::Transfer;
use crate::unit::neuron::Neuron;
use autodiff::prelude::*;

/// The samples t·(1, x₁, …): a sample is on its side if its product with the weights is above 0.
pub(super) struct Signed(pub(super) Vec<Vec<f64>>);

impl Signed {
    pub(super) fn new<T: Element>(x: &Tensor<T>, labels: &Tensor<usize>) -> Self {
        let sign = |label| if label == 1 { 1.0 } else { -1.0 };
        Self(rows(x).zip(labels.iter()).map(|(x, label)| x.iter().map(|x| sign(label) * x).collect()).collect())
    }

    /// (R/γ)².
    pub(super) fn bound(&self, w: &[f64]) -> f64 {
        let longest = self.0.iter().map(|x| dot(x, x)).fold(0.0, f64::max);
        let margin = self.0.iter().map(|x| dot(x, w)).fold(f64::INFINITY, f64::min);
        longest * dot(w, w) / (margin * margin)
    }

    /// Whether Σᵢ cᵢ·tᵢ·xᵢ = 0, without rounding.
    pub(super) fn is_zero(&self, counts: &[u64]) -> bool {
        (0..self.0[0].len()).all(|j| is_zero(self.0.iter().zip(counts).map(|(x, &count)| (count as f64, x[j]))))
    }

    /// The proof of [`Outcome::Inseparable`] in words.
    pub(super) fn proof(&self, counts: &[u64]) -> String {
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

/// Whether a sum of products is 0, without rounding: each product is two numbers, and the sum is kept as numbers that do
/// not overlap (Shewchuk, “Adaptive precision floating-point arithmetic”, 1997, figure 6).
fn is_zero(products: impl Iterator<Item = (f64, f64)>) -> bool {
    let mut sum: Vec<f64> = Vec::new();
    for (a, b) in products {
        let product = a * b;
        for mut term in [a.mul_add(b, -product), product] {
            sum.retain_mut(|part| {
                let (large, small) = if term.abs() < part.abs() { (*part, term) } else { (term, *part) };
                term = large + small;
                *part = small - (term - large);
                *part != 0.0
            });
            sum.push(term);
        }
    }
    sum.iter().all(|&part| part == 0.0)
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Whether t·w·x is above 0. It is not if a product of huge numbers is NaN.
pub(super) fn is_right(x: &[f64], w: &[f64]) -> bool {
    dot(x, w) > 0.0
}

/// (1, x₁, …) for each row.
pub(super) fn rows<T: Element>(x: &Tensor<T>) -> impl Iterator<Item = Vec<f64>> {
    let (n, all) = (x.shape()[1], x.to_vec());
    (0..x.shape()[0]).map(move |i| [1.0].into_iter().chain(all[i * n..][..n].iter().map(|x| x.to_f64())).collect())
}

pub(super) fn neuron<T: Element>(w: &[f64]) -> Neuron<Tensor<T>> {
    Neuron {
        weights: w[1..].iter().map(|&w| T::from_f64(w)).collect::<Vec<_>>().into(),
        bias: Tensor::scalar(T::from_f64(w[0])),
        transfer: Transfer::Step(0.0),
    }
}

#[track_caller]
pub(super) fn check<T: Element>(name: &str, x: &Tensor<T>, labels: &Tensor<usize>, classes: usize) {
    let (shape, given) = (x.shape(), labels.shape());
    let fits = shape.rank() == 2 && given.rank() == 1 && shape[0] == given[0] && shape[0] > 0;
    assert!(fits, "{name}: inputs {shape}, labels {given}: [n, in] and [n] with n > 0 are needed");
    check_labels(name, labels, classes);
    check_finite(name, x);
}
