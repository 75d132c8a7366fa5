//! A part of a single-precision program that is computed in double precision.

use super::apply::custom;
use super::erased::pull_on_tape;
use crate::algebra::{Dyn, Primitive, Reading, Structural};
use crate::array::Shape;
use std::sync::Arc;

/// Applies `f` as one node that is computed in `f64`, in a program of `f32`: a cast to `f64`, the function, and a cast
/// back.
///
/// The operands are widened, `f` runs in double precision, and the result is rounded once. Derivatives of every order
/// are computed likewise, so a loss that cancels, or a sum over many terms, keeps the digits of its operands. In a
/// program of `f64`, `f` runs as it is; over [`Dual`](crate::Dual) elements, and on arrays of a type of your own, it
/// runs in the precision of the elements.
///
/// Derivatives are taken with respect to the operands `x` only. Plain values that `f` captures are constants; capturing
/// a variable does not compile. As in a [`checkpoint`](crate::checkpoint), the operations inside are not recorded, and
/// a backward pass evaluates `f` again.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::<f32>::from([1e-4, 3e-4]);
/// // 1 − cos x cancels: in f32 it loses all digits, and its derivative loses half of them at second order.
/// let (loss, gradient) = value_and_grad(&x, |_, x| in_f64(|x| (1.0 - x[0].cos()).sum(), &[&x]));
/// assert!((loss.item() - 5e-8).abs() < 1e-14);
/// assert_eq!(gradient.to_vec(), [1e-4f32, 3e-4]);
/// ```
#[track_caller]
pub fn in_f64<V: Reading>(f: impl for<'a> Fn(&[Dyn<'a>]) -> Dyn<'a> + Send + Sync + 'static, x: &[&V]) -> V {
    custom(Precise(Arc::new(f)), x)
}

type Function = Arc<dyn for<'a> Fn(&[Dyn<'a>]) -> Dyn<'a> + Send + Sync>;

struct Precise(Function);

impl Primitive for Precise {
    fn name(&self) -> &str {
        "in_f64"
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        (self.0)(x)
    }

    /// The pullback is a function that is computed in `f64` too, so derivatives nest. All its cotangents are one
    /// vector, because a primitive has one result. A plain number cannot hold a vector, so a scalar has a pullback of
    /// its own.
    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let operands: Vec<&Dyn<'a>> = x.iter().chain([&g]).collect();
        let apply = |pull: Function| custom(Precise(pull), &operands);
        if x.iter().all(|x| x.shape().rank() == 0) {
            let pull = |i: usize, f: Function| -> Function { Arc::new(move |all| pulled(&f, all)[i]) };
            return (0..x.len()).map(|i| apply(pull(i, self.0.clone()))).collect();
        }
        let f = self.0.clone();
        split(apply(Arc::new(move |all| joined(&pulled(&f, all)))), x)
    }

    fn is_in_f64(&self) -> bool {
        true
    }
}

/// The cotangents of the operands, for operands followed by the cotangent of the result.
fn pulled<'a>(f: &Function, all: &[Dyn<'a>]) -> Vec<Dyn<'a>> {
    let Some((&g, x)) = all.split_last() else { return Vec::new() };
    pull_on_tape(x, g, &|x| f(x), &|_| ())
}

/// All elements of several values, one after the other, as a vector.
fn joined<'a>(parts: &[Dyn<'a>]) -> Dyn<'a> {
    let flat: Vec<Dyn<'a>> = parts.iter().map(|part| part.reshape([part.shape().size()])).collect();
    Dyn::concat(0, &flat.iter().collect::<Vec<_>>())
}

/// The parts of a vector, with the shapes of `like`.
fn split<'a>(joined: Dyn<'a>, like: &[Dyn<'a>]) -> Vec<Dyn<'a>> {
    let mut start = 0;
    let part = |x: &Dyn<'a>| {
        let shape: Shape = x.shape();
        start += shape.size();
        joined.slice(0, start - shape.size(), start).reshape(shape)
    };
    like.iter().map(part).collect()
}
