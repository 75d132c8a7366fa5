//! Training steps on the same work in one run: on the tape, by hand (the lower bound), and in matrix form.
//!
//!     cargo bench -p nn --bench train
#![allow(missing_docs)]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod by_hand;
mod spinning_pool;
mod work;

use autodiff::prelude::*;
use by_hand::Update;
use by_hand::functions::Number;
use by_hand::vae::Vae;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use nn::autoencoder::variational::{Likelihood, Variational};
use nn::{Adam, Init, Optimizer, Sgd, Trainer, Transfer};
use rand::{SeedableRng, rngs::StdRng};
use std::hint::black_box;
use work::{CASES, Case, Work, slice, weights};

/// Asserts that the first three steps have the same loss by hand, on the tape and in matrix form.
fn check<T: Element + Number>(case: &Case, work: &Work<T>) {
    let mut network = work.by_hand(case);
    let mut trainer = Trainer::new(work.model.clone(), Sgd::new(0.01));
    let mut model = work.model.clone();
    if case.update == Update::Descent {
        for step in 0..3 {
            let by_hand = network.step(slice(&work.x), slice(&work.target), slice(&work.classes));
            let (tape, matrix) = (work.tape_step(case, &mut trainer), work.matrix_step(case, &mut model));
            let error = (by_hand - tape).abs().max((matrix - tape).abs());
            assert!(
                error <= 1e-4 * tape.abs(),
                "{}: step {step}: loss by hand {by_hand}, tape {tape}, matrix form {matrix}",
                case.name
            );
        }
    }
}

fn bench_case<T: Element + Number>(group: &mut BenchmarkGroup<'_, WallTime>, case: &Case, suffix: &str) {
    let work = Work::<T>::new(case);
    check(case, &work);
    let name = format!("{}{suffix}", case.name);
    let mut network = work.by_hand(case);
    group.bench_function(format!("{name}/by_hand"), |b| {
        b.iter(|| network.step(black_box(slice(&work.x)), slice(&work.target), slice(&work.classes)));
    });
    match case.update {
        Update::Descent => {
            bench_tape(group, case, &work, &name, Sgd::new(0.01));
            let mut model = work.model.clone();
            group.bench_function(format!("{name}/matrix_form"), |b| b.iter(|| work.matrix_step(case, &mut model)));
        }
        Update::Adam => bench_tape(group, case, &work, &name, Adam::new(1e-3)),
    }
}

fn bench_tape<T: Element + Number, O: Optimizer<Tensor<T>>>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    case: &Case,
    work: &Work<T>,
    name: &str,
    optimizer: O,
) {
    let mut trainer = Trainer::new(work.model.clone(), optimizer);
    group.bench_function(format!("{name}/tape"), |b| b.iter(|| work.tape_step(case, &mut trainer)));
}

/// The variational autoencoder 784-400-20. All steps use the same noise.
fn bench_vae<T: Element + Number>(group: &mut BenchmarkGroup<'_, WallTime>, suffix: &str) {
    let rng = &mut StdRng::seed_from_u64(0);
    let sizes = [784, 400, 20];
    let vae = Variational::<Tensor<T>>::new(&sizes, Likelihood::Bernoulli, Transfer::Relu, Init::GlorotUniform, rng);
    let (x, noise) = (Tensor::uniform([128, 784], 0.0, 1.0, rng), Tensor::normal([128, 20], 0.0, 1.0, rng));
    let mut by_hand = Vae::new(weights(&vae.encoder), weights(&vae.decoder), 128);
    let mut trainer = Trainer::new(vae, Adam::new(1e-3));
    let mut step = || {
        let means =
            trainer.step(&(), &mut (), |tape, vae, _, _| vae.elbo(tape.constant(x.clone()), &noise).loss(1.0, 0.0));
        means.expect("the loss is finite").total
    };
    for _ in 0..3 {
        let (by_hand, tape) = (by_hand.step(slice(&x), slice(&noise)), step());
        assert!((by_hand - tape).abs() <= 1e-4 * tape.abs(), "vae: loss by hand {by_hand}, tape {tape}");
    }
    let name = format!("vae_784-400-20_b128{suffix}");
    group.bench_function(format!("{name}/by_hand"), |b| b.iter(|| by_hand.step(slice(&x), slice(&noise))));
    group.bench_function(format!("{name}/tape"), |b| b.iter(&mut step));
}

fn train(c: &mut Criterion) {
    let _pool = spinning_pool::start();
    let mut group = c.benchmark_group("train");
    for case in &CASES {
        bench_case::<f32>(&mut group, case, "");
        bench_case::<f64>(&mut group, case, "_f64");
    }
    bench_vae::<f32>(&mut group, "");
    bench_vae::<f64>(&mut group, "_f64");
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = train
}
criterion_main!(benches);
