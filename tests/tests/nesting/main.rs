//! Derivatives inside derivatives: the perturbations of different levels are never confused.
//!
//! Each level is a tape, or a dual number, over the values of the next outer level. An outer variable enters an inner
//! function through `constant`. Alternatively one tape serves all levels, because it can be differentiated repeatedly.

mod known_bugs;
mod levels;
mod nested_transforms;

use autodiff::prelude::*;

/// The derivative of a function of one number in reverse mode, by a tape.
fn d<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    grad(x, f)
}

/// The derivative of a function of one number in forward mode, by dual numbers.
fn push<V: Value>(x: &V, f: impl FnOnce(Dual<V>) -> Dual<V>) -> V {
    jvp(x, &x.full_like(1.0), f).1
}
