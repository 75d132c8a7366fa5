//! The Jacobian of bundle adjustment: 2 residuals for each observation, which depend on 11 parameters of a camera, 3 of a
//! point and a weight (Šrajer, Kukelova and Fitzgibbon, *A benchmark of selected algorithmic differentiation tools*, 2018).
//! `known_pattern` and `detected` compute 14 directions in one batch, since the two coordinates of the image centre share one.
//! `dense` computes all rows in one batch, and `row_by_row` one backward pass for each row.
//!
//!     cargo bench -p autodiff --bench sparse
#![allow(missing_docs)]

use autodiff::prelude::*;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::array::from_fn;

const CAMERA: usize = 11;
const POINT: usize = 3;

struct Problem {
    /// For each parameter of an observation, its place in the input, by observation.
    places: [Tensor<usize>; CAMERA + POINT + 1],
    /// The measured image points.
    measured: [Tensor<f64>; 2],
    inputs: usize,
}

impl Problem {
    fn new(cameras: usize, points: usize, observations: usize) -> Self {
        let rng = &mut StdRng::seed_from_u64(1);
        let seen: Vec<[usize; 2]> = (0..observations).map(|i| [rng.random_range(0..cameras), i % points]).collect();
        let (points_start, weights_start) = (CAMERA * cameras, CAMERA * cameras + POINT * points);
        let place = |k: usize, i: usize| match k {
            k if k < CAMERA => CAMERA * seen[i][0] + k,
            k if k < CAMERA + POINT => points_start + POINT * seen[i][1] + (k - CAMERA),
            _ => weights_start + i,
        };
        let places = from_fn(|k| Tensor::from_fn([observations], |i| place(k, i[0])));
        let measured = from_fn(|_| Tensor::uniform([observations], -1.0, 1.0, rng));
        Self { places, measured, inputs: weights_start + observations }
    }

    fn input(&self) -> Tensor<f64> {
        Tensor::uniform([self.inputs], 0.2, 1.0, &mut StdRng::seed_from_u64(2))
    }

    /// The weighted differences between the projected points and the measured ones, \[observations, 2\].
    fn residuals<V: Value<Elem = f64>>(&self, x: &V) -> V {
        let [r0, r1, r2, c0, c1, c2, focus, u0, v0, k1, k2, p0, p1, p2, weight] =
            from_fn(|k| x.gather(0, &self.places[k]));
        let (r, p) = ([r0, r1, r2], [p0 - &c0, p1 - &c1, p2 - &c2]);
        let dot = |a: &[V; 3], b: &[V; 3]| a[0].clone() * &b[0] + &(a[1].clone() * &b[1]) + &(a[2].clone() * &b[2]);
        // Rodrigues' formula for the rotation by the vector r.
        let angle_squared = dot(&r, &r);
        let angle = angle_squared.sqrt();
        let (cosine, sine) = (angle.cos(), angle.sin() / &angle);
        let along = dot(&r, &p) * (-(cosine.clone() - 1.0) / &angle_squared);
        let cross = |i: usize| {
            let (j, k) = ((i + 1) % 3, (i + 2) % 3);
            r[j].clone() * &p[k] - r[k].clone() * &p[j]
        };
        let [x, y, z] = from_fn(|i| p[i].clone() * &cosine + cross(i) * &sine + r[i].clone() * &along);
        let (u, v) = (x / &z, y / &z);
        let radius = u.square() + v.square();
        let scale = focus * ((k2 * &radius + &k1) * &radius + 1.0);
        let residual = |u: V, centre: V, i: usize| {
            let measured = u.lift(&self.measured[i]);
            (u * &scale + centre - measured) * &weight
        };
        V::stack(1, &[&residual(u, u0, 0), &residual(v, v0, 1)])
    }
}

/// The Jacobian by one backward pass for each row.
fn row_by_row(problem: &Problem, x: &Tensor<f64>) -> Tensor<f64> {
    let (y, pullback) = vjp(x, |x| problem.residuals(&x));
    let rows: Vec<Tensor<f64>> = (0..y.size())
        .map(|i| pullback(&Tensor::from_fn(y.shape(), |at| if 2 * at[0] + at[1] == i { 1.0 } else { 0.0 })))
        .collect();
    Tensor::stack(0, &rows.iter().collect::<Vec<_>>())
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sparse/bundle_adjustment");
    group.sample_size(10);
    for (cameras, points, observations) in [(5, 40, 120), (20, 200, 1_000)] {
        let problem = Problem::new(cameras, points, observations);
        let x = problem.input();
        let f = function_of(&x, |x| problem.residuals(&x));
        let compression = Compression::of_jacobian(Sparsity::of_jacobian(&x, f));
        assert_eq!(compression.directions(), CAMERA + POINT);
        let sparse = sparse_jacobian_by(&compression, &x, f);
        assert_eq!(sparse.values().len(), 2 * observations * (CAMERA + POINT));
        let n = compression.pattern().shape()[1];
        assert_close(&sparse.to_dense(), &jacobian(&x, f).reshape([2 * observations, n]), 1e-12);
        group.throughput(Throughput::Elements(2 * observations as u64));
        let id = |contender| BenchmarkId::new(contender, format!("{}x{n}", 2 * observations));
        group.bench_function(id("known_pattern"), |b| b.iter(|| sparse_jacobian_by(&compression, &x, f)));
        group.bench_function(id("detected"), |b| b.iter(|| sparse_jacobian(&x, f)));
        group.bench_function(id("dense"), |b| b.iter(|| jacobian(&x, f)));
        group.bench_function(id("row_by_row"), |b| b.iter(|| row_by_row(&problem, &x)));
    }
}

criterion_group!(sparse, benches);
criterion_main!(sparse);
