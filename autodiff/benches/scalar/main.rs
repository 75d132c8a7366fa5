//! Gradients of scalar programs, computed in four ways on the same work in one run: `by_hand`, `recorded` on a [`Tape`]
//! (so that the gradient can be differentiated again), `active` with [`ScalarTape::grad`], and `active_hvp` with
//! [`ScalarTape::hvp`]. The throughput counts elementary operations.
//!
//!     cargo bench -p autodiff --bench scalar
#![allow(missing_docs)]

mod chain;
mod gmm;
mod mlp;
mod monte_carlo;
mod rosenbrock;
mod workload;

use autodiff::prelude::*;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use workload::{Workload, noise};

/// The value and the gradient on a recorded tape, and the number of operations.
fn recorded(tape: &mut Tape<f64>, x: &[f64], workload: &impl Workload) -> (f64, Vec<f64>, usize) {
    tape.clear();
    let tape = &*tape;
    let x: Vec<Var<'_, f64>> = x.iter().map(|&x| tape.variable(x)).collect();
    let y = workload.program(&x.iter().map(|x| x.scalar()).collect::<Vec<_>>()).on(x[0]);
    (y.value(), y.backward().of(&x), tape.len() - x.len())
}

/// Asserts that all ways agree, and returns the number of operations.
fn check<W: Workload>(workload: &mut W, x: &[f64]) -> usize {
    let plain = workload.program(x);
    let mut by_hand = vec![0.0; x.len()];
    let value = workload.by_hand(x, &mut by_hand);
    let (on_tape, recorded_gradient, operations) = recorded(&mut Tape::new(), x, workload);
    let (active, active_gradient) = ScalarTape::new().value_and_grad(x, |x| workload.program(x));
    let agree = (value - plain).abs() <= 1e-10 * plain.abs() && on_tape == plain && active == plain;
    assert!(agree, "{}: values by hand {value}, recorded {on_tape}, active {active}, plain {plain}", W::NAME);
    let largest = by_hand.iter().fold(0.0f64, |largest, g| largest.max(g.abs()));
    for ((a, b), c) in by_hand.iter().zip(&recorded_gradient).zip(&active_gradient) {
        let agree = (a - b).abs().max((a - c).abs()) <= 1e-10 * largest;
        assert!(agree, "{}: gradients by hand {a}, recorded {b}, active {c}", W::NAME);
    }
    operations
}

fn measure<W: Workload>(group: &mut BenchmarkGroup<'_, WallTime>, mut workload: W) {
    let x = workload.inputs();
    let operations = check(&mut workload, &x);
    let id = |contender| BenchmarkId::new(W::NAME, contender);
    group.throughput(Throughput::Elements(operations as u64));
    let mut g = vec![0.0; x.len()];
    group.bench_function(id("by_hand"), |b| b.iter(|| workload.by_hand(black_box(&x), &mut g)));
    let mut tape = Tape::new();
    group.bench_function(id("recorded"), |b| {
        b.iter(|| recorded(&mut tape, black_box(&x), &workload));
    });
    let mut tape = ScalarTape::new();
    group.bench_function(id("active"), |b| {
        b.iter(|| tape.grad(black_box(&x), |x| workload.program(x)));
    });
    let v = noise(x.len(), 7);
    group.bench_function(id("active_hvp"), |b| {
        b.iter(|| tape.hvp(black_box(&x), &v, |x| workload.program(x)));
    });
}

fn scalar(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scalar");
    group.sample_size(20);
    measure(&mut group, rosenbrock::Rosenbrock);
    measure(&mut group, mlp::Mlp::new());
    measure(&mut group, monte_carlo::MonteCarlo::new());
    measure(&mut group, gmm::Gmm::new());
    measure(&mut group, chain::Chain::new());
}

criterion_group!(benches, scalar);
criterion_main!(benches);
