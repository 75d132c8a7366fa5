//! The Hessian-vector product of a network with one hidden tanh layer and cross-entropy, by hand (Pearlmutter 1994).
//!
//! Pearlmutter's operator R{·}, the derivative along v, is applied to each step of backpropagation.

use crate::by_hand::{Matrix, functions, gemm};

pub(crate) struct Product {
    pub(crate) sizes: [usize; 3],
    pub(crate) weights: [Vec<f32>; 2],
    pub(crate) biases: [Vec<f32>; 2],
    /// The vector: weights, then biases.
    pub(crate) v: [Vec<f32>; 2],
    pub(crate) v_biases: [Vec<f32>; 2],
    /// The product: weights, then biases.
    pub(crate) y: [Vec<f32>; 2],
    pub(crate) y_biases: [Vec<f32>; 2],
    /// The hidden activations a, and R{a}.
    a: Vec<f32>,
    ra: Vec<f32>,
    /// The cotangents e of a, and R{·} of the hidden δ.
    e: Vec<f32>,
    re: Vec<f32>,
    /// The cotangents δ of the logits, and R{δ}.
    delta: Vec<f32>,
    rdelta: Vec<f32>,
    logits: Vec<f32>,
}

impl Product {
    pub(crate) fn new(sizes: [usize; 3], weights: [Vec<f32>; 2], biases: [Vec<f32>; 2], batch: usize) -> Self {
        let (hidden, outputs) = (vec![0.0; batch * sizes[1]], vec![0.0; batch * sizes[2]]);
        Self {
            sizes,
            v: weights.clone(),
            v_biases: biases.clone(),
            y: weights.clone(),
            y_biases: biases.clone(),
            weights,
            biases,
            a: hidden.clone(),
            ra: hidden.clone(),
            e: hidden.clone(),
            re: hidden,
            delta: outputs.clone(),
            rdelta: outputs.clone(),
            logits: outputs,
        }
    }

    pub(crate) fn compute(&mut self, x: &[f32], classes: &[usize]) {
        let [inputs, hidden, outputs] = self.sizes;
        let batch = classes.len();
        let x = Matrix::new(x, batch, inputs);
        let first_layer = |w| Matrix::new(w, hidden, inputs);
        let second_layer = |w| Matrix::new(w, outputs, hidden);
        affine(x, first_layer(&self.weights[0]), &self.biases[0], &mut self.a);
        functions::tanh(&mut self.a);
        affine(x, first_layer(&self.v[0]), &self.v_biases[0], &mut self.ra);
        self.ra.iter_mut().zip(&self.a).for_each(|(ra, a)| *ra *= 1.0 - a * a);
        let (a, ra) = (Matrix::new(&self.a, batch, hidden), Matrix::new(&self.ra, batch, hidden));
        affine(a, second_layer(&self.weights[1]), &self.biases[1], &mut self.logits);
        affine(a, second_layer(&self.v[1]), &self.v_biases[1], &mut self.rdelta);
        gemm(ra, second_layer(&self.weights[1]).t(), 1.0, &mut self.rdelta);
        let scale = 1.0 / batch as f32;
        functions::softmax_cross_entropy(&self.logits, classes, &mut self.delta, scale);
        let rows = self.rdelta.chunks_exact_mut(outputs).zip(self.delta.chunks_exact(outputs)).zip(classes);
        for ((rz, delta), &class) in rows {
            let p = |j: usize| delta[j] + if j == class { scale } else { 0.0 };
            let mean: f32 = rz.iter().enumerate().map(|(j, rz)| p(j) * rz).sum::<f32>() / scale;
            rz.iter_mut().enumerate().for_each(|(j, rz)| *rz = p(j) * (*rz - mean));
        }
        let (d, rd) = (Matrix::new(&self.delta, batch, outputs), Matrix::new(&self.rdelta, batch, outputs));
        gemm(rd.t(), a, 0.0, &mut self.y[1]);
        gemm(d.t(), ra, 1.0, &mut self.y[1]);
        functions::sum_rows(&self.rdelta, &mut self.y_biases[1]);
        gemm(d, second_layer(&self.weights[1]), 0.0, &mut self.e);
        gemm(rd, second_layer(&self.weights[1]), 0.0, &mut self.re);
        gemm(d, second_layer(&self.v[1]), 1.0, &mut self.re);
        for ((re, e), (a, ra)) in self.re.iter_mut().zip(&self.e).zip(self.a.iter().zip(&self.ra)) {
            *re = *re * (1.0 - a * a) - 2.0 * e * a * ra;
        }
        gemm(Matrix::new(&self.re, batch, hidden).t(), x, 0.0, &mut self.y[0]);
        functions::sum_rows(&self.re, &mut self.y_biases[0]);
    }
}

/// z = x·Wᵀ + b
fn affine(x: Matrix<'_, f32>, weight: Matrix<'_, f32>, bias: &[f32], z: &mut [f32]) {
    z.chunks_exact_mut(bias.len()).for_each(|row| row.copy_from_slice(bias));
    gemm(x, weight.t(), 1.0, z);
}
