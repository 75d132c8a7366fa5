//! Checkpoints: the backward pass recomputes a function rather than storing its values.

use super::apply::custom;
use crate::algebra::{Dyn, Primitive, Value, run};
use crate::tape::{Tape, Var};

/// Applies `f` as one node on the tape, without recording the operations inside.
///
/// A backward pass evaluates `f` again and records it then. A deep function of several checkpoints thus holds the
/// memory of one part at a time, at the cost of one more evaluation (Griewank and Walther, *Evaluating Derivatives*,
/// chapter 12).
///
/// Derivatives are taken by the operands `x` only; values that `f` captures are constants. `f` must compute the same
/// each time, so random draws must be operands.
///
/// ```
/// use autodiff::prelude::*;
/// let dy = grad(&0.5, |x| checkpoint(|x| x[0].sin().exp(), &[&x]));
/// assert_eq!(dy, 0.5f64.sin().exp() * 0.5f64.cos());
/// ```
#[track_caller]
pub fn checkpoint<V: Value>(f: impl for<'a> Fn(&[Dyn<'a>]) -> Dyn<'a> + Send + Sync + 'static, x: &[&V]) -> V {
    custom(Checkpoint(f), x)
}

struct Checkpoint<F>(F);

impl<F: for<'a> Fn(&[Dyn<'a>]) -> Dyn<'a> + Send + Sync + 'static> Primitive for Checkpoint<F> {
    fn name(&self) -> &str {
        "checkpoint"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        (self.0)(x)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        pull_on_tape(x, g, |x| {
            run(&x.iter().collect::<Vec<_>>(), |x| vec![(self.0)(x)]).pop().expect("the function returns one value")
        })
    }
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
