//! The log-likelihood of a mixture of 25 Gaussians in 10 dimensions at 1,000 points, as in ADBench without the prior.
//!
//! Šrajer, Kukelova and Fitzgibbon, *A benchmark of selected algorithmic differentiation tools* (2018), section 3.2.

use crate::workload::{ByHand, Number, Workload, c, noise};

const POINTS: usize = 1_000;
const D: usize = 10;
const K: usize = 25;
/// The number of elements of Q below the diagonal.
const LOWER: usize = D * (D - 1) / 2;

/// The number of parameters of a Gaussian: its log weight, its mean, and the lower triangular root Q of its inverse
/// covariance. Q is stored as the logarithms of its diagonal and the rows below.
const SIZE: usize = 1 + D + D + LOWER;

pub(crate) struct Gmm {
    points: Vec<f64>,
}

impl Gmm {
    pub(crate) fn new() -> Self {
        Self { points: noise(POINTS * D, 5) }
    }
}

/// Splits the parameters of a Gaussian into log weight, mean, log diagonal and lower rows.
fn parts<T>(gaussian: &[T]) -> (&T, &[T], &[T], &[T]) {
    let (mean, rest) = gaussian[1..].split_at(D);
    let (log_diagonal, lower) = rest.split_at(D);
    (&gaussian[0], mean, log_diagonal, lower)
}

/// ln Σₖ exp xₖ, shifted by the largest xₖ against overflow.
fn logsumexp<T: Number>(x: &[T]) -> T {
    let largest = x.iter().copied().fold(T::neg_infinity(), T::max);
    x.iter().map(|&x| (x - largest).exp()).sum::<T>().ln() + largest
}

impl Workload for Gmm {
    const NAME: &str = "gmm";

    fn inputs(&self) -> Vec<f64> {
        noise(K * SIZE, 6)
    }

    fn program<T: Number>(&self, x: &[T]) -> T {
        let gaussians: Vec<&[T]> = x.chunks_exact(SIZE).collect();
        let diagonals: Vec<Vec<T>> = gaussians.iter().map(|g| parts(g).2.iter().map(|q| q.exp()).collect()).collect();
        let constants: Vec<T> = gaussians.iter().map(|g| *parts(g).0 + parts(g).2.iter().copied().sum()).collect();
        let mut terms = vec![T::zero(); K];
        let mut sum = T::zero();
        for point in self.points.chunks_exact(D) {
            for k in 0..K {
                let (_, mean, _, lower) = parts(gaussians[k]);
                let mut offset = [T::zero(); D];
                (0..D).for_each(|i| offset[i] = c::<T>(point[i]) - mean[i]);
                let mut squares = T::zero();
                let mut row = lower;
                for i in 0..D {
                    let mut q = diagonals[k][i] * offset[i];
                    for j in 0..i {
                        q += row[j] * offset[j];
                    }
                    row = &row[i..];
                    squares += q * q;
                }
                terms[k] = constants[k] - squares * c(0.5);
            }
            sum += logsumexp(&terms);
        }
        let weights: Vec<T> = gaussians.iter().map(|g| *parts(g).0).collect();
        sum - c::<T>(POINTS as f64) * logsumexp(&weights)
    }
}

impl ByHand for Gmm {
    fn by_hand(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        g.fill(0.0);
        let mut diagonals = [[0.0; D]; K];
        let mut constants = [0.0; K];
        for (k, gaussian) in x.chunks_exact(SIZE).enumerate() {
            let (weight, _, log_diagonal, _) = parts(gaussian);
            constants[k] = weight + log_diagonal.iter().sum::<f64>();
            (0..D).for_each(|i| diagonals[k][i] = log_diagonal[i].exp());
        }
        let (mut offsets, mut products) = ([[0.0; D]; K], [[0.0; D]; K]);
        let (mut terms, mut sum) = ([0.0; K], 0.0);
        for point in self.points.chunks_exact(D) {
            for (k, gaussian) in x.chunks_exact(SIZE).enumerate() {
                let (_, mean, _, lower) = parts(gaussian);
                let (offset, product) = (&mut offsets[k], &mut products[k]);
                (0..D).for_each(|i| offset[i] = point[i] - mean[i]);
                let (mut squares, mut row) = (0.0, lower);
                for i in 0..D {
                    let mut q = diagonals[k][i] * offset[i];
                    for j in 0..i {
                        q += row[j] * offset[j];
                    }
                    row = &row[i..];
                    product[i] = q;
                    squares += q * q;
                }
                terms[k] = constants[k] - 0.5 * squares;
            }
            let total = logsumexp(&terms);
            sum += total;
            for (k, (g, gaussian)) in g.chunks_exact_mut(SIZE).zip(x.chunks_exact(SIZE)).enumerate() {
                let share = (terms[k] - total).exp();
                pull(share, &offsets[k], &products[k], &diagonals[k], parts(gaussian).3, g);
            }
        }
        let weights: Vec<f64> = x.chunks_exact(SIZE).map(|gaussian| gaussian[0]).collect();
        let total = logsumexp(&weights);
        for (g, weight) in g.chunks_exact_mut(SIZE).zip(weights) {
            g[0] -= POINTS as f64 * (weight - total).exp();
        }
        sum - POINTS as f64 * total
    }
}

/// Adds the gradient of one Gaussian for one point. `share` is the responsibility of the Gaussian for the point.
fn pull(share: f64, offset: &[f64; D], product: &[f64; D], diagonal: &[f64; D], lower: &[f64], g: &mut [f64]) {
    g[0] += share;
    let (d_mean, rest) = g[1..].split_at_mut(D);
    let (d_diagonal, mut d_row) = rest.split_at_mut(D);
    let mut row = lower;
    for i in 0..D {
        let dq = -share * product[i];
        d_diagonal[i] += share + dq * offset[i] * diagonal[i];
        d_mean[i] -= dq * diagonal[i];
        for j in 0..i {
            d_row[j] += dq * offset[j];
            d_mean[j] -= dq * row[j];
        }
        row = &row[i..];
        d_row = &mut d_row[i..];
    }
}
