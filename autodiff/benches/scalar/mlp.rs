//! A network 64-64-64-1 on one sample, differentiated with respect to its 8,385 weights: long dot products.

use crate::workload::{ByHand, Number, Workload, c, noise};

pub(crate) const N: usize = 64;
/// The number of parameters of a layer: a row of weights for each unit, then the biases.
pub(crate) const LAYER: usize = N * N + N;

pub(crate) struct Mlp {
    pub(crate) x: Vec<f64>,
    /// The activations of the hidden layers.
    hidden: [[f64; N]; 2],
    /// The cotangents of the weighted inputs of the hidden layers.
    delta: [[f64; N]; 2],
}

impl Mlp {
    pub(crate) fn new() -> Self {
        Self { x: noise(N, 2), hidden: [[0.0; N]; 2], delta: [[0.0; N]; 2] }
    }
}

fn dot<T: Number>(w: &[T], x: &[T], bias: T) -> T {
    w.iter().zip(x).map(|(&w, &x)| w * x).sum::<T>() + bias
}

fn layer<T: Number>(w: &[T], x: &[T]) -> Vec<T> {
    let (w, bias) = w.split_at(N * N);
    w.chunks_exact(N).zip(bias).map(|(w, &bias)| dot(w, x, bias).tanh()).collect()
}

/// A dot product in four independent sums, which the processor adds in parallel.
fn fast_dot(w: &[f64], x: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    for (w, x) in w.chunks_exact(4).zip(x.chunks_exact(4)) {
        for i in 0..4 {
            sums[i] += w[i] * x[i];
        }
    }
    sums[0] + sums[1] + (sums[2] + sums[3])
}

fn forward(w: &[f64], x: &[f64], y: &mut [f64]) {
    let (w, bias) = w.split_at(N * N);
    for (y, (w, bias)) in y.iter_mut().zip(w.chunks_exact(N).zip(bias)) {
        *y = (fast_dot(w, x) + bias).tanh();
    }
}

fn weight_gradient(delta: &[f64], x: &[f64], g: &mut [f64]) {
    let (g, bias) = g.split_at_mut(N * N);
    bias.copy_from_slice(delta);
    for (g, delta) in g.chunks_exact_mut(N).zip(delta) {
        g.iter_mut().zip(x).for_each(|(g, x)| *g = delta * x);
    }
}

impl Workload for Mlp {
    const NAME: &str = "mlp_64-64-64-1";

    fn inputs(&self) -> Vec<f64> {
        noise(2 * LAYER + N + 1, 3).iter().map(|w| 0.3 * w).collect()
    }

    fn program<T: Number>(&self, w: &[T]) -> T {
        let x: Vec<T> = self.x.iter().map(|&x| c(x)).collect();
        let h = layer(&w[..LAYER], &x);
        let h = layer(&w[LAYER..2 * LAYER], &h);
        let y = dot(&w[2 * LAYER..][..N], &h, w[2 * LAYER + N]);
        (y - c(0.5)).powi(2)
    }
}

impl ByHand for Mlp {
    fn by_hand(&mut self, w: &[f64], g: &mut [f64]) -> f64 {
        let Self { x, hidden: [h1, h2], delta: [d1, d2] } = self;
        forward(&w[..LAYER], x, h1);
        forward(&w[LAYER..2 * LAYER], h1, h2);
        let last = &w[2 * LAYER..];
        let error = fast_dot(&last[..N], h2) + last[N] - 0.5;
        let dy = 2.0 * error;
        for i in 0..N {
            g[2 * LAYER + i] = dy * h2[i];
            d2[i] = dy * last[i] * (1.0 - h2[i] * h2[i]);
        }
        g[2 * LAYER + N] = dy;
        d1.fill(0.0);
        for (w, d2) in w[LAYER..][..N * N].chunks_exact(N).zip(&*d2) {
            d1.iter_mut().zip(w).for_each(|(d1, w)| *d1 += d2 * w);
        }
        d1.iter_mut().zip(&*h1).for_each(|(d, h)| *d *= 1.0 - h * h);
        weight_gradient(d2, h1, &mut g[LAYER..2 * LAYER]);
        weight_gradient(d1, x, &mut g[..LAYER]);
        error * error
    }
}
