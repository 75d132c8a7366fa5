//! Newton's method: each step solves H·p = −∇f for the step p, with the exact Hessian H of the function f.
//!
//! Near the minimum the error is squared in each step. The example finds the minimum of Rosenbrock's function of ten
//! variables, and the weights of a logistic regression.

use autodiff::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

fn main() {
    println!("Rosenbrock's function of 10 variables");
    let x = minimise(Tensor::zeros([10]), rosenbrock);
    assert_close(&x, &Tensor::ones([10]), 1e-12);

    println!("logistic regression, 200 samples of 5 features");
    let rng = &mut StdRng::seed_from_u64(0);
    let x = Tensor::normal([200, 5], 0.0, 1.0, rng);
    let truth = Tensor::from([1.0, -2.0, 0.5, 0.0, 3.0]);
    let label = x.matmul(&truth).sigmoid().greater(Tensor::uniform([200], 0.0, 1.0, rng));
    let w = minimise(Tensor::zeros([5]), |w| {
        let z = (w.lift(&x)).matmul(w);
        (z.softplus() - z * &label).mean() + w.norm_squared() * 1e-3
    });
    println!("  weights {w}");
    println!("  truth   {truth}");
}

type Recorded<'t> = Var<'t, Tensor<f64>>;

/// Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²
fn rosenbrock(x: Recorded<'_>) -> Recorded<'_> {
    let n = x.shape().size();
    let (left, right) = (x.slice(0, 0, n - 1), x.slice(0, 1, n));
    ((right - left.square()).square() * 100.0 + (1.0 - left).square()).sum()
}

/// Newton's method with steps that are halved until the function falls.
fn minimise(mut x: Tensor<f64>, f: impl for<'t> Fn(Recorded<'t>) -> Recorded<'t>) -> Tensor<f64> {
    for step in 0.. {
        let (value, gradient) = value_and_grad(&x, |_, x| f(x));
        println!("  step {step:2}: value {:.6e}, gradient {:.1e}", value.item(), gradient.norm().item());
        if gradient.norm().item() < 1e-12 {
            return x;
        }
        let direction = descent(&hessian(&x, &f), &gradient);
        let slope = gradient.dot(&direction).item();
        let value_at = |x: &Tensor<f64>| value_and_grad(x, |_, x| f(x)).0.item();
        let mut length = 1.0;
        while value_at(&(&x + &(&direction * length))) > value.item() + 1e-4 * length * slope && length > 1e-10 {
            length *= 0.5;
        }
        x += &(direction * length);
        assert!(step < 100, "Newton's method has not converged");
    }
    x
}

/// −H⁻¹·g, where H is made positive definite by the smallest power of ten on its diagonal that suffices.
fn descent(h: &Tensor<f64>, g: &Tensor<f64>) -> Tensor<f64> {
    let mut damping = 0.0;
    loop {
        match (h + &(Tensor::eye(g.size()) * damping)).try_cholesky() {
            Ok(l) => {
                let half = l.triangular_solve(Triangle::Lower, g);
                return -l.t().triangular_solve(Triangle::Upper, &half);
            }
            Err(_) => damping = f64::max(damping * 10.0, 1e-3),
        }
    }
}
