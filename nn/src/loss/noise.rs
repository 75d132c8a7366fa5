//! Noise as a regulariser. There is no training mode: a forward pass that is to have noise calls these, with a
//! generator; one that is not does not.

use autodiff::prelude::*;
use rand::{Rng, RngExt};

/// Dropout: each element becomes 0 with probability p, and is divided by 1 − p otherwise, so that its mean stays. Of
/// any shape. (Srivastava et al. 2014, in the form of their section 10.)
///
/// ```
/// use autodiff::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let x = Tensor::<f64>::ones([1000]);
/// let y = nn::noise::dropout(&x, 0.2, &mut StdRng::seed_from_u64(0));
/// assert!(y.iter().all(|y| y == 0.0 || y == 1.25));
/// assert!((y.mean().item() - 1.0).abs() < 0.05);
/// ```
///
/// # Panics
/// If p is not in \[0, 1).
#[track_caller]
pub fn dropout<V: Value>(x: &V, p: f64, rng: &mut impl Rng) -> V {
    assert!((0.0..1.0).contains(&p), "dropout: {}: a share of {p} is not in [0, 1)", x.shape());
    let kept = Tensor::from_fn(x.shape(), |_| {
        let dropped = rng.random::<f64>() < p;
        V::Elem::from_f64(if dropped { 0.0 } else { 1.0 / (1.0 - p) })
    });
    x.lift(&kept) * x
}

/// x + ε with ε independent and normal, of mean 0 and the given standard deviation. Of any shape. On inputs, with a
/// small deviation, that is a penalty on the derivatives of what follows (Bishop 1995).
///
/// # Panics
/// If the deviation is below 0, or not finite.
#[track_caller]
pub fn gaussian<V: Value>(x: &V, deviation: f64, rng: &mut impl Rng) -> V {
    let fits = deviation.is_finite() && deviation >= 0.0;
    assert!(fits, "gaussian: {}: {deviation} is no standard deviation", x.shape());
    x.lift(&Tensor::normal(x.shape(), 0.0, deviation, rng)) + x
}
