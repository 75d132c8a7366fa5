//! What a transfer function can be asked for.

use super::standard::Transfer;
use autodiff::prelude::*;
use std::fmt;

/// A transfer function fˡ, or activation function, which maps the weighted inputs zˡ of a layer to its outputs aˡ.
///
/// [`Transfer`] has the usual ones. A function of your own acts on each element by itself and needs [`apply`] only:
/// the derivatives come from dual numbers. The chapter's section 3.3 mentions oscillating functions with many zeros,
/// such as the growing cosine u·cos u (Noel et al. 2021):
///
/// ```
/// use autodiff::prelude::*;
/// use nn::{Init, Mixed, Mlp, Transfer, TransferFunction};
/// use rand::{SeedableRng, rngs::StdRng};
///
/// #[derive(Clone, Debug)]
/// struct GrowingCosine;
///
/// impl TransferFunction for GrowingCosine {
///     fn apply<V: Value>(&self, u: &V) -> V {
///         u.cos() * u
///     }
/// }
///
/// assert_eq!(GrowingCosine.derivative(&2.0), 2f64.cos() - 2.0 * 2f64.sin());
/// // `Mixed` puts it into a network beside the usual functions: here, the output is linear.
/// let rng = &mut StdRng::seed_from_u64(0);
/// let mlp = Mlp::new(&[2, 4, 1], Mixed::Own(GrowingCosine), Init::GlorotUniform, rng);
/// assert_eq!(mlp.forward(&Tensor::<f64>::zeros([5, 2])).shape(), [5, 1]);
/// ```
///
/// A file of a model holds the function as text, by `Debug`: see [`Tree::visit_settings`].
///
/// [`apply`]: TransferFunction::apply
pub trait TransferFunction: Clone + fmt::Debug {
    /// f(u), of the shape of u. Operators take their left operand by value, so u·cos u is `u.cos() * u`: see the table
    /// of [operators](Value#operators).
    #[track_caller]
    fn apply<V: Value>(&self, u: &V) -> V;

    /// f′(u), of the shape of u.
    #[track_caller]
    fn derivative<V: Value>(&self, u: &V) -> V {
        self.value_and_derivative(u).1
    }

    /// f(u) and f′(u), each of the shape of u.
    #[track_caller]
    fn value_and_derivative<V: Value>(&self, u: &V) -> (V, V) {
        let y = self.apply(&Dual::new(u.clone(), u.full_like(1.0)));
        let slope = y.tangent();
        (y.x, slope)
    }

    /// The cotangent of u from that of f(u): f′(u) ∘ g.
    ///
    /// # Panics
    /// Panics if the shapes of u and g differ.
    #[track_caller]
    fn pull<V: Value>(&self, u: &V, g: &V) -> V {
        check_cotangent(u, g);
        self.derivative(u) * g
    }

    /// An interval that holds f(u) for all u; (−∞, ∞) by default.
    fn range(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    /// This function among the usual ones; `None` for a function of your own.
    fn standard(&self) -> Option<Transfer> {
        None
    }
}

/// Panics at the caller's line unless a cotangent has the shape of u.
#[inline]
#[track_caller]
pub(super) fn check_cotangent<V: Value>(u: &V, g: &V) {
    let (shape, given) = (u.shape(), g.shape());
    assert!(shape == given, "pull: u has shape {shape}, but the cotangent has shape {given}");
}
