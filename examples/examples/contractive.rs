//! The contractive autoencoder, and how its penalty is computed in three ways.

use autodiff::prelude::*;
use examples::models::{Setting, contractive};
use nn::TiedAutoencoder;
use nn::autoencoder::contractive::{Method, penalty};
use nn::data::Digits;
use rand::{SeedableRng, rngs::StdRng};
use std::time::Instant;

fn main() {
    let (digits, setting) = (Digits::load(), Setting::from_args());
    println!("Digits. Split: {}. 64-128 tied, sigmoids, cross-entropy; figures on test images.", Digits::SPLIT);
    println!("     λ  cross-entropy  ‖J‖²   probe accuracy");
    let [basic, trained] = [0.0, 0.1].map(|lambda| {
        let trained = contractive::train(&digits, lambda, setting);
        let [bce, jacobian] = [trained.test_bce, trained.jacobian_sq];
        println!("{lambda:6}  {bce:13.3}  {jacobian:5.2}  {:14.4}", trained.probe_accuracy);
        trained
    });
    println!("The penalty of the trained encoder at 64 images, with its gradient by the weights:");
    let (rng, x) = (&mut StdRng::seed_from_u64(0), digits.test.x.slice(0, 0, 64));
    let layered = time("closed form", &trained.model, &x, Method::Layered);
    let nested = time("nested differentiation", &trained.model, &x, Method::Nested);
    let estimate = time("8 random probes", &trained.model, &x, Method::Hutchinson { probes: 8, rng });
    assert!((layered - nested).abs() < 1e-4 * nested, "they are the same");
    assert!((layered - estimate).abs() < 0.2 * nested, "the estimate is near");
    assert!(trained.jacobian_sq < basic.jacobian_sq);
    if setting.is_full() {
        assert!(trained.test_bce <= 15.9 && trained.jacobian_sq <= 15.0 && trained.probe_accuracy >= 0.96);
    }
}

fn time(name: &str, ae: &TiedAutoencoder<Tensor<f32>>, x: &Tensor<f32>, method: Method<'_>) -> f32 {
    let start = Instant::now();
    let (value, _) = value_and_grad(ae, |tape, ae| penalty(&ae.encoder, tape.constant(x.clone()), method));
    println!("  {name:24} {:8.4} in {:6.2} ms", value.item(), 1e3 * start.elapsed().as_secs_f64());
    value.item()
}
