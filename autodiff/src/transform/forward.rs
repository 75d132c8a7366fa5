//! Directional derivatives, in forward mode.

use crate::algebra::{Reading, Tree};
use crate::tape::{Leaves, OnTape, Tape, Var};

/// Computes the value of a function, and its derivative along `dx` (Jacobian-vector product).
///
/// Runs one forward pass over the recorded function. The value and its tangent have the shape of the output.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, dy) = jvp(&3.0, &1.0, |x| x * x);
/// assert_eq!((y, dy), (9.0, 6.0));
/// ```
///
/// # Panics
/// Panics if `dx` and `x` have different shapes.
#[track_caller]
pub fn jvp<V: Reading>(x: &V, dx: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> (V, V) {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(leaves.0[0]);
    push("jvp", &leaves, dx, y)
}

/// Does the same as [`jvp`], for a function of a tree of values.
///
/// # Panics
/// Panics if a leaf of `dx` and the same leaf of `x` have different shapes.
#[track_caller]
pub fn jvp_tree<T: Tree>(
    x: &T,
    dx: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> (T::Leaf, T::Leaf) {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(&tape, leaves.variables(x));
    push("jvp_tree", &leaves, dx, y)
}

/// The value of a recorded output, and its tangent. Messages bear the name of the calling function.
#[track_caller]
fn push<'t, T: Tree>(name: &str, leaves: &Leaves<'t, T::Leaf>, dx: &T, y: Var<'t, T::Leaf>) -> (T::Leaf, T::Leaf) {
    let dx = dx.leaves();
    y.check_tape(name, &leaves.0);
    leaves.check_tangents(name, &dx);
    (y.value(), leaves.push(y, &dx))
}
