//! Jacobians, of a whole input and of each sample of a batch.

use crate::algebra::Reading;
use crate::tape::{Mode, Tape, Var};

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
    y.jacobian_values(x, Mode::cheaper(x.shape().size(), y.shape().size()))
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
