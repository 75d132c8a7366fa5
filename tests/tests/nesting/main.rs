//! Derivatives inside of derivatives: no perturbation of one level is taken for another's.
//!
//! In a tower each level is a tape (or a dual number) of its own over the values of the level outside; an outer variable
//! enters an inner function by `constant`. On one tape there are no levels, only nodes.

mod known_bugs;
mod levels;
mod nested_transforms;

use autodiff::prelude::*;

/// The derivative of a function of a number, which may itself take derivatives.
fn d<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    grad(x, f)
}

/// The same by a dual number.
fn push<V: Value>(x: &V, f: impl FnOnce(Dual<V>) -> Dual<V>) -> V {
    f(Dual::new(x.clone(), x.full_like(1.0))).tangent()
}
