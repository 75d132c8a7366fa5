//! Decompositions and systems of equations of 8, 64 and 512 rows and of 1,000 matrices of 8 × 8, in `f64`: the value alone,
//! and the gradient of a weighted sum of the result. `nn/benches/peers/jax_torch.py linear_algebra` is the twin.
//!
//!     cargo bench -p autodiff --features linalg --bench linear_algebra
#![allow(missing_docs)]

use autodiff::prelude::*;
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{SeedableRng, rngs::StdRng};
use std::hint::black_box;

/// cos i for the i-th element of a result, so that no cotangent is the same for all elements.
fn weights(y: Matrix) -> Matrix {
    let mut i = -1.0;
    Tensor::from_fn(y.shape(), |_| {
        i += 1.0;
        f64::cos(i)
    })
}

fn one<V>(y: V) -> Vec<V> {
    vec![y]
}

fn two<V>((a, b): (V, V)) -> Vec<V> {
    vec![a, b]
}

/// The sum of all parts of a result, weighted.
fn weighted<V: Value<Elem = f64>>(parts: Vec<V>, weights: &[Matrix]) -> V {
    let sums = parts.into_iter().zip(weights).map(|(y, weights)| (y.clone() * &y.lift(weights)).sum());
    sums.reduce(|sum, y| sum + y).expect("a result has a part")
}

type Matrix = Tensor<f64>;

/// Benches a function of one matrix, which may hold a second one as a constant.
macro_rules! task {
    ($c:ident, $size:expr, $name:expr, $x:expr, |$a:ident| $value:expr, $parts:expr) => {{
        let x: &Matrix = $x;
        let $a = x;
        let weights: Vec<Matrix> = $parts($value).into_iter().map(weights).collect();
        $c.bench_function(&format!("{} {} value", $name, $size), |bencher| {
            bencher.iter(|| {
                let $a = black_box(x);
                $value
            })
        });
        $c.bench_function(&format!("{} {} gradient", $name, $size), |bencher| {
            bencher.iter(|| grad(black_box(x), |$a| weighted($parts($value), &weights)))
        });
    }};
}

fn linear_algebra(c: &mut Criterion) {
    for (size, shape) in
        [("8", vec![8, 8]), ("64", vec![64, 64]), ("512", vec![512, 512]), ("1000x8", vec![1000, 8, 8])]
    {
        let rng = &mut StdRng::seed_from_u64(0);
        let n = shape[shape.len() - 1];
        let a: Matrix = Tensor::normal(&shape[..], 0.0, 1.0, rng);
        let positive = &(a.matmul_t(&a) * (1.0 / n as f64)) + &Tensor::eye(n);
        let b: Matrix = Tensor::normal(a.shape().with(shape.len() - 1, 1), 0.0, 1.0, rng);
        task!(c, size, "cholesky", &positive, |a| a.cholesky(), one);
        task!(c, size, "solve", &a, |a| a.solve(&b), one);
        task!(c, size, "inverse", &a, |a| a.inverse(), one);
        task!(c, size, "log_det", &a, |a| a.log_det(), one);
        task!(c, size, "qr", &a, |a| a.qr(), two);
        task!(c, size, "eigh", &positive, |a| a.eigh(), two);
        task!(c, size, "singular_values", &a, |a| a.singular_values(), one);
    }
}

criterion_group!(benches, linear_algebra);
criterion_main!(benches);
