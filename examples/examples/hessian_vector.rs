//! The product H·v of the Hessian of a loss C with a vector v, without forming H: H·v = ∇⟨∇C, v⟩ = d/dε ∇C(w + ε·v).
//!
//! The example computes the product in four ways, and finds the largest eigenvalue of H by power iteration.

use autodiff::prelude::*;
use nn::data::{Dataset, Digits};
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

type Net = Mlp<Tensor<f64>>;

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let batch = Digits::<f64>::load().train.subset(&(0..64).collect::<Vec<_>>());
    let mlp = Mlp::new(&[64, 16, 10], Transfer::Tanh, Init::GlorotUniform, rng);
    let v: Net = mlp.map(&mut |_, leaf| Tensor::normal(leaf.shape(), 0.0, 1.0, rng));
    let cost = function_of_tree(&mlp, |_, mlp| loss::cross_entropy(&mlp.forward(&batch.x), &batch.labels));
    let product = |mode, v: &Net| hvp_tree_by(mode, &mlp, v, cost);

    let forward = product(Mode::Forward, &v);
    let count = tree::flatten(&mlp).size();
    println!("H·v for {count} weights and a normal random v: norm {:.6}", norm(&forward));
    let differences = central_difference(&mlp, &v, |mlp| value_and_grad(mlp, cost).1);
    let (_, recorded) = value_and_grad(&mlp, |tape, mlp| {
        let gradient = cost(tape, mlp.clone()).grad_tree(&mlp); // recorded on the tape
        tree::dot(&gradient, &tape.constants(&v))
    });
    for (name, other, tolerance) in [
        ("reverse over reverse", product(Mode::Reverse, &v), 1e-13),
        ("gradient of ⟨gradient, v⟩", recorded, 1e-13),
        ("central differences", differences, 1e-6),
    ] {
        let relative = norm(&tree::add_scaled(&forward, -1.0, &other)) / norm(&forward);
        println!("  forward over reverse against {name}: relative difference {relative:.1e}");
        assert!(relative < tolerance);
    }

    let curvature = largest_curvature(v, |v| product(Mode::Forward, v));
    println!("largest eigenvalue λ of H, by 100 products: {curvature:.6}");
    println!("gradient descent is stable for learning rates below 2/λ = {:.3}", 2.0 / curvature);
}

/// The largest eigenvalue of the Hessian, by power iteration.
fn largest_curvature(mut v: Net, product: impl Fn(&Net) -> Net) -> f64 {
    let mut curvature = 0.0;
    for _ in 0..100 {
        let length = norm(&v);
        v = v.map(&mut |_, leaf| leaf / length);
        let next = product(&v);
        curvature = tree::dot(&v, &next).item();
        v = next;
    }
    assert!((norm(&v) - curvature).abs() < 1e-6 * curvature, "power iteration has converged");
    curvature
}

/// (∇C(w + ε·v) − ∇C(w − ε·v))/2ε
fn central_difference(mlp: &Net, v: &Net, gradient: impl Fn(&Net) -> Net) -> Net {
    const STEP: f64 = 1e-4;
    let gradient_at = |step: f64| gradient(&tree::add_scaled(mlp, step, v));
    tree::add_scaled(&gradient_at(STEP), -1.0, &gradient_at(-STEP)).map(&mut |_, leaf| leaf / (2.0 * STEP))
}

fn norm(x: &Net) -> f64 {
    tree::norm(x).item()
}
