//! Losses that contain derivatives: on the tape, by generic nesting or by the structure of the network, and by hand.
//!
//!     cargo bench -p nn --bench nested
#![allow(missing_docs)]

#[allow(dead_code, reason = "each bench uses a part of it")]
#[path = "../by_hand/mod.rs"]
mod by_hand;
mod hessian_vector;
mod one_layer;
#[path = "../spinning_pool/mod.rs"]
mod spinning_pool;
mod two_layers;

use autodiff::prelude::*;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use nn::autoencoder::contractive::{self, Method};
use nn::{Init, Mlp, Transfer, loss};
use rand::{SeedableRng, rngs::StdRng};

type Network = Mlp<Tensor<f32>>;

fn network(sizes: &[usize], f: Transfer) -> Network {
    Mlp::new(sizes, f, Init::GlorotUniform, &mut StdRng::seed_from_u64(0)).with_output(f)
}

fn batch(n: usize, features: usize) -> Tensor<f32> {
    Tensor::uniform([n, features], 0.0, 1.0, &mut StdRng::seed_from_u64(1))
}

fn weights(network: &Network) -> [Vec<f32>; 2] {
    [0, 1].map(|l| network.layers[l].weight.to_vec())
}

fn biases(network: &Network) -> [Vec<f32>; 2] {
    [0, 1].map(|l| network.layers[l].bias.to_vec())
}

/// Computes the penalty and its gradient, on a tape that is reused.
fn penalty(encoder: &Network, x: &Tensor<f32>, method: fn() -> Method<'static>) -> impl FnMut() -> (f32, Network) {
    let (mut tape, encoder, x) = (Tape::new(), encoder.clone(), x.clone());
    move || {
        let (y, gradient) = tape.value_and_grad_tree(&encoder, |tape, encoder| {
            contractive::penalty(&encoder, tape.constant(x.clone()), method())
        });
        (y.item(), gradient)
    }
}

/// Asserts that a penalty and its gradient agree with those by hand.
fn check(name: &str, by_hand: (f32, &[f32]), (y, gradient): (f32, Network)) {
    assert!((by_hand.0 - y).abs() <= 1e-4 * y.abs(), "{name}: the penalty is {} by hand, {y} on the tape", by_hand.0);
    let gradient = gradient.layers[0].weight.flatten();
    assert!(gradient.approx(&Tensor::from(by_hand.1.to_vec()), 1e-4).is_ok(), "{name}: the gradients differ");
}

fn two_layers(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, sizes: [usize; 3], n: usize) {
    let (encoder, x) = (network(&sizes, Transfer::Tanh), batch(n, sizes[0]));
    let mut by_hand = two_layers::TwoLayers::new(sizes, weights(&encoder), biases(&encoder), n);
    let y = by_hand.penalty(x.as_slice().expect("contiguous"));
    let [mut nested, mut exact] = [penalty(&encoder, &x, || Method::Nested), penalty(&encoder, &x, || Method::Exact)];
    check(name, (y, &by_hand.gradients[0]), nested());
    check(name, (y, &by_hand.gradients[0]), exact());
    group.bench_function(format!("{name}/by_hand"), |b| b.iter(|| by_hand.penalty(x.as_slice().expect("contiguous"))));
    group.bench_function(format!("{name}/gram"), |b| b.iter(&mut exact));
    group.bench_function(format!("{name}/nested"), |b| b.iter(&mut nested));
}

fn one_layer(group: &mut BenchmarkGroup<'_, WallTime>) {
    let (encoder, x) = (network(&[784, 128], Transfer::Sigmoid), batch(64, 784));
    let layer = &encoder.layers[0];
    let mut by_hand = one_layer::OneLayer::new(layer.weight.to_vec(), layer.bias.to_vec(), 64);
    let y = by_hand.penalty(x.as_slice().expect("contiguous"));
    let [mut nested, mut exact] = [penalty(&encoder, &x, || Method::Nested), penalty(&encoder, &x, || Method::Exact)];
    check("cae_784-128_b64", (y, &by_hand.gradient), nested());
    check("cae_784-128_b64", (y, &by_hand.gradient), exact());
    group.bench_function("cae_784-128_b64/by_hand", |b| b.iter(|| by_hand.penalty(x.as_slice().expect("contiguous"))));
    group.bench_function("cae_784-128_b64/closed_form", |b| b.iter(&mut exact));
    group.bench_function("cae_784-128_b64/nested", |b| b.iter(&mut nested));
}

fn hessian_vector(group: &mut BenchmarkGroup<'_, WallTime>) {
    let mlp = network(&[64, 32, 10], Transfer::Tanh).with_output(Transfer::Linear);
    let (x, classes) = (batch(32, 64), Tensor::from_fn([32], |i| i[0] % 10));
    let mut by_hand = hessian_vector::Product::new([64, 32, 10], weights(&mlp), biases(&mlp), 32);
    // The vector is the weights themselves.
    let product =
        || hvp_tree(&mlp, &mlp, |tape, mlp| loss::cross_entropy(&mlp.forward(tape.constant(x.clone())), &classes));
    let (inputs, labels) = (x.as_slice().expect("contiguous"), classes.as_slice().expect("contiguous"));
    by_hand.compute(inputs, labels);
    let y = product().layers[0].weight.flatten();
    assert!(y.approx(&Tensor::from(by_hand.y[0].clone()), 1e-4).is_ok(), "the products differ");
    group.bench_function("hvp_64-32-10_b32/by_hand", |b| b.iter(|| by_hand.compute(inputs, labels)));
    group.bench_function("hvp_64-32-10_b32/tape", |b| b.iter(product));
}

/// A critic with the penalty (‖∇ₓf‖ − 1)², and the same critic without it.
fn gradient_penalty(group: &mut BenchmarkGroup<'_, WallTime>) {
    let critic = network(&[784, 256, 64, 1], Transfer::Tanh).with_output(Transfer::Linear);
    let x = batch(64, 784);
    let mut tape = Tape::new();
    let mut step = |penalised: bool| {
        tape.value_and_grad_tree(&critic, |tape, critic| {
            let x = tape.constant(x.clone());
            let y = critic.forward(x).sum();
            if !penalised {
                return y;
            }
            let [gradient] = y.grad([x]);
            y + (gradient.norm_axis(-1) - 1.0).square().mean()
        })
    };
    group.bench_function("gradient_penalty_784-256-64-1_b64/plain", |b| b.iter(|| step(false)));
    group.bench_function("gradient_penalty_784-256-64-1_b64/penalised", |b| b.iter(|| step(true)));
}

fn nested(c: &mut Criterion) {
    let _pool = spinning_pool::start();
    let mut group = c.benchmark_group("nested");
    two_layers(&mut group, "cae_784-256-32_b64", [784, 256, 32], 64);
    two_layers(&mut group, "cae_64-64-16_b128", [64, 64, 16], 128);
    one_layer(&mut group);
    hessian_vector(&mut group);
    gradient_penalty(&mut group);
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = nested
}
criterion_main!(benches);
