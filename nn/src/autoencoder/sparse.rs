//! Sparse autoencoders: penalties that keep most units of the code inactive.
//!
//! Add a penalty to the loss with a factor: `squared_error(y, x) + kl_divergence(…) * beta`.

use crate::loss::over_batch;
use crate::measure::check_figures;
use crate::network::Transfer;
use autodiff::prelude::*;

/// Σⱼ KL(ρ‖ρ̂ⱼ) from the weighted inputs z of the code, \[n, code\], with ρ̂ⱼ the mean activation of unit j over the
/// batch; a scalar.
///
/// KL(ρ‖ρ̂) = ρ·ln(ρ/ρ̂) + (1 − ρ)·ln((1 − ρ)/(1 − ρ̂)). The mean over the batch comes **first**, so a unit may be
/// fully active for a few samples; the mean of the divergences of single samples would forbid this. Activations are
/// those of a sigmoid, or (tanh z + 1)/2 for tanh, which is the sigmoid of 2z.
///
/// Computed from z, the penalty is finite for all finite z: ln ρ̂ⱼ is logsumexpᵢ(−softplus(−zᵢⱼ)) − ln n, and ln(1 −
/// ρ̂ⱼ) is logsumexpᵢ(−softplus(zᵢⱼ)) − ln n. Computed from an h that is rounded to 0 or 1, it would be infinite. (Ng
/// 2011, *Sparse autoencoder*, section 3.)
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Transfer, autoencoder::sparse};
/// let z = Tensor::from([[-800.0, 0.0], [-800.0, 0.0]]); // one unit never active, one half of the time
/// let penalty: f64 = sparse::kl_divergence(&z, 0.5, Transfer::Sigmoid).item();
/// assert!((penalty - (0.5 * 800.0 - 2f64.ln())).abs() < 1e-12);
/// ```
///
/// # Panics
/// Panics if ρ is outside (0, 1), if the transfer function is neither sigmoid nor tanh, or if z is not a batch.
#[track_caller]
pub fn kl_divergence<V: Value>(z: &V, rho: f64, transfer: Transfer) -> V {
    let shape = z.shape();
    assert!(rho > 0.0 && rho < 1.0, "kl_divergence: {shape}: ρ = {rho} is outside (0, 1)");
    assert!(shape.rank() == 2 && shape[0] > 0, "kl_divergence: {shape}: a batch [n, code] is needed");
    let z = match transfer {
        Transfer::Sigmoid => z.clone(),
        Transfer::Tanh => z.scale(2.0),
        other => panic!("kl_divergence: {shape}: {other:?} has no mean activation in (0, 1): take Sigmoid or Tanh"),
    };
    let log_mean = |log: V| log.logsumexp(0) - (shape[0] as f64).ln();
    let (active, inactive) = (log_mean(-z.scale(-1.0).softplus()), log_mean(-z.softplus()));
    let cross = active * -rho + inactive * (rho - 1.0);
    (cross + (rho * rho.ln() + (1.0 - rho) * (1.0 - rho).ln())).sum()
}

/// The penalty (1/n) Σᵢ Σⱼ |hᵢⱼ| of a code h, \[n, code\]; a scalar. The derivative at 0 is 0.
///
/// # Panics
/// Panics if the batch is empty.
#[track_caller]
pub fn l1<V: Value>(h: &V) -> V {
    over_batch("l1", &h.abs().sum(), &h.shape())
}

/// The penalty (1/n) Σᵢ Σⱼ hᵢⱼ² of a code h, \[n, code\]; a scalar.
///
/// # Panics
/// Panics if the batch is empty.
#[track_caller]
pub fn l2<V: Value>(h: &V) -> V {
    over_batch("l2", &h.square().sum(), &h.shape())
}

/// The share of the elements of a code with an absolute value above a threshold. It is not differentiated.
///
/// ```
/// use autodiff::prelude::*;
/// let h = Tensor::from([[0.0, 0.9], [-0.5, 0.01]]);
/// assert_eq!(nn::autoencoder::sparse::active_share(&h, 0.1), 0.5);
/// ```
///
/// # Panics
/// Panics if h is empty or holds a NaN, or if the threshold is NaN.
#[track_caller]
pub fn active_share<T: Element>(h: &Tensor<T>, threshold: f64) -> f64 {
    check_figures("active_share", "h", h);
    assert!(!threshold.is_nan(), "active_share: {}: the threshold is NaN", h.shape());
    h.iter().filter(|h| h.to_f64().abs() > threshold).count() as f64 / h.size() as f64
}
