//! A mixture of Gaussians with full covariances, trained by gradient descent on its likelihood.
//!
//! The covariance of each component is L·Lᵀ for a lower triangular L with a positive diagonal, so every choice of the
//! parameters is a valid mixture. All components are one batch: L has the shape [components, 2, 2].

use autodiff::prelude::*;
use rand::{RngExt, SeedableRng, rngs::StdRng};

const COMPONENTS: usize = 3;
const SAMPLES: usize = 2000;

#[derive(Clone)]
struct Mixture<V> {
    /// The weights are the softmax of these: [components]
    logits: V,
    /// [components, 2]
    means: V,
    /// The logarithms of the diagonals of L, and the element below: [components, 2, 2]
    factors: V,
}

autodiff::tree!(Mixture { logits, means, factors });

impl<V: Value> Mixture<V> {
    /// L for each component.
    fn cholesky(&self) -> V {
        self.factors.tril(-1) + self.factors.diagonal().exp().diagonal_matrix()
    }

    /// The mean of −ln p(x) over samples [n, 2].
    fn negative_log_likelihood(&self, x: &V) -> V {
        let l = self.cholesky();
        let deviations = (x.unsqueeze(0) - self.means.unsqueeze(1)).t(); // [components, 2, n]
        let distances = l.triangular_solve(Triangle::Lower, &deviations).square().sum_axis(1);
        let normaliser = l.diagonal().ln().sum_axis(-1) + std::f64::consts::TAU.ln();
        let log_densities = distances * -0.5 + &(self.logits.log_softmax(0) - normaliser).unsqueeze(1);
        -log_densities.logsumexp(0).mean()
    }
}

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let truth = Mixture {
        logits: Tensor::from([0.5, 0.3, 0.2]).ln(),
        means: Tensor::from([[0.0, 0.0], [3.0, 2.0], [-2.0, 3.0]]),
        factors: Tensor::stack(
            0,
            &[
                &Tensor::from([[0.0, 0.0], [0.8, -0.5]]),
                &Tensor::from([[-0.7, 0.0], [-0.5, 0.0]]),
                &Tensor::from([[0.2, 0.0], [0.0, -1.0]]),
            ],
        ),
    };
    let x = samples(&truth, rng);

    let start = Tensor::from([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]);
    let mut mixture =
        Mixture { logits: Tensor::zeros([COMPONENTS]), means: start, factors: Tensor::zeros([COMPONENTS, 2, 2]) };
    for step in 0..=1000 {
        let (cost, gradient) =
            value_and_grad(&mixture, |tape, mixture| mixture.negative_log_likelihood(&tape.constant(x.clone())));
        if step % 200 == 0 {
            println!("step {step:4}: −ln p(x) = {:.4}", cost.item());
        }
        mixture = tree::add_scaled(&mixture, -0.3, &gradient);
    }
    println!("the truth:  −ln p(x) = {:.4}", truth.negative_log_likelihood(&x).item());

    let order = [0, 1, 2].map(|i| nearest(&truth.means.index_axis(0, i), &mixture.means));
    let covariance = |mixture: &Mixture<Tensor<f64>>, i| {
        let l = mixture.cholesky().index_axis(0, i);
        l.matmul_t(&l)
    };
    for (i, &j) in order.iter().enumerate() {
        let weight = |mixture: &Mixture<Tensor<f64>>, i: usize| mixture.logits.softmax(0)[[i]];
        println!("component {i}: weight {:.3} (truth {:.3})", weight(&mixture, j), weight(&truth, i));
        println!("  covariance {:.3?}", covariance(&mixture, j).to_vec());
        println!("  truth      {:.3?}", covariance(&truth, i).to_vec());
        assert!((covariance(&mixture, j) - covariance(&truth, i)).abs().max().item() < 0.3);
        assert!((weight(&mixture, j) - weight(&truth, i)).abs() < 0.05);
    }
}

/// Samples of a mixture: [samples, 2].
fn samples(mixture: &Mixture<Tensor<f64>>, rng: &mut StdRng) -> Tensor<f64> {
    let (weights, factors) = (mixture.logits.softmax(0), mixture.cholesky());
    let mut sample = || {
        let mut draw: f64 = rng.random();
        let component = weights.iter().position(|weight| (draw < weight, draw -= weight).0).unwrap_or(COMPONENTS - 1);
        factors.index_axis(0, component).matmul(Tensor::normal([2], 0.0, 1.0, rng))
            + mixture.means.index_axis(0, component)
    };
    let all: Vec<Tensor<f64>> = (0..SAMPLES).map(|_| sample()).collect();
    Tensor::stack(0, &all.iter().collect::<Vec<_>>())
}

/// The row of `means` that is nearest to `mean`.
fn nearest(mean: &Tensor<f64>, means: &Tensor<f64>) -> usize {
    (means - mean).norm_axis(1).argmin(0).item()
}
