//! Losses that contain derivatives of networks or of programs, each with its gradient, on one thread.
//!
//! `nn/benches/peers/jax_torch.py` has the same programs for JAX, with the same numbers.
//!
//!     cargo bench -p nn --bench derivatives
//!
//! With a case and a number of steps, the program prints the loss, the norm of the gradient and the time of a step:
//! so two programs can take turns on a busy machine.
#![allow(missing_docs)]

mod contractive;
mod hamiltonian;
mod heat_equation;
mod lstm;
mod maml;
mod neural_ode;
mod score_matching;

use autodiff::prelude::*;
use criterion::{Criterion, criterion_group};
use nn::{Linear, Mlp, Transfer};
use std::time::Instant;

/// Computes a loss and its gradient with respect to each parameter.
type Step = Box<dyn FnMut() -> (Tensor<f32>, Vec<Tensor<f32>>)>;

type Case = (&'static str, fn() -> Step);

const CASES: [Case; 8] = [
    ("hamiltonian_2-200-200-1_b200", hamiltonian::step),
    ("heat_equation_2-32-32-32-1_b128", || heat_equation::step(128)),
    ("heat_equation_2-32-32-32-1_b1024", || heat_equation::step(1024)),
    ("maml_1-40-40-1_b10", maml::step),
    ("neural_ode_2-50-2_b20", neural_ode::step),
    ("lstm_32_b16", lstm::step),
    ("score_matching_10-64-64-1_b128", score_matching::step),
    ("contractive_784-256-32_b64", contractive::step),
];

/// Numbers that a program in another language can compute too: element i is `scale`·sin(`seed` + 12.9898·i).
fn numbers(seed: f64, scale: f64, shape: impl Into<Shape>) -> Tensor<f32> {
    let shape = shape.into();
    let numbers = (0..shape.size()).map(|i| (scale * (seed + 12.9898 * i as f64).sin()) as f32);
    Tensor::from_vec(shape.clone(), numbers.collect())
}

/// A layer whose weights have the variance of Glorot's initialisation, and small biases.
fn layer(seed: f64, inputs: usize, outputs: usize) -> Linear<Tensor<f32>> {
    let scale = (4.0 / (inputs + outputs) as f64).sqrt();
    Linear { weight: numbers(seed, scale, [outputs, inputs]), bias: numbers(seed + 0.5, 0.1, [outputs]) }
}

/// A network with a linear output.
fn network(sizes: &[usize], hidden: Transfer) -> Mlp<Tensor<f32>> {
    let layers: Vec<_> = sizes.windows(2).zip(1..).map(|(pair, l)| layer(f64::from(l), pair[0], pair[1])).collect();
    Mlp { transfers: vec![hidden; layers.len()], layers }.with_output(Transfer::Linear)
}

fn derivatives(c: &mut Criterion) {
    autodiff::set_threads(1);
    let mut group = c.benchmark_group("derivatives");
    for (name, step) in CASES {
        group.bench_function(name, |b| b.iter(step()));
    }
    group.finish();
}

/// Prints the loss, the norm of the gradient, and the shortest and the median time of a step in microseconds.
fn alone(name: &str, steps: usize) {
    autodiff::set_threads(1);
    let Some((_, step)) = CASES.iter().find(|case| case.0 == name) else { panic!("derivatives: no case {name}") };
    let mut step = step();
    let (loss, gradient) = step();
    let norm = gradient.iter().map(|g| Number::to_f64(g.square().sum().item())).sum::<f64>().sqrt();
    let mut times: Vec<f64> = (0..steps)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(step());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name} {:.6e} {norm:.6e} {:.1} {:.1}", loss.item(), times[0], times[steps / 2]);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = derivatives
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [name, steps] if !name.starts_with('-') => alone(name, steps.parse().expect("the number of steps")),
        _ => benches(),
    }
}
