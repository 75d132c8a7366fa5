//! Recorded derivatives on long tapes.
//!
//! The first groups measure steps x ← x − 0.01·sin′(x) at the end of a tape of n nodes. A step costs the same for every n. The
//! group `unrolled_optimiser` trains a network 2-8-1 by n recorded steps of gradient descent, and differentiates the final
//! loss with respect to the initial weights. A step costs the same for every n here too.

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

type Number = Tensor<f64>;

/// The loss of a network 2-8-1 on the four samples of XOR.
fn loss<'t>([w1, b1, w2, b2]: &[Var<'t, Number>; 4], x: &Number, y: &Number) -> Var<'t, Number> {
    let hidden = (w1.constant(x.clone()).matmul_t(w1) + b1).tanh();
    (hidden.matmul_t(w2) + b2 - y).square().mean()
}

/// The derivatives of the loss after n steps by the initial weights.
fn unrolled(initial: &[Number; 4], steps: usize) -> [Number; 4] {
    let x = Tensor::from([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
    let y = Tensor::from([[0.0], [1.0], [1.0], [0.0]]);
    let (_, gradient) = value_and_grad(initial, |_, mut weights| {
        for _ in 0..steps {
            let slopes = loss(&weights, &x, &y).grad(weights);
            weights = std::array::from_fn(|i| weights[i] - slopes[i] * 0.1);
        }
        loss(&weights, &x, &y)
    });
    gradient
}

fn unrolled_optimiser(criterion: &mut Criterion) {
    let weight = |shape: &[usize]| Tensor::from_fn(shape, |i| (1.0 + i.iter().sum::<usize>() as f64).sin() * 0.5);
    let initial = [weight(&[8, 2]), weight(&[8]), weight(&[1, 8]), weight(&[1])];
    let mut group = criterion.benchmark_group("long_tape/unrolled_optimiser");
    for steps in [100, 1_000] {
        group.throughput(Throughput::Elements(steps as u64)).sample_size(10);
        group.bench_with_input(BenchmarkId::from_parameter(steps), &steps, |bencher, &steps| {
            bencher.iter(|| unrolled(&initial, steps));
        });
    }
}

criterion_group!(long_tape, benches, unrolled_optimiser);
criterion_main!(long_tape);
