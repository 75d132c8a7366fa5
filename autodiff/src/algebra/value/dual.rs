//! Dual numbers: the type. The room `reading` has their operations.
//!
//! This file and `traits.rs` import each other: each `Reading` names the type of its tangents, and a dual number is a `Reading`.

use super::traits::Reading;
use crate::algebra::op::{Op, Pointwise};

/// A value `x` with a tangent `dx`, its derivative along a direction of the input.
///
/// Every operation carries both forward, by the rules that a tape uses in its backward pass. `V` may be any reading:
/// tensors, variables (forward over reverse), or dual numbers (second order). A dual number over `f64` is an element
/// that a tensor or a tape can hold: `Tape<Dual<f64>>` is reverse mode with a forward derivative inside.
///
/// A dual number over numbers also implements [`num_traits::Float`] and
/// [more](crate::ScalarTape#what-a-program-may-ask-of-its-numbers). It is `Copy` and `'static`, so other libraries take it
/// where they take an `f64`.
///
/// `D` is the type of the tangent. By default it is the one of the reading: a number over numbers, and over arrays and
/// variables an `Option`, which is absent for constants. See [`Tangent`].
///
/// ```
/// use autodiff::prelude::*;
/// let x = Dual::new(3.0, 1.0);
/// let y = x * x + x.sin();
/// assert_eq!(y.tangent(), 6.0 + 3.0f64.cos());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual<V: Reading, D = <V as Reading>::Tangent> {
    /// The value.
    pub x: V,
    /// The tangent. If it can be absent, an absent one is zero.
    pub dx: D,
}

impl<V: Reading> Dual<V> {
    /// A value with a tangent of the same shape.
    ///
    /// # Panics
    /// Panics if the shapes differ.
    #[inline]
    #[track_caller]
    pub fn new(x: V, dx: V) -> Self {
        if !V::SCALAR && !x.has_shape_of(&dx) {
            panic!("Dual::new: the tangent has shape {}, but the value has shape {}", dx.shape(), x.shape());
        }
        Self { x, dx: V::Tangent::of_value(dx) }
    }

    /// A constant. Its tangent is zero, or absent.
    #[inline(always)]
    pub fn constant(x: V) -> Self {
        Self::from_value(x)
    }
}

impl<V: Reading, D: Tangent<V>> Dual<V, D> {
    /// As [`constant`](Self::constant), for a tangent of any type `D`; `constant` takes the reading's own type.
    #[inline(always)]
    pub fn from_value(x: V) -> Self {
        Self { dx: D::of_constant(&x), x }
    }

    /// The value, without its tangent.
    #[inline(always)]
    pub fn value(&self) -> V {
        self.x.clone()
    }

    /// The tangent; zeros if it is absent.
    #[inline]
    pub fn tangent(&self) -> V {
        self.dx.to_value(&self.x)
    }
}

/// The type of a [`Dual`] number's tangent. Over numbers, it is a number, which is always present. Over arrays and
/// variables, it is `Option<V>`: absent for a constant, for which nothing is computed.
pub trait Tangent<V: Reading>: Clone {
    /// The tangent of dual numbers over these dual numbers.
    type Outer: Tangent<Dual<V, Self>>;

    /// The tangent of a constant.
    fn of_constant(x: &V) -> Self;

    /// A tangent that is present.
    fn of_value(dx: V) -> Self;

    /// The tangent as a value of the shape of `x`.
    fn to_value(&self, x: &V) -> V;

    /// Applies a pointwise operation.
    #[doc(hidden)]
    #[track_caller]
    fn apply_dual(op: Pointwise, x: &[&Dual<V, Self>]) -> Dual<V, Self>;

    /// The tangent of the result of an operation that is not pointwise.
    #[doc(hidden)]
    fn push_tangent(op: &Op, x: &[&V], y: &V, dx: &[&Self]) -> Self;

    /// As [`Reading::storage`].
    #[doc(hidden)]
    fn storage(&self, _report: &mut dyn FnMut(usize, usize)) {}
}
