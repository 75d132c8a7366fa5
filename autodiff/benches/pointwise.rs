//! Pointwise operations on large tensors, bound by memory, and on small ones, bound by the cost of recording; fused
//! formulas beside the same formulas composed of operations.
//!
//!     cargo bench -p autodiff --bench pointwise
#![allow(missing_docs)]

use autodiff::prelude::*;
use criterion::{Criterion, criterion_group, criterion_main};
use pulp::NullaryFnOnce;
use std::hint::black_box;

const A: f64 = 0.7;
const B: f64 = 0.1;

autodiff::fuse! {
    /// Σ tanh(a·x + b)²·e⁻ˣ
    fn bumps(x; a: f64, b: f64) -> sum { x.scale(a).shift(b).tanh().square() * x.neg().exp() }
}

/// Σ tanh(a·x + b)²·e⁻ˣ and its gradient with respect to x, in one pass that stores only the gradient.
struct ByHand<'a> {
    x: &'a [f32],
    g: &'a mut [f32],
}

impl NullaryFnOnce for ByHand<'_> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let mut sums = [0.0; 64];
        for (x, g) in self.x.chunks_exact(64).zip(self.g.chunks_exact_mut(64)) {
            for ((sum, g), &x) in sums.iter_mut().zip(g).zip(x) {
                let e = exp(2.0 * (A as f32 * x + B as f32));
                let (t, decay) = (1.0 - 2.0 / (e + 1.0), exp(-x));
                *sum += t * t * decay;
                *g = decay * t * (2.0 * A as f32 * (1.0 - t * t) - t);
            }
        }
        sums.iter().sum()
    }
}

/// eˣ by range reduction and a polynomial, without branches, so that loops over it are vectorised.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUND: f32 = 1.5 * (1 << 23) as f32;
    let rounded = x.clamp(-87.0, 88.0).mul_add(std::f32::consts::LOG2_E, ROUND);
    let r = (rounded - ROUND).mul_add(-std::f32::consts::LN_2, x);
    let terms = [720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0];
    let sum = terms.into_iter().fold(0.0, |sum: f32, term| sum.mul_add(r, 1.0 / term));
    sum * f32::from_bits((rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127)) << 23)
}

/// Computes the value and the gradient in two halves, which two threads may share.
fn by_hand(x: &[f32], g: &mut [f32]) -> f32 {
    let (x, g) = (x.split_at(x.len() / 2), g.split_at_mut(x.len() / 2));
    let half = |x, g| pulp::Arch::new().dispatch(ByHand { x, g });
    let (left, right) = rayon_core::join(|| half(x.0, g.0), || half(x.1, g.1));
    left + right
}

/// Compares the hand-written loop with the fused and the composed function.
fn chain(c: &mut Criterion) {
    let n = 1 << 20;
    let x = Tensor::<f32>::linspace(-2.0, 2.0, n);
    let mut g = vec![0.0; n];
    let mut tape = Tape::new();
    let mut composed =
        |x: &Tensor<f32>| tape.value_and_grad_tree(x, |_, x| ((x * A + B).tanh().square() * (-x).exp()).sum());
    let mut tape = Tape::new();
    let mut fused = |x: &Tensor<f32>| tape.value_and_grad_tree(x, |_, x| bumps(&x, A, B));
    let (total, gradient) = fused(&x);
    assert!((by_hand(x.as_slice().expect("contiguous"), &mut g) - total.item()).abs() < 1e-4 * total.item());
    assert!(gradient.approx(&Tensor::from(g.clone()), 1e-4).is_ok() && gradient.approx(&composed(&x).1, 1e-4).is_ok());

    let mut group = c.benchmark_group("pointwise");
    let slice = x.as_slice().expect("contiguous");
    group.bench_function("chain_1e6/by_hand", |b| b.iter(|| by_hand(black_box(slice), &mut g)));
    group.bench_function("chain_1e6/fused", |b| b.iter(|| fused(black_box(&x))));
    group.bench_function("chain_1e6/composed", |b| b.iter(|| composed(black_box(&x))));
    group.finish();
}

/// 1,000 operations on 4 × 4 matrices, so that dispatch and recording take all the time.
fn dispatch(c: &mut Criterion) {
    let x = Tensor::<f32>::linspace(0.1, 1.0, 16).reshape([4, 4]);
    let mut tape = Tape::new();
    c.bench_function("dispatch/1000_ops_4x4", |b| {
        b.iter(|| {
            tape.value_and_grad_tree(black_box(&x), |_, x| {
                let mut y = x;
                for _ in 0..250 {
                    y = ((y * x + x) * 0.5).tanh();
                }
                y.sum()
            })
        });
    });
}

/// Measures a formula with its gradient with respect to all operands, on 2¹⁶ elements and one thread: fused into one
/// loop, and composed.
macro_rules! formulas {
    ($group:ident; $($name:ident($($x:ident),+) $formula:expr;)*) => {$({
        autodiff::fuse! { fn fused($($x),+) -> sum { $formula } }
        fn composed<V: Value>($($x: &V),+) -> V {
            $formula.sum()
        }
        let operands = [$(stringify!($x)),+].map(|name| {
            Tensor::<f32>::linspace(-1.0, 1.0, 1 << 16) * 0.9 + 0.5 * f64::from(name.as_bytes()[0] - b'v')
        });
        let mut tape = Tape::new();
        let mut fused = || tape.value_and_grad_tree(&operands, |_, [$($x),+]| fused($(&$x),+));
        let mut tape = Tape::new();
        let mut composed = || tape.value_and_grad_tree(&operands, |_, [$($x),+]| composed($(&$x),+));
        for (one, other) in fused().1.iter().zip(&composed().1) {
            assert!(one.approx(other, 1e-4).is_ok(), "{}: the gradients differ", stringify!($name));
        }
        $group.bench_function(concat!(stringify!($name), "/fused"), |b| b.iter(&mut fused));
        $group.bench_function(concat!(stringify!($name), "/composed"), |b| b.iter(&mut composed));
    })*};
}

/// A fused formula is slow if one of its operations is not inlined into the vectorised loop.
fn fused_formulas(c: &mut Criterion) {
    autodiff::set_threads(1);
    let mut group = c.benchmark_group("fused");
    formulas! { group;
        product(x, y) x.clone() * y;
        clamped(x, y) x.clamp(-0.5, 0.5) * y.maximum(0.0);
        selected(x, y) x.less_equal(y).select(&x.square(), y);
        rounded_once(x, y) x.mul_add(y, x);
        softplus(x, y) x.softplus() - x.clone() * y;
        gelu(x, y) x.gelu() * y;
        silu(x, y) x.silu() * y;
        elu(x, y) x.elu(1.0) * y;
        softsign(x, y) x.softsign() * y;
        logaddexp(x, y) x.logaddexp(y);
        xlogy(x, y) x.xlogy(y.square());
        normal_density(x, y) (x.clone() - y).square().scale(-0.5).exp();
        lstm_output(x, y) x.sigmoid() * y.tanh();
        lstm_memory(w, x, y, z) w.sigmoid() * x + y.sigmoid() * z.tanh();
        five_operands(v, w, x, y, z) w.sigmoid() * x + y.sigmoid() * z.tanh() * v;
        seven_operands(t, u, v, w, x, y, z) t.tanh() * u + v.sigmoid() * w + x.sigmoid() * y.tanh() * z;
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2));
    targets = chain, dispatch, fused_formulas
}
criterion_main!(benches);
