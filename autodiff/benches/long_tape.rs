//! Steps of recorded derivatives at the end of a tape of n nodes: x ← x − 0.01·sin′(x). A step costs the same for every n.

use autodiff::prelude::*;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const STEPS: usize = 100;

/// A tape with `n` nodes on which nothing later depends.
fn long<V: Value>(n: usize, x: &V) -> Tape<V> {
    let tape = Tape::new();
    let mut y = tape.constant(x.clone());
    while tape.len() < n {
        y += 1e-3;
    }
    tape
}

fn reverse<'t, V: Value>(mut x: Var<'t, V>) -> Var<'t, V> {
    for _ in 0..STEPS {
        let [slope] = x.sin().sum().grad([x]);
        x -= slope * 0.01;
    }
    x
}

fn forward<'t, V: Value>(mut x: Var<'t, V>) -> Var<'t, V> {
    let one = x.full_like(1.0);
    for _ in 0..STEPS {
        x -= x.sin().jvp([x], [one]) * 0.01;
    }
    x
}

fn measure<V: Value>(criterion: &mut Criterion, name: &str, x: &V, steps: for<'t> fn(Var<'t, V>) -> Var<'t, V>) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(STEPS as u64)).sample_size(20);
    for n in [1_000, 10_000, 100_000] {
        group.bench_with_input(BenchmarkId::from_parameter(n), &n, |bencher, &n| {
            bencher.iter_batched_ref(
                || long(n, x),
                |tape| steps(tape.variable(x.clone())).value(),
                BatchSize::LargeInput,
            );
        });
    }
}

fn benches(criterion: &mut Criterion) {
    let vector = Tensor::<f64>::linspace(0.1, 0.9, 8);
    measure(criterion, "long_tape/number/reverse", &0.5, reverse);
    measure(criterion, "long_tape/number/forward", &0.5, forward);
    measure(criterion, "long_tape/tensor/reverse", &vector, reverse);
    measure(criterion, "long_tape/tensor/forward", &vector, forward);
}

criterion_group!(long_tape, benches);
criterion_main!(long_tape);
