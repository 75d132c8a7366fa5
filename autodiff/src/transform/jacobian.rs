//! Jacobians, of a whole input and of each sample of a batch.

use super::gradient::GradientOf;
use crate::algebra::{Reading, Tree};
use crate::tape::{Leaves, Mode, OnTape, Tape, Var};

/// Computes the Jacobian of a function: the derivative of each element of the output by each element of the input.
///
/// The result has shape \[output axes…, input axes…\]. One batched pass computes it: a forward pass if the input has
/// fewer elements than the output, else a backward pass. For a plain number it is the derivative.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([1.0, 2.0]);
/// let j = jacobian(&x, |x| x.square());
/// assert_eq!(j, Tensor::from([[2.0, 0.0], [0.0, 4.0]]));
/// ```
#[track_caller]
pub fn jacobian<V: Reading>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_tape("jacobian", &[x]);
    y.jacobian_value(x)
}

/// Computes the value of a function together with its [`jacobian`].
///
/// ```
/// use autodiff::prelude::*;
/// let (y, j) = value_and_jacobian(&Tensor::from([1.0, 2.0]), |x| x.square());
/// assert_eq!((y.to_vec(), j), (vec![1.0, 4.0], Tensor::from([[2.0, 0.0], [0.0, 4.0]])));
/// ```
#[track_caller]
pub fn value_and_jacobian<V: Reading>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> (V, V) {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_tape("value_and_jacobian", &[x]);
    (y.value(), y.jacobian_value(x))
}

/// Computes the Jacobians of a function by all leaves of a tree, in one batched backward pass. Each has the shape \[output
/// axes…, leaf axes…\].
///
/// ```
/// use autodiff::prelude::*;
/// let (w, x) = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), Tensor::from([1.0, -1.0]));
/// let (by_w, by_x) = jacobian_tree(&(w.clone(), x), |_, (w, x)| w.matmul(&x));
/// assert_eq!(by_x, w);
/// assert_eq!(by_w.shape(), [2, 2, 2]);
/// ```
#[track_caller]
pub fn jacobian_tree<T: Tree>(
    x: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> GradientOf<T> {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(&tape, leaves.variables(x));
    y.check_tape("jacobian_tree", &leaves.0);
    x.with_leaves(y.jacobian_values_of(&leaves.0))
}

/// Computes the same as [`jacobian`], in the given mode.
#[track_caller]
pub fn jacobian_by<V: Reading>(mode: Mode, x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_tape("jacobian_by", &[x]);
    y.jacobian_values(x, mode)
}

/// Computes the Jacobian of each sample of a batch.
///
/// For a function \[n, d…\] → \[n, p…\] the result has shape \[n, p…, d…\]. Row i of the output must depend on row i of
/// the input alone, which [`Var::mixed_row`] checks; see [`Var::batch_jacobian`].
///
/// # Panics
/// Panics if the output and the input have no first axis in common.
#[track_caller]
pub fn batch_jacobian<V: Reading>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_tape("batch_jacobian", &[x]);
    y.batch_jacobian_values(x)
}
