//! Formulas that are one operation: a chain of pointwise operations in one loop, forward and back.
//!
//! A chain of operations on large arrays takes as long as the memory takes to pass by, once for each operation. A
//! [`Formula`] is compiled as one loop instead, in which intermediate results stay in registers. It is written once, over
//! any value, and so is a primitive like any other: on plain arrays of `f32` and `f64` it is a loop over numbers; where it
//! is recorded, a loop over numbers with tangents, whose derivatives are kept for the way back; in every other reading its
//! operations are carried out one by one, from the same text, so that derivatives nest as always. (Alternatives not taken:
//! to record operations and fuse them later, which needs a compiler at run time; to evaluate a recorded chain block by
//! block, which saves the memory's time but not that of loading and storing each result; or to go back by a loop that
//! computes the formula again, which saves the memory of the derivatives and takes half as long again.)

use crate::custom::{Custom, Fused};
use crate::formula::Formula;
use crate::fusion::Fusion;
use crate::op::Op;
use crate::shape::{Shape, ShapeError};
use crate::value::{Value, broadcast};
use std::sync::Arc;

/// Applies a [`Formula`] as one operation. Operands are broadcast to their common shape by numpy's rule.
///
/// # Panics
/// If the shapes do not broadcast.
#[track_caller]
pub fn fuse<V: Value, F: Formula<N>, const N: usize>(formula: F, x: [&V; N]) -> V
where
    Fusion<F, N>: Fused,
{
    apply(Fusion::new(formula, false), x)
}

/// As [`fuse`], with the sum over all elements in the same loop: a scalar. The elements themselves are not stored.
///
/// # Panics
/// If the shapes do not broadcast.
#[track_caller]
pub fn fuse_sum<V: Value, F: Formula<N>, const N: usize>(formula: F, x: [&V; N]) -> V
where
    Fusion<F, N>: Fused,
{
    apply(Fusion::new(formula, true), x)
}

#[track_caller]
fn apply<V: Value, F: Formula<N>, const N: usize>(fusion: Fusion<F, N>, x: [&V; N]) -> V
where
    Fusion<F, N>: Fused,
{
    let shapes = x.map(|x| x.shape());
    let common = shapes.iter().try_fold(Shape::scalar(), |common, shape| common.broadcast(shape));
    let Some(common) = common else { panic!("{}", ShapeError::new(F::NAME, &shapes, "the shapes do not broadcast")) };
    let mut whole = Vec::with_capacity(N);
    for x in x {
        whole.push(broadcast(x, &common)); // a closure would lose the caller's line
    }
    V::apply(&Op::Custom(Arc::new(Custom::new(fusion))), &whole.iter().collect::<Vec<_>>())
}

/// Defines a function whose chain of pointwise operations is one loop over the elements, forward and back: for formulas
/// on large arrays, whose time is that of the memory. Operands come first, constants after a semicolon; the body is
/// written in methods of [`Math`](crate::Math), on references.
///
/// ```
/// use autodiff::prelude::*;
/// autodiff::fuse! {
///     /// tanh(a·x + b)²·e⁻ˣ
///     pub fn bump(x; a: f64, b: f64) { x.scale(a).shift(b).tanh().square() * x.neg().exp() }
/// }
/// let x = Tensor::<f64>::linspace(-1.0, 1.0, 1000);
/// let gradient = grad(&x, |x| bump(&x, 0.5, 0.1).sum());
/// let composed = grad(&x, |x| ((x * 0.5 + 0.1).tanh().square() * (-x).exp()).sum());
/// assert!(gradient.approx(&composed, 1e-14).is_ok());
/// ```
///
/// With `-> sum` it is the sum over all elements, in the same loop: what most losses are.
///
/// ```
/// use autodiff::prelude::*;
/// autodiff::fuse! {
///     /// Σ ln cosh(y − t), a loss that is square near 0 and linear far from it.
///     fn log_cosh(y, t) -> sum { let d = y.clone() - t; d.abs() + d.abs().scale(-2.0).exp().ln1p().shift(-2f64.ln()) }
/// }
/// let (y, t) = (Tensor::<f64>::from([0.0, 3.0]), Tensor::from([0.0, 1.0]));
/// assert!((log_cosh(&y, &t).item() - 2f64.cosh().ln()).abs() < 1e-15);
/// ```
///
/// It is one node on the tape, and nests as every operation does. What needs the other elements is no formula of one:
///
/// ```should_panic
/// use autodiff::prelude::*;
/// autodiff::fuse! { fn unit(x) { x.clone() / x.norm() } }
/// unit(&Tensor::from([3.0, 4.0]));
/// ```
#[macro_export]
macro_rules! fuse {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident($($arguments:tt)*) -> sum $body:block) => {
        $crate::fuse!(@by fuse_sum, $(#[$doc])* $visibility fn $name($($arguments)*) $body);
    };
    ($(#[$doc:meta])* $visibility:vis fn $name:ident($($arguments:tt)*) $body:block) => {
        $crate::fuse!(@by fuse, $(#[$doc])* $visibility fn $name($($arguments)*) $body);
    };
    (
        @by $apply:ident, $(#[$doc:meta])*
        $visibility:vis fn $name:ident($($x:ident),+ $(; $($c:ident: $type:ty),+)?) $body:block
    ) => {
        $(#[$doc])*
        #[track_caller]
        $visibility fn $name<V: $crate::Value>($($x: &V),+ $(, $($c: $type),+)?) -> V {
            #[derive(Clone, Copy)]
            struct Body { $($($c: $type),+)? }

            impl $crate::Formula<{ [$(stringify!($x)),+].len() }> for Body {
                const NAME: &'static str = stringify!($name);

                #[inline(always)]
                fn eval<S: $crate::Value>(&self, [$($x),+]: [&S; [$(stringify!($x)),+].len()]) -> S {
                    #[allow(unused_imports)]
                    use $crate::{Derived as _, Math as _};
                    $(let Self { $($c),+ } = *self;)?
                    $body
                }
            }

            $crate::$apply(Body { $($($c),+)? }, [$($x),+])
        }
    };
}
