//! The best perceptron for classes that no plane separates.

use super::samples::{Signed, check, is_right, neuron};
use crate::unit::neuron::Neuron;
use autodiff::prelude::*;
use rand::{Rng, RngExt};

/// The best weights that were found.
#[derive(Clone, Debug, PartialEq)]
pub struct Pocket<T> {
    /// The unit, with `Step(0.0)`.
    pub neuron: Neuron<Tensor<T>>,
    /// The number of samples strictly on their side.
    pub right: usize,
}

/// The pocket algorithm with ratchet: the perceptron's rule on `steps` samples drawn at random, while the pocket keeps
/// the best weights so far. Other weights replace them after a longer run of correct answers, if they are correct on
/// more samples.
///
/// For integer inputs, the probability that the best weights are in the pocket tends to 1 with the number of steps
/// (Gallant 1990, section 3 and theorem 1). Inputs x are \[n, in\], labels are 0 or 1, \[n\].
///
/// ```
/// use autodiff::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// let xor = Tensor::from([0, 1, 1, 0]);
/// let best = nn::perceptron::pocket(&x, &xor, 1000, &mut StdRng::seed_from_u64(0));
/// assert_eq!(best.right, 3);
/// ```
///
/// # Panics
/// Panics if the number of labels is not the number of rows, if a label is neither 0 nor 1, if there are no samples,
/// or if an input is not finite.
#[track_caller]
pub fn pocket<T: Element>(x: &Tensor<T>, labels: &Tensor<usize>, steps: usize, rng: &mut impl Rng) -> Pocket<T> {
    check("pocket", x, labels, 2);
    let samples = Signed::new(x, labels).0;
    let right = |w: &[f64]| samples.iter().filter(|x| is_right(x, w)).count();
    let mut w = vec![0.0; samples[0].len()];
    let (mut kept, mut kept_right, mut kept_run, mut run) = (w.clone(), 0, 0, 0);
    for _ in 0..steps {
        let x = &samples[rng.random_range(0..samples.len())];
        if !is_right(x, &w) {
            w.iter_mut().zip(x).for_each(|(w, x)| *w += x);
            run = 0;
            continue;
        }
        run += 1;
        if run > kept_run && right(&w) > kept_right {
            (kept_right, kept_run) = (right(&w), run);
            kept.clone_from(&w);
        }
    }
    Pocket { neuron: neuron(&kept), right: kept_right }
}
