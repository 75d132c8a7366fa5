//! Gradients of scalar programs, computed in up to four ways on the same work in one run: `by_hand`, `recorded` on a
//! [`Tape`] (so that the gradient can be differentiated again), `active` with [`ScalarTape::grad`], and `active_hvp` with
//! [`ScalarTape::hvp`]. The throughput counts elementary operations. For the programs without `by_hand`, the bench
//! `codipack` has a peer.
//!
//!     cargo bench -p autodiff --bench scalar
#![allow(missing_docs)]

mod bundle;
mod chain;
mod determinant;
mod gmm;
mod lstm;
mod mlp;
mod monte_carlo;
mod ode;
mod rosenbrock;
mod workload;

use autodiff::prelude::*;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use workload::{ByHand, Workload, noise};

/// The value and the gradient on a recorded tape, and the number of operations.
fn recorded(tape: &mut Tape<f64>, x: &[f64], workload: &impl Workload) -> (f64, Vec<f64>, usize) {
    tape.clear();
    let tape = &*tape;
    let x: Vec<Var<'_, f64>> = x.iter().map(|&x| tape.variable(x)).collect();
    let y = workload.program(&x.iter().map(|x| x.scalar()).collect::<Vec<_>>()).on(x[0]);
    (y.value(), y.backward().of(&x), tape.len() - x.len())
}

/// Asserts that both tapes agree with the plain program and with each other. Returns the gradient, and the number of
/// operations.
fn check<W: Workload>(workload: &W, x: &[f64]) -> (Vec<f64>, usize) {
    let plain = workload.program(x);
    let (on_tape, recorded_gradient, operations) = recorded(&mut Tape::new(), x, workload);
    let (active, active_gradient) = ScalarTape::new().value_and_grad(x, |x| workload.program(x));
    let agree = on_tape == plain && active == plain;
    assert!(agree, "{}: values recorded {on_tape}, active {active}, plain {plain}", W::NAME);
    assert_close(W::NAME, &active_gradient, &recorded_gradient);
    (active_gradient, operations)
}

fn assert_close(name: &str, a: &[f64], b: &[f64]) {
    let largest = a.iter().fold(0.0f64, |largest, g| largest.max(g.abs()));
    let wrong = a.iter().zip(b).find(|(a, b)| (*a - *b).abs() > 1e-10 * largest);
    assert!(a.len() == b.len() && wrong.is_none(), "{name}: two derivatives are {wrong:?}");
}

/// Measures the gradient by hand, and those of [`measure`].
fn measure_by_hand<W: ByHand>(group: &mut BenchmarkGroup<'_, WallTime>, mut workload: W) {
    let x = workload.inputs();
    let (gradient, operations) = check(&workload, &x);
    let mut g = vec![0.0; x.len()];
    let (value, plain) = (workload.by_hand(&x, &mut g), workload.program(&x));
    assert!((value - plain).abs() <= 1e-10 * plain.abs(), "{}: values by hand {value}, plain {plain}", W::NAME);
    assert_close(W::NAME, &g, &gradient);
    group.throughput(Throughput::Elements(operations as u64));
    group.bench_function(BenchmarkId::new(W::NAME, "by_hand"), |b| {
        b.iter(|| workload.by_hand(black_box(&x), &mut g));
    });
    measure(group, workload);
}

fn measure<W: Workload>(group: &mut BenchmarkGroup<'_, WallTime>, workload: W) {
    let x = workload.inputs();
    let (_, operations) = check(&workload, &x);
    let id = |contender| BenchmarkId::new(W::NAME, contender);
    group.throughput(Throughput::Elements(operations as u64));
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

/// Measures one Jacobian for each observation of bundle adjustment.
fn measure_bundle(group: &mut BenchmarkGroup<'_, WallTime>) {
    let observations = bundle::observations();
    let mut tape = ScalarTape::new();
    for (p, pixel) in &observations {
        let active = tape.jacobian(p, |p| bundle::residuals(p, pixel).to_vec());
        let column = |i: usize| tape.jvp(p, &unit(i), |p| bundle::residuals(p, pixel).to_vec()).1;
        let columns: Vec<Vec<f64>> = (0..bundle::PARAMETERS).map(column).collect();
        let rows = (0..2).flat_map(|row| columns.iter().map(move |column| column[row]));
        assert_close(bundle::NAME, &active.to_vec(), &rows.collect::<Vec<_>>());
    }
    group.throughput(Throughput::Elements(observations.len() as u64));
    group.bench_function(BenchmarkId::new(bundle::NAME, "active"), |b| {
        b.iter(|| {
            for (p, pixel) in &observations {
                black_box(tape.jacobian(black_box(p), |p| bundle::residuals(p, pixel).to_vec()));
            }
        });
    });
}

/// The unit vector `i` of the parameters of a residual.
fn unit(i: usize) -> [f64; bundle::PARAMETERS] {
    std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 })
}

fn scalar(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scalar");
    group.sample_size(20);
    measure_by_hand(&mut group, rosenbrock::Rosenbrock);
    measure_by_hand(&mut group, mlp::Mlp::new());
    measure_by_hand(&mut group, monte_carlo::MonteCarlo::new());
    measure_by_hand(&mut group, gmm::Gmm::new());
    measure_by_hand(&mut group, chain::Chain::new());
    measure(&mut group, ode::Ode::<1_000>);
    measure(&mut group, ode::Ode::<10_000>);
    measure(&mut group, lstm::Lstm::new());
    measure(&mut group, determinant::Determinant);
    measure_bundle(&mut group);
}

criterion_group!(benches, scalar);
criterion_main!(benches);
