//! Decompositions and systems of equations of 8, 64 and 512 rows and of 1,000 matrices of 8 × 8, in `f64`: the value alone,
//! and the gradient of a weighted sum of the result. `nn/benches/peers/jax_torch.py linear_algebra` is the twin.
//!
//!     cargo bench -p autodiff --features linalg --bench linear_algebra
#![allow(missing_docs)]

use autodiff::prelude::*;
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{SeedableRng, rngs::StdRng};
use std::hint::black_box;

/// Σ yᵢ·cos i, so that no cotangent is the same for all elements.
fn weighted<V: Value>(y: &V) -> V {
    let mut i = -1.0;
    let weights = Tensor::from_fn(y.shape(), |_| {
        i += 1.0;
        V::Elem::from_f64(f64::cos(i))
    });
    (y.clone() * &y.lift(&weights)).sum()
}

fn both<V: Value>((a, b): (V, V)) -> V {
    weighted(&a) + weighted(&b)
}

type Matrix = Tensor<f64>;

/// Benches a function of one matrix, which may hold a second one as a constant.
macro_rules! task {
    ($c:ident, $size:expr, $name:expr, $x:expr, |$a:ident| $value:expr, $loss:expr) => {{
        let x: &Matrix = $x;
        $c.bench_function(&format!("{} {} value", $name, $size), |bencher| {
            bencher.iter(|| {
                let $a = black_box(x);
                $value
            })
        });
        $c.bench_function(&format!("{} {} gradient", $name, $size), |bencher| {
            bencher.iter(|| grad(black_box(x), |$a| $loss($value)))
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
        task!(c, size, "cholesky", &positive, |a| a.cholesky(), |y| weighted(&y));
        task!(c, size, "solve", &a, |a| a.solve(&b), |y| weighted(&y));
        task!(c, size, "inverse", &a, |a| a.inverse(), |y| weighted(&y));
        task!(c, size, "log_det", &a, |a| a.log_det(), |y| weighted(&y));
        task!(c, size, "qr", &a, |a| a.qr(), both);
        task!(c, size, "eigh", &positive, |a| a.eigh(), both);
        task!(c, size, "singular_values", &a, |a| a.singular_values(), |y| weighted(&y));
    }
}

criterion_group!(benches, linear_algebra);
criterion_main!(benches);
