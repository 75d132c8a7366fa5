//! Changes of several values together, as an optimiser makes them.

use super::traits::Reading;

/// How N values change together, element by element: the new values for the old ones and for one more value, such as the
/// weights and moments of an optimiser for a gradient.
///
/// It is written once, in operations on any reading. [`Reading::update_together`] runs it: on tensors as one loop over
/// numbers, in place; on any other value operation by operation.
///
/// ```
/// use autodiff::prelude::*;
/// /// Gradient descent with momentum ½.
/// #[derive(Clone, Copy)]
/// struct HeavyBall { rate: f64 }
/// impl autodiff::Update<2> for HeavyBall {
///     fn apply<V: Reading>(&self, [w, v]: [V; 2], g: V) -> [V; 2] {
///         let v = v.scale(0.5) + g;
///         [w - v.scale(self.rate), v]
///     }
/// }
/// let (mut w, mut v) = (Tensor::from([1.0, 2.0]), Tensor::from([0.0, 8.0]));
/// Tensor::update_together([&mut w, &mut v], &Tensor::from([4.0, 4.0]), HeavyBall { rate: 1.0 });
/// assert_eq!((w.to_vec(), v.to_vec()), (vec![-3.0, -6.0], vec![4.0, 8.0]));
/// ```
pub trait Update<const N: usize>: Copy + Send {
    /// The new values. Only pointwise operations are allowed: on tensors, the values are single elements.
    fn apply<V: Reading>(&self, y: [V; N], x: V) -> [V; N];
}
