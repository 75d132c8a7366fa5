//! The product H·v of the Hessian of a loss C with a vector v, without forming H: H·v = ∇⟨∇C, v⟩ = d/dε ∇C(w + ε·v).
//!
//! The example computes the product in four ways, and finds the largest eigenvalue of H by power iteration.

use autodiff::prelude::*;
use nn::data::Digits;
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

type Net = Mlp<Tensor<f64>>;

fn main() {
    let rng = &mut StdRng::seed_from_u64(0);
    let batch = Digits::<f64>::load().train.take(&(0..64).collect::<Vec<_>>());
    let mlp = Mlp::new(&[64, 16, 10], Transfer::Tanh, Init::GlorotUniform, rng);
    let v: Net = mlp.map(&mut |_, leaf| Tensor::normal(leaf.shape(), 0.0, 1.0, rng));
    let product = |mode, v: &Net| {
        hvp_tree(mode, &mlp, v, |tape, mlp| {
            loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
        })
    };

    let forward = product(Mode::Forward, &v);
    println!("H·v for {} weights and a normal random v: norm {:.6}", count(&mlp), dot(&forward, &forward).sqrt());
    let differences = central_difference(&mlp, &v, |mlp| {
        value_and_grad(mlp, |tape, mlp| {
            loss::cross_entropy(&mlp.forward(&tape.constant(batch.x.clone())), &batch.labels)
        })
        .1
    });
    let recorded = by_recorded_gradient(&mlp, &v, &batch.x, &batch.labels);
    for (name, other, tolerance) in [
        ("reverse over reverse", product(Mode::Reverse, &v), 1e-13),
        ("gradient of ⟨gradient, v⟩", recorded, 1e-13),
        ("central differences", differences, 1e-6),
    ] {
        let error = subtract(&forward, &other);
        let relative = dot(&error, &error).sqrt() / dot(&forward, &forward).sqrt();
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
        let norm = dot(&v, &v).sqrt();
        v = v.map(&mut |_, leaf| leaf / norm);
        let next = product(&v);
        curvature = dot(&v, &next);
        v = next;
    }
    assert!((dot(&v, &v).sqrt() - curvature).abs() < 1e-6 * curvature, "power iteration has converged");
    curvature
}

/// Records the gradient on the tape, multiplies it by v, and differentiates the result: ∇⟨∇C, v⟩.
fn by_recorded_gradient(mlp: &Net, v: &Net, x: &Tensor<f64>, labels: &Tensor<usize>) -> Net {
    let (_, product) = value_and_grad(mlp, |tape, mlp| {
        let loss = loss::cross_entropy(&mlp.forward(&tape.constant(x.clone())), labels);
        let gradient = loss.grad_tree(&mlp).leaves();
        let dots = gradient.iter().zip(v.leaves()).map(|(g, v)| (*g * &v).sum());
        dots.reduce(|a, b| a + b).expect("the network has weights")
    });
    product
}

/// (∇C(w + ε·v) − ∇C(w − ε·v))/2ε
fn central_difference(mlp: &Net, v: &Net, gradient: impl Fn(&Net) -> Net) -> Net {
    const STEP: f64 = 1e-4;
    let gradient_at = |step: f64| {
        let mut v = v.leaves().into_iter();
        gradient(&mlp.map(&mut |_, w| w + v.next().expect("both networks have the same leaves") * step))
    };
    subtract(&gradient_at(STEP), &gradient_at(-STEP)).map(&mut |_, leaf| leaf / (2.0 * STEP))
}

fn subtract(a: &Net, b: &Net) -> Net {
    let mut b = b.leaves().into_iter();
    a.map(&mut |_, a| a - b.next().expect("both networks have the same leaves"))
}

fn dot(a: &Net, b: &Net) -> f64 {
    a.leaves().iter().zip(b.leaves()).map(|(a, b)| a.dot(&b).item()).sum()
}

fn count(mlp: &Net) -> usize {
    mlp.leaves().iter().map(Tensor::size).sum()
}
