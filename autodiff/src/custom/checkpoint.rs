//! Checkpoints: the backward pass recomputes a function rather than storing its values.

use super::apply::custom;
use super::erased::pull_on_tape;
use crate::algebra::{Dyn, Math, Primitive, Reading, Structural};
use std::panic::Location;

/// Applies `f` as one node on the tape, without recording the operations inside.
///
/// A backward pass evaluates `f` again and records it then. A deep function of several checkpoints thus holds the
/// memory of one part at a time, at the cost of one more evaluation (Griewank and Walther, *Evaluating Derivatives*,
/// chapter 12).
///
/// Derivatives are taken with respect to the operands `x` only. Plain values that `f` captures are constants; capturing
/// a variable does not compile. `f` must be deterministic, so random draws are passed as operands.
///
/// # Panics
/// A later pass panics if `f` returns another value than before. Its message names the line of this call.
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
        let check = |recomputed| {
            if !is_equal(recomputed, y) {
                panic!(
                    "checkpoint: the function at {} returned a different value when it was recomputed; pass random \
                     draws in as arguments",
                    self.location
                );
            }
        };
        pull_on_tape(x, g, &|x| (self.f)(x), &check)
    }
}

/// Whether all elements are equal, or both NaN. Only their number leaves the arrays: in a batch, one for each row.
fn is_equal<'a>(a: Dyn<'a>, b: Dyn<'a>) -> bool {
    let is_number = |x: Dyn<'a>| x.equal(x);
    let both_nan = (1.0 - is_number(a)) * (1.0 - is_number(b));
    // A sum of zeros is 0 in every element type, whereas `f32` cannot hold every number of equal elements.
    a.shape() == b.shape() && (1.0 - (a.equal(b) + both_nan)).sum().primal().iter().all(|count| count == 0.0)
}
