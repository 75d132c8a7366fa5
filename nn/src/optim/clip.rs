//! Clipping of gradients.

use super::optimizer::{largest_absolute, leaves};
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
pub fn clip_norm<V: Value>(gradient: &mut impl Tree<Leaf = V>, limit: f64) -> f64 {
    assert!(limit > 0.0, "clip_norm: the limit {limit} is not above 0");
    let norm = norm(gradient);
    if norm.is_finite() && norm > limit {
        // In steps: the quotient of the limit and the norm may be subnormal, and the norm of `f32` may exceed the largest `f32`.
        let fits = V::Elem::from_f64(norm).to_f64().is_finite();
        let root = norm.sqrt();
        gradient.visit_mut(&mut |_, leaf| {
            let unit = if fits { leaf.clone() / norm } else { leaf.clone() / root / root };
            *leaf = unit * limit;
        });
    }
    norm
}

/// The norm of all leaves. If the sum of squares overflows or loses digits, it is computed again in units of the peak.
fn norm<V: Value>(gradient: &impl Tree<Leaf = V>) -> f64 {
    let smallest = V::Elem::MIN_POSITIVE / V::Elem::EPSILON.powi(2);
    let squares: Vec<V> = leaves(gradient).into_iter().map(V::square).collect();
    match V::sum_all(&squares.iter().collect::<Vec<_>>()) {
        sum if (smallest..f64::INFINITY).contains(&sum) => sum.sqrt(),
        _ => norm_in_units(gradient),
    }
}

#[cold]
fn norm_in_units<V: Value>(gradient: &impl Tree<Leaf = V>) -> f64 {
    let numbers: Vec<f64> =
        leaves(gradient).iter().flat_map(|leaf| leaf.primal().map(|g| g.to_f64()).to_vec()).collect();
    let peak = largest_absolute(&numbers);
    let squares = |unit: f64| numbers.iter().map(|g| (g / unit).powi(2)).sum::<f64>();
    if peak > 0.0 && peak.is_finite() { peak * squares(peak).sqrt() } else { peak }
}

/// Clamps each element of a gradient to \[−limit, limit\]. Unlike [`clip_norm`], this changes the direction.
///
/// # Panics
/// Panics if the limit is not above 0.
#[track_caller]
pub fn clip_value<V: Value>(gradient: &mut impl Tree<Leaf = V>, limit: f64) {
    assert!(limit > 0.0, "clip_value: the limit {limit} is not above 0");
    gradient.visit_mut(&mut |_, leaf| *leaf = leaf.clamp(-limit, limit));
}
