//! log softmax.

use candle_core::{Result, Tensor};

/// x − ln Σ eˣ along an axis, after the largest element is subtracted. That element is made finite first, so that ∞ − ∞
/// does not arise.
pub(super) fn log_softmax(x: &Tensor, axis: usize) -> Result<Tensor> {
    let peak = x.max_keepdim(axis)?;
    let peak = finite(&peak)?;
    let y = x.broadcast_sub(&peak)?;
    let normaliser = y.exp()?.sum_keepdim(axis)?.log()?;
    y.broadcast_sub(&normaliser)
}

/// x, and 0 where it is not finite.
fn finite(x: &Tensor) -> Result<Tensor> {
    let difference = x.sub(x)?; // NaN where x is not finite
    difference.eq(&difference)?.where_cond(x, &x.zeros_like()?)
}
