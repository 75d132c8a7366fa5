//! Gradients of scalar programs: by hand, on the recorded tape (which can be differentiated again), and with active
//! numbers (what `ScalarTape::grad` does), on the same work in one run. The unit is the elementary operation.
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

fn recorded(tape: &mut Tape<f64>, x: &[f64], workload: &impl Workload) -> (f64, Vec<f64>, usize) {
    tape.clear();
    let tape = &*tape;
    let x: Vec<Var<'_, f64>> = x.iter().map(|&x| tape.variable(x)).collect();
    let y = workload.program(&x.iter().map(|x| x.scalar()).collect::<Vec<_>>()).on(x[0]);
    (y.value(), y.backward().of(&x), tape.len() - x.len())
}

/// Demands that all contenders do the same, and says how many operations it is.
fn check(workload: &mut impl Workload, x: &[f64]) -> usize {
    let plain = workload.program(x);
    let mut by_hand = vec![0.0; x.len()];
    let value = workload.by_hand(x, &mut by_hand);
    let (again, on_tape, operations) = recorded(&mut Tape::new(), x, workload);
    let (active, fast) = ScalarTape::new().value_and_grad(x, |x| workload.program(x));
    assert!((value - plain).abs() <= 1e-10 * plain.abs() && again == plain && active == plain);
    let size = by_hand.iter().fold(0.0f64, |size, g| size.max(g.abs()));
    for ((a, b), c) in by_hand.iter().zip(&on_tape).zip(&fast) {
        assert!((a - b).abs().max((a - c).abs()) <= 1e-10 * size, "{a}, {b} and {c}");
    }
    operations
}

fn measure(group: &mut BenchmarkGroup<'_, WallTime>, mut workload: impl Workload) {
    let x = workload.inputs();
    let operations = check(&mut workload, &x);
    fn name<W: Workload>(_: &W, contender: &str) -> BenchmarkId {
        BenchmarkId::new(W::NAME, contender)
    }
    group.throughput(Throughput::Elements(operations as u64));
    let mut g = vec![0.0; x.len()];
    group.bench_function(name(&workload, "by_hand"), |b| b.iter(|| workload.by_hand(black_box(&x), &mut g)));
    let mut tape = Tape::new();
    group.bench_function(name(&workload, "recorded"), |b| {
        b.iter(|| recorded(&mut tape, black_box(&x), &workload));
    });
    let mut tape = ScalarTape::new();
    group.bench_function(name(&workload, "active"), |b| {
        b.iter(|| tape.grad(black_box(&x), |x| workload.program(x)));
    });
    let v = noise(x.len(), 7);
    group.bench_function(name(&workload, "active_hvp"), |b| {
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
