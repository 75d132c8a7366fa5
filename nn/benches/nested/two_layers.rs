//! The contractive penalty of two tanh layers, by hand.

use crate::by_hand::{Matrix, functions, gemm};

/// The contractive penalty of an encoder with two tanh layers, and its gradient.
///
/// Let s¹ and s² be the derivatives of the two tanh layers. The Jacobian is U·W¹, where U has a row
/// Uᵢₖ = s²ᵢₖ·(s¹ᵢ ∘ W²ₖ) for each sample i and code unit k. With G = W¹·W¹ᵀ the penalty is P = (1/n)·Σ (U·G)∘U.
///
/// The gradients are dU = (2/n)·U·G, which reuses the product, dG = (1/n)·UᵀU, and dW¹ = 2·dG·W¹.
pub(crate) struct TwoLayers {
    pub(crate) sizes: [usize; 3],
    pub(crate) weights: [Vec<f32>; 2],
    pub(crate) biases: [Vec<f32>; 2],
    pub(crate) gradients: [Vec<f32>; 2],
    pub(crate) bias_gradients: [Vec<f32>; 2],
    a: [Vec<f32>; 2],
    delta: [Vec<f32>; 2],
    back: Vec<f32>,
    gram: Vec<f32>,
    gram_gradient: Vec<f32>,
    u: Vec<f32>,
    u_gradient: Vec<f32>,
}

impl TwoLayers {
    pub(crate) fn new(sizes: [usize; 3], weights: [Vec<f32>; 2], biases: [Vec<f32>; 2], batch: usize) -> Self {
        let [_, hidden, code] = sizes;
        let buffers = || [vec![0.0; batch * hidden], vec![0.0; batch * code]];
        Self {
            gradients: weights.clone(),
            bias_gradients: biases.clone(),
            a: buffers(),
            delta: buffers(),
            back: vec![0.0; batch * hidden],
            gram: vec![0.0; hidden * hidden],
            gram_gradient: vec![0.0; hidden * hidden],
            u: vec![0.0; batch * code * hidden],
            u_gradient: vec![0.0; batch * code * hidden],
            sizes,
            weights,
            biases,
        }
    }

    pub(crate) fn penalty(&mut self, x: &[f32]) -> f32 {
        let [inputs, hidden, code] = self.sizes;
        let batch = self.a[0].len() / hidden;
        let n = batch as f32;
        let x = Matrix::new(x, batch, inputs);
        let (first, second) =
            (Matrix::new(&self.weights[0], hidden, inputs), Matrix::new(&self.weights[1], code, hidden));
        let [a1, a2] = &mut self.a;
        layer(x, first, &self.biases[0], a1);
        layer(Matrix::new(a1, batch, hidden), second, &self.biases[1], a2);
        for ((u, a1), a2) in
            self.u.chunks_exact_mut(code * hidden).zip(a1.chunks_exact(hidden)).zip(a2.chunks_exact(code))
        {
            for ((u, w), a2) in u.chunks_exact_mut(hidden).zip(self.weights[1].chunks_exact(hidden)).zip(a2) {
                let slope = 1.0 - a2 * a2;
                u.iter_mut().zip(w).zip(a1).for_each(|((u, w), a1)| *u = slope * w * (1.0 - a1 * a1));
            }
        }
        let u = Matrix::new(&self.u, batch * code, hidden);
        gemm(first, first.t(), 0.0, &mut self.gram);
        gemm(u, Matrix::new(&self.gram, hidden, hidden), 0.0, &mut self.u_gradient);
        gemm(u.t(), u, 0.0, &mut self.gram_gradient);
        let penalty = self.u.chunks(16).zip(self.u_gradient.chunks(16)).fold([0.0; 16], |mut lanes, (u, g)| {
            lanes.iter_mut().zip(u).zip(g).for_each(|((lane, u), g)| *lane += u * g);
            lanes
        });
        self.gram_gradient.iter_mut().for_each(|g| *g *= 2.0 / n);
        gemm(Matrix::new(&self.gram_gradient, hidden, hidden), first, 0.0, &mut self.gradients[0]);
        self.backward_slopes(2.0 / n);
        self.backward_layers(x);
        penalty.iter().sum::<f32>() / n
    }

    /// Propagates dU to W² and to the weighted inputs of both layers.
    fn backward_slopes(&mut self, scale: f32) {
        let [_, hidden, code] = self.sizes;
        let [delta1, delta2] = &mut self.delta;
        delta1.fill(0.0);
        self.gradients[1].fill(0.0);
        let samples = self
            .u_gradient
            .chunks_exact(code * hidden)
            .zip(self.a[0].chunks_exact(hidden).zip(self.a[1].chunks_exact(code)));
        for ((g, (a1, a2)), (d1, d2)) in samples.zip(delta1.chunks_exact_mut(hidden).zip(delta2.chunks_exact_mut(code)))
        {
            let units = g
                .chunks_exact(hidden)
                .zip(self.weights[1].chunks_exact(hidden))
                .zip(self.gradients[1].chunks_exact_mut(hidden));
            for (((g, w), dw), (a2, d2)) in units.zip(a2.iter().zip(d2)) {
                let slope = 1.0 - a2 * a2;
                let mut total = [0.0; 16];
                let blocks =
                    g.chunks(16).zip(w.chunks(16)).zip(a1.chunks(16)).zip(dw.chunks_mut(16).zip(d1.chunks_mut(16)));
                for (((g, w), a1), (dw, d1)) in blocks {
                    for (((((g, w), a1), dw), d1), total) in g.iter().zip(w).zip(a1).zip(dw).zip(d1).zip(&mut total) {
                        let (s1, g) = (1.0 - a1 * a1, scale * g);
                        *dw += g * slope * s1;
                        *d1 -= g * slope * w * 2.0 * a1 * s1;
                        *total += g * w * s1;
                    }
                }
                *d2 = -2.0 * a2 * slope * total.iter().sum::<f32>();
            }
        }
    }

    /// Backpropagates the cotangents of the weighted inputs through the layers.
    fn backward_layers(&mut self, x: Matrix<'_, f32>) {
        let [_, hidden, code] = self.sizes;
        let [delta1, delta2] = &mut self.delta;
        let batch = delta2.len() / code;
        let second = Matrix::new(&self.weights[1], code, hidden);
        let d2 = Matrix::new(delta2, batch, code);
        gemm(d2.t(), Matrix::new(&self.a[0], batch, hidden), 1.0, &mut self.gradients[1]);
        gemm(d2, second, 0.0, &mut self.back);
        for ((d, back), a) in delta1.iter_mut().zip(&self.back).zip(&self.a[0]) {
            *d += back * (1.0 - a * a);
        }
        gemm(Matrix::new(delta1, batch, hidden).t(), x, 1.0, &mut self.gradients[0]);
        functions::sum_rows(delta1, &mut self.bias_gradients[0]);
        functions::sum_rows(delta2, &mut self.bias_gradients[1]);
    }
}

/// a = tanh(x·Wᵀ + b)
fn layer(x: Matrix<'_, f32>, weight: Matrix<'_, f32>, bias: &[f32], a: &mut [f32]) {
    a.chunks_exact_mut(bias.len()).for_each(|row| row.copy_from_slice(bias));
    gemm(x, weight.t(), 1.0, a);
    functions::tanh(a);
}
