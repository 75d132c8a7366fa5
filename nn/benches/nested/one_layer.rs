//! The contractive penalty of one sigmoid layer, by hand.

use crate::by_hand::{Matrix, functions, gemm};

/// The contractive penalty of one sigmoid layer h = σ(z), z = x·Wᵀ + b, and its gradient with respect to W and b.
///
/// Let σ′ = h(1 − h) and qⱼ = ‖Wⱼ‖². The penalty is P = (1/n)·Σᵢⱼ σ′ᵢⱼ²·qⱼ, so ∂P/∂zᵢⱼ = (2/n)·σ′ᵢⱼ²·(1 − 2hᵢⱼ)·qⱼ. The
/// gradient with respect to Wⱼ is the j-th row of (∂P/∂z)ᵀ·x, plus (2/n)·(Σᵢ σ′ᵢⱼ²)·Wⱼ through qⱼ.
pub(crate) struct OneLayer {
    pub(crate) inputs: usize,
    pub(crate) units: usize,
    pub(crate) weight: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) gradient: Vec<f32>,
    pub(crate) bias_gradient: Vec<f32>,
    pub(crate) h: Vec<f32>,
    /// qⱼ = ‖Wⱼ‖².
    pub(crate) squares: Vec<f32>,
    /// Σᵢ σ′ᵢⱼ².
    pub(crate) sums: Vec<f32>,
}

impl OneLayer {
    pub(crate) fn new(weight: Vec<f32>, bias: Vec<f32>, batch: usize) -> Self {
        let (units, inputs) = (bias.len(), weight.len() / bias.len());
        let (gradient, bias_gradient, h) = (weight.clone(), bias.clone(), vec![0.0; batch * units]);
        Self {
            inputs,
            units,
            weight,
            bias,
            gradient,
            bias_gradient,
            h,
            squares: vec![0.0; units],
            sums: vec![0.0; units],
        }
    }

    pub(crate) fn penalty(&mut self, x: &[f32]) -> f32 {
        let (batch, scale) = (self.h.len() / self.units, 2.0 * self.units as f32 / self.h.len() as f32);
        self.h.chunks_exact_mut(self.units).for_each(|row| row.copy_from_slice(&self.bias));
        let (x, weight) = (Matrix::new(x, batch, self.inputs), Matrix::new(&self.weight, self.units, self.inputs));
        gemm(x, weight.t(), 1.0, &mut self.h);
        functions::sigmoid(&mut self.h);
        for (square, row) in self.squares.iter_mut().zip(self.weight.chunks_exact(self.inputs)) {
            *square = row.chunks(16).fold([0.0; 16], lanes_of_squares).iter().sum();
        }
        self.sums.fill(0.0);
        self.bias_gradient.fill(0.0);
        for row in self.h.chunks_exact_mut(self.units) {
            let columns = row.iter_mut().zip(&self.squares).zip(self.sums.iter_mut().zip(&mut self.bias_gradient));
            for ((h, q), (sum, bias)) in columns {
                let slope = *h * (1.0 - *h);
                *sum += slope * slope;
                *h = scale * slope * slope * (1.0 - 2.0 * *h) * q;
                *bias += *h;
            }
        }
        let rows = self.gradient.chunks_exact_mut(self.inputs).zip(self.weight.chunks_exact(self.inputs));
        for ((gradient, weight), sum) in rows.zip(&self.sums) {
            gradient.iter_mut().zip(weight).for_each(|(g, w)| *g = scale * sum * w);
        }
        gemm(Matrix::new(&self.h, batch, self.units).t(), x, 1.0, &mut self.gradient);
        self.squares.iter().zip(&self.sums).map(|(q, sum)| q * sum).sum::<f32>() * 0.5 * scale
    }
}

/// Adds the squares of `x` to 16 independent sums, so that the loop is vectorised.
fn lanes_of_squares(mut lanes: [f32; 16], x: &[f32]) -> [f32; 16] {
    lanes.iter_mut().zip(x).for_each(|(lane, x)| *lane += x * x);
    lanes
}
