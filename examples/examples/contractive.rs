//! The contractive autoencoder adds λ·‖∂h/∂x‖²_F to its loss: the squared norm of the Jacobian of the code h.
//!
//! The penalty is computed in closed form, by nested differentiation, and by an estimate from random probes.

use autodiff::prelude::*;
use examples::models::{Setting, contractive};
use nn::TiedAutoencoder;
use nn::autoencoder::contractive::{Method, penalty};
use nn::data::Digits;
use rand::{SeedableRng, rngs::StdRng};
use std::time::Instant;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits; {}.", Digits::SPLIT);
    println!("Autoencoder 64-128 with tied weights and sigmoid units, measured on the test images:");
    println!("     λ  cross-entropy  ‖J‖²   probe accuracy");
    let [basic, trained] = [0.0, 0.1].map(|lambda| {
        let trained = contractive::train(&digits, lambda, setting);
        let [bce, jacobian] = [trained.test_bce, trained.jacobian_sq];
        println!("{lambda:6}  {bce:13.3}  {jacobian:5.2}  {:14.4}", trained.probe_accuracy);
        trained
    });
    println!("The penalty of the trained encoder at 64 images, and the time to compute it with its gradient:");
    let (rng, x) = (&mut StdRng::seed_from_u64(0), digits.test.x.slice(0, 0, 64));
    let closed_form = time("closed form", &trained.model, &x, Method::Layered);
    let nested = time("nested differentiation", &trained.model, &x, Method::Nested);
    let estimate = time("8 random probes", &trained.model, &x, Method::Hutchinson { probes: 8, rng });
    assert!((closed_form - nested).abs() < 1e-4 * nested, "closed form and nested differentiation agree");
    assert!((closed_form - estimate).abs() < 0.2 * nested, "the estimate is within 20 %");
    assert!(trained.jacobian_sq < basic.jacobian_sq);
    if setting.is_full() {
        assert!(trained.test_bce <= 15.9 && trained.jacobian_sq <= 15.0 && trained.probe_accuracy >= 0.96);
    }
}

/// Prints the penalty and the time that it takes with its gradient.
fn time(name: &str, ae: &TiedAutoencoder<Tensor<f32>>, x: &Tensor<f32>, method: Method<'_>) -> f32 {
    let start = Instant::now();
    let (value, _) = value_and_grad(ae, |tape, ae| penalty(&ae.encoder, tape.constant(x.clone()), method));
    println!("  {name:24} {:8.4} in {:6.2} ms", value.item(), 1e3 * start.elapsed().as_secs_f64());
    value.item()
}
