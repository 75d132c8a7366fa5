//! How denoising and contraction are related: a numerical experiment.
//!
//! Trained with Gaussian noise of small deviation σ, a denoising autoencoder minimises the error without noise plus
//! σ²·‖J_r(x)‖²_F, a contractive penalty on the whole reconstruction r = ψ∘φ (Alain and Bengio 2014, theorem 1 and
//! section 3.3). Expanded to second order for **any** r, the mean over the noise ε is
//!
//! E‖r(x + ε) − x‖² = ‖r(x) − x‖² + σ²·\[‖J_r(x)‖²_F + (r(x) − x)ᵀ·Δr(x)\] + O(σ⁴),
//!
//! The paper drops the last part, the curvature. It vanishes as the reconstruction becomes exact, and for linear r.

use crate::loss::batch_mean;
use crate::measure::{check_figures, metrics::squared_error};
use autodiff::prelude::*;
use rand::Rng;

/// The effect of noise on the reconstruction error, measured and predicted; means over the batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmallNoise {
    /// (E‖r(x + ε) − x‖² − ‖r(x) − x‖²)/σ², the mean over draws of ε.
    pub excess: f64,
    /// ‖J_r(x)‖²_F, exact.
    pub contraction: f64,
    /// (r(x) − x)ᵀ·Δr(x), exact, with Δ the Laplacian of each output.
    pub curvature: f64,
}

/// Measures and predicts how much noise of deviation `sigma` adds to the error of a reconstruction r at a batch x, \[n,
/// features\]. The noise is drawn `draws` times, each time with both signs, so that linear effects cancel.
///
/// ```
/// use autodiff::prelude::*;
/// use nn::autoencoder::small_noise::measure;
/// use rand::{SeedableRng, rngs::StdRng};
/// let x = Tensor::<f64>::ones([1, 3]);
/// let halves = measure(&x, 1e-3, 2000, &mut StdRng::seed_from_u64(0), |x| x.clone() * 0.5);
/// assert!((halves.contraction - 0.75).abs() < 1e-12 && halves.curvature == 0.0);
/// assert!((halves.excess - 0.75).abs() < 0.05);
/// ```
///
/// # Panics
/// Panics if r changes the shape, if there are no draws, if σ is not above 0, or if x is empty or holds a NaN.
#[track_caller]
pub fn measure<T: Element>(
    x: &Tensor<T>,
    sigma: f64,
    draws: usize,
    rng: &mut impl Rng,
    r: impl for<'t> Fn(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>,
) -> SmallNoise {
    assert!(draws > 0, "measure: {}: there are no draws", x.shape());
    assert!(sigma > 0.0 && sigma.is_finite(), "measure: {}: the deviation {sigma} is not above 0", x.shape());
    check_figures("measure", "x", x);
    let mut tape = Tape::new();
    let mut rebuild = |noisy: Tensor<T>| {
        tape.clear();
        r(tape.constant(noisy)).value()
    };
    let rebuilt = rebuild(x.clone());
    let (shape, given) = (x.shape(), rebuilt.shape());
    assert!(shape == given, "measure: {shape}: the reconstruction has shape {given}");
    let clean = squared_error(&rebuilt, x);
    let mut error = |noisy| squared_error(&rebuild(noisy), x);
    let mut excess = 0.0;
    for _ in 0..draws {
        let noise = Tensor::normal(x.shape(), 0.0, sigma, rng);
        excess += 0.5 * (error(x + &noise) + error(x - &noise)) - clean;
    }
    let (contraction, curvature) = second_order(x, r);
    SmallNoise { excess: excess / draws as f64 / sigma.powi(2), contraction, curvature }
}

/// ‖J_r‖²_F and (r − x)ᵀ·Δr. The second is the trace of the second derivatives of ⟨r(x) − x, r⟩ with the first factor
/// held fixed.
fn second_order<T: Element>(x: &Tensor<T>, r: impl for<'t> Fn(Var<'t, Tensor<T>>) -> Var<'t, Tensor<T>>) -> (f64, f64) {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = r(x);
    let contraction = batch_mean(&y.batch_jacobian(x).square());
    let [slope] = y.dot((y - x).detach()).grad([x]);
    let curvature = batch_mean(&slope.batch_jacobian(x).trace());
    (contraction.value().item().to_f64(), curvature.value().item().to_f64())
}
