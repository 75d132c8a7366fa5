//! Noise as a regulariser. There is no training mode: a forward pass with noise calls these functions with a generator.

use autodiff::prelude::*;
use rand::{Rng, RngExt};

/// Dropout: sets each element to 0 with probability p and divides it by 1 − p otherwise, so that the mean stays. The
/// value may have any shape. (Srivastava et al. 2014, in the form of their section 10.)
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
/// Panics if p is not in \[0, 1).
#[track_caller]
pub fn dropout<V: Value>(x: &V, p: f64, rng: &mut impl Rng) -> V {
    assert!((0.0..1.0).contains(&p), "dropout: {}: the share {p} is not in [0, 1)", x.shape());
    let kept = Tensor::from_fn(x.shape(), |_| {
        let dropped = rng.random::<f64>() < p;
        V::Elem::from_f64(if dropped { 0.0 } else { 1.0 / (1.0 - p) })
    });
    x.lift(&kept).mul_strong_zero(x) // 0 also for an infinite element
}

/// x + ε with independent normal ε of mean 0 and the given standard deviation. The value may have any shape. A small
/// deviation on inputs acts as a penalty on the derivatives of the rest of the network (Bishop 1995).
///
/// # Panics
/// Panics if the deviation is negative or not finite.
#[track_caller]
pub fn gaussian<V: Value>(x: &V, deviation: f64, rng: &mut impl Rng) -> V {
    let fits = deviation.is_finite() && deviation >= 0.0;
    assert!(fits, "gaussian: {}: {deviation} is not a standard deviation", x.shape());
    x.lift(&Tensor::normal(x.shape(), 0.0, deviation, rng)) + x
}
