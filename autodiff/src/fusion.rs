//! A fused formula as a primitive: its loops, and what it keeps between them.

use crate::checkpoint::pull_on_tape;
use crate::custom::{Fused, Primitive};
use crate::dual::Dual;
use crate::dynamic::Dyn;
use crate::formula::Formula;
use crate::op::Pointwise;
use crate::structural::Structural;
use crate::tensor::number::Real;
use crate::tensor::{Tensor, fused};
use crate::value::Value;
use std::array::from_fn;
use std::sync::OnceLock;

/// A formula as a primitive, applied once.
pub struct Fusion<F, const N: usize> {
    formula: F,
    /// Whether the result is the sum over all elements.
    is_sum: bool,
    single: OnceLock<Kept<f32, N>>,
    double: OnceLock<Kept<f64, N>>,
}

impl<F: Formula<N>, const N: usize> Fusion<F, N> {
    pub(crate) fn new(formula: F, is_sum: bool) -> Self {
        Self { formula, is_sum, single: OnceLock::new(), double: OnceLock::new() }
    }

    fn eval<V: Value>(&self, x: &[V]) -> V {
        self.reduce(self.formula.eval(from_fn(|i| &x[i])))
    }

    fn reduce<V: Value>(&self, y: V) -> V {
        if self.is_sum { y.sum() } else { y }
    }

    fn eval_arrays<T: Real>(&self, x: [&Tensor<T>; N]) -> Tensor<T> {
        self.reduce(fused::eval(&self.formula, x))
    }

    /// The result, and what is kept with it.
    fn eval_and_keep<T: Real>(&self, x: [&Tensor<T>; N]) -> (Tensor<T>, Kept<T, N>) {
        let (y, slopes) = fused::eval_with_slopes(&self.formula, x, self.is_sum);
        (y, Kept { x: x.map(Tensor::clone), slopes })
    }
}

/// The derivatives by the operands, and at which operands: what a walk back needs, as long as it is at the same.
struct Kept<T, const N: usize> {
    x: [Tensor<T>; N],
    slopes: [Tensor<T>; N],
}

impl<T: Real, const N: usize> Kept<T, N> {
    fn is_at(&self, x: [&Tensor<T>; N]) -> bool {
        self.x.iter().zip(x).all(|(kept, x)| kept.is_same(x))
    }

    /// Of a sum the one cotangent is that of each element.
    fn pull(&self, i: usize, g: &Tensor<T>) -> Tensor<T> {
        let slopes = &self.slopes[i];
        match g.size() == 1 && g.item() == T::one() {
            true => slopes.clone(),
            false => Tensor::apply_pointwise(Pointwise::Chain, &[&g.broadcast_view(slopes.shape()), slopes]),
        }
    }
}

macro_rules! fused {
    ($($n:literal),*) => {$(
        impl<F: Formula<$n>> Fused for Fusion<F, $n> {
            fused!(f32, single, eval_f32, pull_f32);
            fused!(f64, double, eval_f64, pull_f64);

            fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
                self.single.get().into_iter().flat_map(|kept| &kept.slopes).for_each(|slope| slope.storage(show));
                self.double.get().into_iter().flat_map(|kept| &kept.slopes).for_each(|slope| slope.storage(show));
            }
        }
    )*};
    ($type:ident, $kept:ident, $eval:ident, $pull:ident) => {
        fn $eval(&self, x: &[&Tensor<$type>], keep: bool) -> Tensor<$type> {
            let x = from_fn(|i| x[i]);
            if !keep {
                return self.eval_arrays(x);
            }
            let (y, kept) = self.eval_and_keep(x);
            let _ = self.$kept.set(kept); // the first ones stay
            y
        }
        fn $pull(&self, i: usize, x: &[&Tensor<$type>], g: &Tensor<$type>) -> Tensor<$type> {
            let x = from_fn(|i| x[i]);
            let kept = self.$kept.get_or_init(|| self.eval_and_keep(x).1);
            match kept.is_at(x) {
                true => kept.pull(i, g),
                false => self.eval_and_keep(x).1.pull(i, g),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Math, Tape, fuse};

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

    #[test]
    fn what_is_kept_serves_its_own_operands_only() {
        let (x, other) = (Tensor::from([3.0, -4.0]), Tensor::from([-3.0, 4.0]));
        let (fusion, g) = (Fusion::new(Root, false), Tensor::from([1.0, 10.0]));
        fusion.eval_f64(&[&x], true);
        let kept = fusion.double.get().expect("it was to be kept").slopes[0].clone();
        assert_eq!((kept.to_vec(), fusion.pull_f64(0, &[&x], &g).to_vec()), (vec![1.0, -1.0], vec![1.0, -10.0]));
        assert_eq!(fusion.pull_f64(0, &[&other], &g).to_vec(), [-1.0, 10.0]);
        assert_eq!(fusion.pull_f64(0, &[&x.flip(0)], &g).to_vec(), [-1.0, 10.0]);
        fusion.eval_f64(&[&other], true);
        assert_eq!(fusion.pull_f64(0, &[&x], &g).to_vec(), [1.0, -10.0]);
    }

    #[test]
    fn a_sum_is_that_of_all_elements_and_its_cotangent_is_that_of_each() {
        for n in [1, 5, 64, 4096, 3 * 4096 + 70] {
            let x = Tensor::<f64>::linspace(-2.0, 3.0, n);
            let fusion = Fusion::new(Root, true);
            let y = fusion.eval_f64(&[&x], true);
            assert!(y.shape().rank() == 0 && y.approx(&x.abs().sum(), 1e-14).is_ok(), "{n}: {y}");
            assert_eq!(fusion.eval_f64(&[&x], false).shape().rank(), 0);
            for g in [1.0, -3.0] {
                assert!(fusion.pull_f64(0, &[&x], &Tensor::scalar(g)).approx(&(x.sign() * g), 1e-15).is_ok());
            }
        }
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
