//! Checkpoints: the backward pass recomputes a function rather than storing its values.

use super::apply::custom;
use crate::algebra::{Dyn, Primitive, Reading, run};
use crate::array::Tensor;
use crate::tape::{Tape, Var};
use std::panic::Location;

/// Applies `f` as one node on the tape, without recording the operations inside.
///
/// A backward pass evaluates `f` again and records it then. A deep function of several checkpoints thus holds the
/// memory of one part at a time, at the cost of one more evaluation (Griewank and Walther, *Evaluating Derivatives*,
/// chapter 12).
///
/// Derivatives are taken by the operands `x` only; plain values that `f` captures are constants, and a variable that it
/// captures does not compile. `f` must compute the same
/// each time, so random draws must be operands.
///
/// # Panics
/// A later pass panics if `f` returns another value than before, bit by bit. Its message names the line of this call.
///
/// ```
/// use autodiff::prelude::*;
/// let dy = grad(&0.5, |x| checkpoint(|x| x[0].sin().exp(), &[&x]));
/// assert_eq!(dy, 0.5f64.sin().exp() * 0.5f64.cos());
/// ```
#[track_caller]
pub fn checkpoint<V: Reading>(f: impl for<'a> Fn(&[Dyn<'a>]) -> Dyn<'a> + Send + Sync + 'static, x: &[&V]) -> V {
    custom(Checkpoint { f, location: Location::caller() }, x)
}

struct Checkpoint<F> {
    f: F,
    /// The line of the user's call, for messages of later passes.
    location: &'static Location<'static>,
}

impl<F: for<'a> Fn(&[Dyn<'a>]) -> Dyn<'a> + Send + Sync + 'static> Primitive for Checkpoint<F> {
    fn name(&self) -> &str {
        "checkpoint"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        (self.f)(x)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        pull_on_tape(x, g, |x| {
            let recomputed = run(&x.iter().collect::<Vec<_>>(), |x| vec![(self.f)(x)]);
            let recomputed = recomputed.into_iter().next().expect("the function returns one value");
            if !is_equal(&recomputed.primal(), &y.primal()) {
                panic!(
                    "checkpoint: the function at {} returned a different value when it was recomputed; pass random \
                     draws in as arguments",
                    self.location
                );
            }
            recomputed
        })
    }
}

/// Whether all elements have equal bits, or are both NaN. In a batch, a value that all rows share is stored once, with
/// size 1 along the axis of the batch.
fn is_equal(a: &Tensor<f64>, b: &Tensor<f64>) -> bool {
    let Some(shape) = a.shape().broadcast(b.shape()) else { return false };
    let (a, b) = (a.broadcast_view(&shape), b.broadcast_view(&shape));
    a.iter().zip(b.iter()).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}

/// Pulls the cotangent `g` back through a function, which is recorded on a new tape for this.
pub(crate) fn pull_on_tape<'a>(
    x: &[Dyn<'a>],
    g: Dyn<'a>,
    f: impl for<'t> Fn(&[Var<'t, Dyn<'a>>]) -> Var<'t, Dyn<'a>>,
) -> Vec<Dyn<'a>> {
    let tape = Tape::new();
    let x: Vec<Var<'_, Dyn<'a>>> = x.iter().map(|&x| tape.variable(x)).collect();
    f(&x).backward_with(g).of(&x)
}
