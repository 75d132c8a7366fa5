//! Formulas that are one operation: a chain of pointwise operations in one loop, forward and back.
//!
//! A chain of operations on large arrays takes as long as the memory takes to pass by, once for each operation. A
//! [`Formula`] is compiled as one loop instead, in which intermediate results stay in registers. It is written once, over
//! any value, and so is a primitive like any other: on plain arrays of `f32` and `f64` it is a loop over numbers, going
//! back a loop over numbers with tangents; in every other reading its operations are carried out one by one, from the
//! same text, so that derivatives nest as always. (Alternatives not taken: to record operations and fuse them later, which
//! needs a compiler at run time; or to evaluate a recorded chain block by block, which saves the memory's time but not
//! that of loading and storing each result.)

use crate::checkpoint::pull_on_tape;
use crate::custom::{Custom, Primitive};
use crate::dual::Dual;
use crate::dynamic::Dyn;
use crate::op::Op;
use crate::shape::{Shape, ShapeError};
use crate::tensor::{Tensor, fused};
use crate::value::{Value, broadcast};
use std::array::from_fn;
use std::sync::Arc;

/// A formula of N operands, element by element, made of pointwise operations ([`Math`](crate::Math)); see
/// [`fuse!`](crate::fuse!). A sum, or anything else that asks for a shape, panics.
pub trait Formula<const N: usize>: Clone + Send + Sync + 'static {
    /// Its name in the text of a tape.
    const NAME: &'static str;

    /// The result for one element, or for whole values.
    fn eval<S: Value>(&self, x: [&S; N]) -> S;
}

/// Applies a [`Formula`] as one operation. Operands are broadcast to their common shape by numpy's rule.
///
/// # Panics
/// If the shapes do not broadcast.
#[track_caller]
pub fn fuse<V: Value, F: Formula<N>, const N: usize>(formula: F, x: [&V; N]) -> V
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
    V::apply(&Op::Custom(Arc::new(Custom::new(Fusion(formula)))), &whole.iter().collect::<Vec<_>>())
}

/// A formula as a primitive.
pub struct Fusion<F, const N: usize>(pub(crate) F);

impl<F: Formula<N>, const N: usize> Fusion<F, N> {
    fn eval<V: Value>(&self, x: &[V]) -> V {
        self.0.eval(from_fn(|i| &x[i]))
    }
}

/// The loops of a fused formula over plain numbers; implemented for formulas of up to four operands.
pub trait Fused: Send + Sync {
    /// The result for operands of one shape.
    fn eval_f32(&self, x: &[&Tensor<f32>]) -> Tensor<f32>;
    /// As [`eval_f32`](Fused::eval_f32).
    fn eval_f64(&self, x: &[&Tensor<f64>]) -> Tensor<f64>;
    /// The cotangent of operand `i` for that of the result.
    fn pull_f32(&self, i: usize, x: &[&Tensor<f32>], g: &Tensor<f32>) -> Tensor<f32>;
    /// As [`pull_f32`](Fused::pull_f32).
    fn pull_f64(&self, i: usize, x: &[&Tensor<f64>], g: &Tensor<f64>) -> Tensor<f64>;
}

macro_rules! fused {
    ($($n:literal),*) => {$(
        impl<F: Formula<$n>> Fused for Fusion<F, $n> {
            fn eval_f32(&self, x: &[&Tensor<f32>]) -> Tensor<f32> {
                fused::eval::<f32, F, $n>(&self.0, from_fn(|i| x[i]))
            }
            fn eval_f64(&self, x: &[&Tensor<f64>]) -> Tensor<f64> {
                fused::eval::<f64, F, $n>(&self.0, from_fn(|i| x[i]))
            }
            fn pull_f32(&self, i: usize, x: &[&Tensor<f32>], g: &Tensor<f32>) -> Tensor<f32> {
                fused::pull::<f32, F, $n, { $n + 1 }>(&self.0, i, from_fn(|j| if j < $n { x[j] } else { g }))
            }
            fn pull_f64(&self, i: usize, x: &[&Tensor<f64>], g: &Tensor<f64>) -> Tensor<f64> {
                fused::pull::<f64, F, $n, { $n + 1 }>(&self.0, i, from_fn(|j| if j < $n { x[j] } else { g }))
            }
        }
    )*};
}

fused!(1, 2, 3, 4);

impl<F: Formula<N>, const N: usize> Primitive for Fusion<F, N>
where
    Self: Fused,
{
    fn name(&self) -> &str {
        F::NAME
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        Fusion::eval(self, x)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        pull_on_tape(x, g, |x| Fusion::eval(self, x))
    }

    fn push<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        let moving: Vec<Dual<Dyn<'a>>> = x.iter().zip(dx).map(|(&x, &dx)| Dual::new(x, dx)).collect();
        Some(Fusion::eval(self, &moving).tangent())
    }

    fn fused(&self) -> Option<&dyn Fused> {
        Some(self)
    }
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
/// It is one node on the tape, and nests as every operation does. What needs the other elements is no formula of one:
///
/// ```should_panic
/// use autodiff::prelude::*;
/// autodiff::fuse! { fn unit(x) { x.clone() / x.norm() } }
/// unit(&Tensor::from([3.0, 4.0]));
/// ```
#[macro_export]
macro_rules! fuse {
    ($(#[$doc:meta])* $visibility:vis fn $name:ident($($x:ident),+ $(; $($c:ident: $type:ty),+)?) $body:block) => {
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

            $crate::fuse(Body { $($($c),+)? }, [$($x),+])
        }
    };
}
