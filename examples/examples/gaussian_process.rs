//! A Gaussian process: its length scale, amplitude and noise are trained by the marginal likelihood, with a Hessian whose
//! columns come from `hvp`.
//!
//! The covariance of two values is a²·exp(−(x − x′)²/2ℓ²), and σ² is added on the diagonal (Rasmussen and Williams,
//! “Gaussian processes for machine learning”, algorithm 2.1). The Hessian gives Newton steps, and at the minimum the
//! uncertainty of the parameters.

use autodiff::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

const NOISE: f64 = 0.1;
const NAMES: [&str; 3] = ["length", "amplitude", "noise"];

type Recorded<'t> = Var<'t, Tensor<f64>>;

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let x = Tensor::uniform([60], -4.0, 4.0, rng);
    let y = x.sin() + Tensor::normal([60], 0.0, NOISE, rng);

    let mut theta = Tensor::from([0.0, 0.0, 0.0]); // logarithms of length, amplitude and noise
    let cost = function_of(&theta, |theta| negative_log_likelihood(theta, &x, &y));
    for step in 0.. {
        let (value, gradient) = value_and_grad(&theta, |_, theta| cost(theta));
        println!("step {step}: −ln p(y) = {:.4}, gradient {:.1e}", value.item(), gradient.norm().item());
        if gradient.norm().item() < 1e-9 {
            break;
        }
        theta = &theta - newton_step(&by_products(&theta, cost), &gradient);
        assert!(step < 50, "Newton's method has not converged");
    }

    let h = by_products(&theta, cost);
    assert_close(&h, &hessian(&theta, cost), 1e-9);
    let deviation = h.inverse().diagonal().sqrt();
    for (i, name) in NAMES.iter().enumerate() {
        println!("{name:9} {:.3}, known to a factor of {:.2}", theta[[i]].exp(), deviation[[i]].exp());
    }

    let at = Tensor::linspace(-3.5, 3.5, 8);
    let (mean, deviation) = predict(&theta, &x, &y, &at);
    println!("    x    sin x  prediction");
    for i in 0..at.size() {
        println!("{:5.1} {:8.3} {:7.3} ± {:.3}", at[[i]], at[[i]].sin(), mean[[i]], deviation[[i]]);
    }
    let error = (mean - at.sin()).square().mean().sqrt().item();
    println!("root mean square error {error:.3}, with a noise of {NOISE} in each of 60 samples");
    assert!(error < NOISE / 2.0 && (theta[[2]].exp() - NOISE).abs() < 0.03);
}

/// −ln p(y) = ½·yᵀ·K⁻¹·y + ½·ln det K + n/2·ln 2π, by the Cholesky factor of the covariance K.
fn negative_log_likelihood<'t>(theta: Recorded<'t>, x: &Tensor<f64>, y: &Tensor<f64>) -> Recorded<'t> {
    let noise = (theta.at([2]) * 2.0).exp();
    let l = (covariance(&theta, x, x) + noise * &Tensor::eye(x.size())).cholesky();
    let whitened = l.triangular_solve(Triangle::Lower, y);
    whitened.norm_squared() * 0.5 + l.diagonal().ln().sum() + 0.5 * x.size() as f64 * std::f64::consts::TAU.ln()
}

/// a²·exp(−(x − x′)²/2ℓ²) for each pair of points.
fn covariance<V: Value<Elem = f64>>(theta: &V, x: &Tensor<f64>, other: &Tensor<f64>) -> V {
    let squares = theta.lift(&(x.unsqueeze(1) - other.unsqueeze(0)).square());
    let (length, amplitude) = (theta.at([0]), theta.at([1]));
    (squares * &(length * -2.0).exp() * -0.5 + &(amplitude * 2.0)).exp()
}

/// The Hessian, a product with a unit vector for each column.
fn by_products(theta: &Tensor<f64>, cost: impl for<'t> Fn(Recorded<'t>) -> Recorded<'t>) -> Tensor<f64> {
    let unit = Tensor::eye(theta.size());
    let columns: Vec<_> = (0..theta.size()).map(|i| hvp(theta, &unit.index_axis(0, i), &cost)).collect();
    Tensor::stack(1, &columns.iter().collect::<Vec<_>>())
}

/// |H|⁻¹·g with the absolute values of the eigenvalues of H, at most of length 1.
fn newton_step(h: &Tensor<f64>, g: &Tensor<f64>) -> Tensor<f64> {
    let (w, v) = h.eigh();
    let step = v.matmul(&(v.t_matmul(g) / w.abs().maximum(1e-3)));
    let length = step.norm().item();
    step * (1.0 / length.max(1.0))
}

/// The mean and the standard deviation of the process at new points.
fn predict(theta: &Tensor<f64>, x: &Tensor<f64>, y: &Tensor<f64>, at: &Tensor<f64>) -> (Tensor<f64>, Tensor<f64>) {
    let noise = (theta[[2]] * 2.0).exp();
    let l = (covariance(theta, x, x) + Tensor::eye(x.size()) * noise).cholesky();
    let cross = l.triangular_solve(Triangle::Lower, covariance(theta, x, at));
    let mean = cross.t_matmul(l.triangular_solve(Triangle::Lower, y));
    let variance = covariance(theta, at, at).diagonal() - cross.square().sum_axis(0);
    (mean, variance.sqrt())
}
