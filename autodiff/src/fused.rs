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

use crate::checkpoint::pull_on_tape;
use crate::custom::{Custom, Primitive};
use crate::dual::Dual;
use crate::dynamic::Dyn;
use crate::op::{Op, Pointwise};
use crate::shape::{Shape, ShapeError};
use crate::tensor::number::Real;
use crate::tensor::{Tensor, fused};
use crate::value::{Value, broadcast};
use std::array::from_fn;
use std::sync::{Arc, OnceLock};

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
    let fusion = Fusion { formula, single: OnceLock::new(), double: OnceLock::new() };
    V::apply(&Op::Custom(Arc::new(Custom::new(fusion))), &whole.iter().collect::<Vec<_>>())
}

/// A formula as a primitive, applied once.
pub struct Fusion<F, const N: usize> {
    formula: F,
    single: OnceLock<Kept<f32, N>>,
    double: OnceLock<Kept<f64, N>>,
}

impl<F: Formula<N>, const N: usize> Fusion<F, N> {
    fn eval<V: Value>(&self, x: &[V]) -> V {
        self.formula.eval(from_fn(|i| &x[i]))
    }
}

/// The derivatives by the operands, and at which operands: what a walk back needs, as long as it is at the same.
struct Kept<T, const N: usize> {
    x: [Tensor<T>; N],
    slopes: Vec<Tensor<T>>,
}

impl<T: Real, const N: usize> Kept<T, N> {
    /// The result, and what is kept with it.
    fn new<F: Formula<N>, const M: usize>(formula: &F, x: [&Tensor<T>; N]) -> (Tensor<T>, Self) {
        let mut results = fused::eval_with_slopes::<T, F, N, M>(formula, x).into_iter();
        let y = results.next().expect("M is N + 1");
        (y, Self { x: x.map(Tensor::clone), slopes: results.collect() })
    }

    fn is_at(&self, x: [&Tensor<T>; N]) -> bool {
        self.x.iter().zip(x).all(|(kept, x)| kept.is_same(x))
    }

    fn pull(&self, i: usize, g: &Tensor<T>) -> Tensor<T> {
        Tensor::apply_pointwise(Pointwise::Chain, &[g, &self.slopes[i]])
    }
}

/// The loops of a fused formula over plain numbers; implemented for formulas of up to four operands.
pub trait Fused: Send + Sync {
    /// The result for operands of one shape. The derivatives are computed with it, and kept, if it is to be.
    fn eval_f32(&self, x: &[&Tensor<f32>], keep: bool) -> Tensor<f32>;
    /// As [`eval_f32`](Fused::eval_f32).
    fn eval_f64(&self, x: &[&Tensor<f64>], keep: bool) -> Tensor<f64>;
    /// The cotangent of operand `i` for that of the result.
    fn pull_f32(&self, i: usize, x: &[&Tensor<f32>], g: &Tensor<f32>) -> Tensor<f32>;
    /// As [`pull_f32`](Fused::pull_f32).
    fn pull_f64(&self, i: usize, x: &[&Tensor<f64>], g: &Tensor<f64>) -> Tensor<f64>;
    /// Shows the memory of what is kept, as [`Value::storage`] does.
    fn storage(&self, show: &mut dyn FnMut(usize, usize));
}

macro_rules! fused {
    ($($n:literal),*) => {$(
        impl<F: Formula<$n>> Fused for Fusion<F, $n> {
            fused!(f32, single, eval_f32, pull_f32, $n);
            fused!(f64, double, eval_f64, pull_f64, $n);

            fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
                self.single.get().into_iter().flat_map(|kept| &kept.slopes).for_each(|slope| slope.storage(show));
                self.double.get().into_iter().flat_map(|kept| &kept.slopes).for_each(|slope| slope.storage(show));
            }
        }
    )*};
    ($type:ident, $kept:ident, $eval:ident, $pull:ident, $n:literal) => {
        fn $eval(&self, x: &[&Tensor<$type>], keep: bool) -> Tensor<$type> {
            let x = from_fn(|i| x[i]);
            if !keep {
                return fused::eval(&self.formula, x);
            }
            let (y, kept) = Kept::new::<F, { $n + 1 }>(&self.formula, x);
            let _ = self.$kept.set(kept); // the first ones stay
            y
        }
        fn $pull(&self, i: usize, x: &[&Tensor<$type>], g: &Tensor<$type>) -> Tensor<$type> {
            let x = from_fn(|i| x[i]);
            let kept = self.$kept.get_or_init(|| Kept::new::<F, { $n + 1 }>(&self.formula, x).1);
            match kept.is_at(x) {
                true => kept.pull(i, g),
                false => Kept::new::<F, { $n + 1 }>(&self.formula, x).1.pull(i, g),
            }
        }
    };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Math, Structural, Tape};

    fuse! {
        /// √(x²·y), whose slopes at x = 0 are 0·∞.
        fn root(x, y) { (x.square() * y).sqrt() }
    }

    #[derive(Clone)]
    struct Root;

    impl Formula<1> for Root {
        const NAME: &'static str = "root";

        fn eval<S: Value>(&self, [x]: [&S; 1]) -> S {
            x.square().sqrt()
        }
    }

    fn fusion() -> Fusion<Root, 1> {
        Fusion { formula: Root, single: OnceLock::new(), double: OnceLock::new() }
    }

    #[test]
    fn what_is_kept_serves_its_own_operands_only() {
        let (x, other) = (Tensor::from([3.0, -4.0]), Tensor::from([-3.0, 4.0]));
        let (fusion, g) = (fusion(), Tensor::from([1.0, 10.0]));
        fusion.eval_f64(&[&x], true);
        let kept = fusion.double.get().expect("it was to be kept").slopes[0].clone();
        assert_eq!((kept.to_vec(), fusion.pull_f64(0, &[&x], &g).to_vec()), (vec![1.0, -1.0], vec![1.0, -10.0]));
        assert_eq!(fusion.pull_f64(0, &[&other], &g).to_vec(), [-1.0, 10.0]);
        assert_eq!(fusion.pull_f64(0, &[&x.flip(0)], &g).to_vec(), [-1.0, 10.0]);
        fusion.eval_f64(&[&other], true);
        assert_eq!(fusion.pull_f64(0, &[&x], &g).to_vec(), [1.0, -10.0]);
    }

    /// Among so many others that the loop is vectorised, and beside a NaN that is one.
    #[test]
    fn zero_times_infinity_is_zero_in_a_loop_too() {
        let mut x: Vec<f32> = (0..1000).map(|i| i as f32).collect();
        x[700] = 0.0;
        x[710] = f32::NAN;
        let (x, y) = (Tensor::from(x), Tensor::<f32>::linspace(1.0, 2.0, 1000));
        let tape = Tape::new();
        let [x, y] = [tape.variable(x), tape.variable(y)];
        let [fused, composed] = [root(&x, &y), (x.square() * y).sqrt()].map(|r| r.sum().backward().of(&vec![x, y]));
        for (fused, composed) in fused.iter().zip(composed) {
            let (fused, composed) = (fused.to_vec(), composed.to_vec());
            assert_eq!((fused[700], fused[0]), (0.0, 0.0));
            assert!(fused[710].is_nan() && composed[710].is_nan());
            let close = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-6 * b.abs() || b.is_nan();
            assert!(fused.iter().zip(&composed).all(close));
        }
    }

    #[test]
    fn a_tape_counts_what_is_kept() {
        let tape = Tape::new();
        let x = tape.variable(Tensor::<f64>::linspace(1.0, 2.0, 1000));
        let before = tape.bytes();
        root(&x, &x);
        assert!(tape.bytes() >= before + 3 * 8000);
    }
}
