//! Clipping of gradients.

use autodiff::prelude::*;

/// Scales a gradient down to the given norm if its norm is larger, and keeps its direction; returns the norm before.
/// The norm is the root of the sum of squares over all elements of all leaves. (Pascanu, Mikolov and Bengio 2013,
/// algorithm 1.)
///
/// If the norm is not finite, the gradient stays as it is, and the caller sees the norm.
///
/// ```
/// use autodiff::prelude::*;
/// let mut gradient = (Tensor::from([3.0]), Tensor::from([0.0, 4.0]));
/// assert_eq!(nn::clip_norm(&mut gradient, 1.0), 5.0);
/// assert!(gradient.1.approx(&Tensor::from([0.0, 0.8]), 1e-15).is_ok());
/// assert!((nn::clip_norm(&mut gradient, 1.0) - 1.0).abs() < 1e-15);
/// ```
///
/// # Panics
/// Panics if the limit is not above 0.
#[track_caller]
pub fn clip_norm<T: Element>(gradient: &mut impl Tree<Leaf = Tensor<T>>, limit: f64) -> f64 {
    assert!(limit > 0.0, "clip_norm: the limit {limit} is not above 0");
    let norm = norm(gradient);
    if norm.is_finite() && norm > limit {
        // In two steps: the quotient of the limit and the norm may be subnormal.
        gradient.visit_mut(&mut |_, leaf| leaf.update(|g| T::from_f64(g.to_f64() / norm * limit)));
    }
    norm
}

/// The norm of all leaves. If the sum of squares overflows or loses digits, it is computed again in units of the peak.
fn norm<T: Element>(gradient: &impl Tree<Leaf = Tensor<T>>) -> f64 {
    const SMALLEST: f64 = f64::MIN_POSITIVE / f64::EPSILON / f64::EPSILON;
    let squares = |unit: f64| {
        let mut squares = 0.0;
        gradient.visit(&mut |_, leaf| squares += leaf.iter().map(|g| (g.to_f64() / unit).powi(2)).sum::<f64>());
        squares
    };
    match squares(1.0) {
        s if (SMALLEST..f64::INFINITY).contains(&s) => s.sqrt(),
        s => {
            let mut peak = 0.0f64;
            gradient.visit(&mut |_, leaf| peak = leaf.iter().fold(peak, |peak, g| peak.max(g.to_f64().abs())));
            if s.is_nan() || peak == 0.0 || peak.is_infinite() { s.sqrt() } else { peak * squares(peak).sqrt() }
        }
    }
}

/// Clamps each element of a gradient to \[−limit, limit\]. Unlike [`clip_norm`], this changes the direction.
///
/// # Panics
/// Panics if the limit is not above 0.
#[track_caller]
pub fn clip_value<T: Element>(gradient: &mut impl Tree<Leaf = Tensor<T>>, limit: f64) {
    assert!(limit > 0.0, "clip_value: the limit {limit} is not above 0");
    gradient.visit_mut(&mut |_, leaf| *leaf = leaf.clamp(-limit, limit));
}
