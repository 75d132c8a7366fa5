//! A fused formula as a primitive, which stores its derivatives for the backward pass.

use super::formula::Formula;
use super::loops;
use crate::algebra::{Dyn, Element, Pointwise, Primitive, Reading, Structural};
use crate::array::{Real, Tensor};
use crate::custom::erased::{pull_on_tape, push_dual};
use std::any::Any;
use std::array::from_fn;
use std::sync::OnceLock;

/// A formula as a primitive, for one application, whose derivatives it stores.
pub(crate) struct Fusion<F, const N: usize> {
    formula: F,
    /// Whether the result is the sum over all elements.
    is_sum: bool,
    /// Whether the derivatives are computed together with the result.
    records: bool,
    /// A [`Slopes`] of `f32` or `f64`.
    stored: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl<F: Formula<N>, const N: usize> Fusion<F, N> {
    pub(crate) fn new(formula: F, is_sum: bool, records: bool) -> Self {
        Self { formula, is_sum, records, stored: OnceLock::new() }
    }

    fn eval_erased<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        self.reduce(self.formula.eval(from_fn(|i| &x[i])))
    }

    fn reduce<V: Reading>(&self, y: V) -> V {
        if self.is_sum { y.sum() } else { y }
    }

    /// The result, if `x` holds arrays of `T`. If the operation is recorded, the derivatives are computed in the same
    /// loop and stored.
    fn eval_as<T: Real + Element>(&self, x: &dyn Any) -> Option<Box<dyn Any>> {
        let x = operands::<T, N>(x)?;
        if !self.records {
            return Some(Box::new(self.reduce(loops::eval(&self.formula, x))));
        }
        let (y, stored) = self.eval_with_slopes(x);
        let _ = self.stored.set(Box::new(stored));
        Some(Box::new(y))
    }

    fn pull_as<T: Real + Element>(&self, i: usize, x: &dyn Any, g: &dyn Any) -> Option<Box<dyn Any>> {
        let (x, g) = (operands::<T, N>(x)?, g.downcast_ref()?);
        let stored = self.stored.get_or_init(|| Box::new(self.eval_with_slopes(x).1));
        Some(Box::new(match stored.downcast_ref::<Slopes<T, N>>() {
            Some(stored) if stored.is_at(x) => stored.pull(i, g),
            _ => self.eval_with_slopes(x).1.pull(i, g),
        }))
    }

    fn eval_with_slopes<T: Real + Element>(&self, x: [&Tensor<T>; N]) -> (Tensor<T>, Slopes<T, N>) {
        let (y, slopes) = loops::eval_with_slopes(&self.formula, x, self.is_sum);
        (y, Slopes { x: x.map(Tensor::clone), slopes })
    }

    fn storage_as<T: Real + Element>(&self, report: &mut dyn FnMut(usize, usize)) {
        let stored = self.stored.get().and_then(|stored| stored.downcast_ref::<Slopes<T, N>>());
        stored.into_iter().flat_map(|stored| &stored.slopes).for_each(|slope| slope.storage(report));
    }
}

/// The operands, if they are arrays of `T`.
fn operands<T: 'static, const N: usize>(x: &dyn Any) -> Option<[&Tensor<T>; N]> {
    let x: &Vec<Tensor<T>> = x.downcast_ref()?;
    Some(from_fn(|i| &x[i]))
}

/// The derivatives with respect to the operands, and the operands at which they were computed.
struct Slopes<T, const N: usize> {
    x: [Tensor<T>; N],
    slopes: [Tensor<T>; N],
}

impl<T: Real + Element, const N: usize> Slopes<T, N> {
    fn is_at(&self, x: [&Tensor<T>; N]) -> bool {
        self.x.iter().zip(x).all(|(stored, x)| stored.is_same(x))
    }

    /// The cotangent of operand `i`. The cotangent of a sum is broadcast to its elements.
    fn pull(&self, i: usize, g: &Tensor<T>) -> Tensor<T> {
        let slopes = &self.slopes[i];
        match g.size() == 1 && g.item() == T::one() {
            true => slopes.clone(),
            false => Tensor::apply_pointwise(Pointwise::MulStrongZero, &[&g.broadcast_view(slopes.shape()), slopes]),
        }
    }
}

impl<F: Formula<N>, const N: usize> Primitive for Fusion<F, N> {
    fn name(&self) -> &str {
        F::NAME
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        self.eval_erased(x)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        pull_on_tape(x, g, &|x| self.eval_erased(x), &|_| ())
    }

    fn push<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        Some(push_dual(x, dx, &|x| self.eval_erased(x)))
    }

    fn eval_arrays(&self, x: &dyn Any) -> Option<Box<dyn Any>> {
        self.eval_as::<f32>(x).or_else(|| self.eval_as::<f64>(x))
    }

    fn pull_arrays(&self, i: usize, x: &dyn Any, g: &dyn Any) -> Option<Box<dyn Any>> {
        self.pull_as::<f32>(i, x, g).or_else(|| self.pull_as::<f64>(i, x, g))
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.storage_as::<f32>(report);
        self.storage_as::<f64>(report);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::{Math, Value};
    use crate::fuse;
    use crate::tape::Tape;

    fuse! {
        /// √(x²·y), whose slopes at x = 0 hold a product 0·∞.
        fn root(x, y) { (x.square() * y).sqrt() }
    }

    fuse! {
        fn of_three(x, y, z) { x.tanh() * y + z.sigmoid() }
    }

    fuse! {
        fn of_five(v, w, x, y, z) { v.sigmoid() * w + x.sigmoid() * y.tanh() * z }
    }

    fuse! {
        /// More operands than a group of derivatives has.
        fn of_ten(a, b, c, d, e, v, w, x, y, z) {
            a.tanh() * b + c.sigmoid() * d * e + v.tanh() * w + x.sigmoid() * y.exp() * z
        }
    }

    #[derive(Clone)]
    struct Root;

    impl Formula<1> for Root {
        const NAME: &'static str = "root";

        fn eval<S: Value>(&self, [x]: [&S; 1]) -> S {
            x.square().sqrt()
        }
    }

    fn eval(fusion: &Fusion<Root, 1>, x: &Tensor<f64>) -> Tensor<f64> {
        *fusion.eval_arrays(&vec![x.clone()]).expect("a loop over f64").downcast().expect("a tensor")
    }

    fn pull(fusion: &Fusion<Root, 1>, x: &Tensor<f64>, g: &Tensor<f64>) -> Tensor<f64> {
        *fusion.pull_arrays(0, &vec![x.clone()], g).expect("a loop over f64").downcast().expect("a tensor")
    }

    #[test]
    fn stored_slopes_are_used_for_their_own_operands_only() {
        let (x, other) = (Tensor::from([3.0, -4.0]), Tensor::from([-3.0, 4.0]));
        let (fusion, g) = (Fusion::new(Root, false, true), Tensor::from([1.0, 10.0]));
        eval(&fusion, &x);
        let stored: &Slopes<f64, 1> =
            fusion.stored.get().and_then(|stored| stored.downcast_ref()).expect("slopes are stored while recording");
        assert_eq!((stored.slopes[0].to_vec(), pull(&fusion, &x, &g).to_vec()), (vec![1.0, -1.0], vec![1.0, -10.0]));
        assert_eq!(pull(&fusion, &other, &g).to_vec(), [-1.0, 10.0]);
        assert_eq!(pull(&fusion, &x.flip(0), &g).to_vec(), [-1.0, 10.0]);
        eval(&fusion, &other);
        assert_eq!(pull(&fusion, &x, &g).to_vec(), [1.0, -10.0]);
    }

    #[test]
    fn fused_sum_adds_all_elements_and_broadcasts_its_cotangent() {
        for n in [1, 5, 64, 4096, 3 * 4096 + 70] {
            let x = Tensor::<f64>::linspace(-2.0, 3.0, n);
            let fusion = Fusion::new(Root, true, true);
            let y = eval(&fusion, &x);
            assert!(y.shape().rank() == 0 && y.approx(&x.abs().sum(), 1e-14).is_ok(), "{n}: {y}");
            assert_eq!(eval(&Fusion::new(Root, true, false), &x).shape().rank(), 0);
            for g in [1.0, -3.0] {
                assert!(pull(&fusion, &x, &Tensor::scalar(g)).approx(&(x.sign() * g), 1e-15).is_ok());
            }
        }
    }

    #[test]
    fn each_operand_of_many_has_its_derivative() {
        let tape = Tape::new();
        let x: Vec<_> = (0..5).map(|i| tape.variable(Tensor::<f64>::linspace(-1.0, 1.0 + f64::from(i), 150))).collect();
        let [v, w, x, y, z] = [x[0], x[1], x[2], x[3], x[4]];
        let fused = of_three(&x, &y, &z) * of_five(&v, &w, &x, &y, &z) + of_ten(&v, &w, &x, &y, &z, &x, &y, &z, &v, &w);
        let composed = (x.tanh() * y + z.sigmoid()) * (v.sigmoid() * w + x.sigmoid() * y.tanh() * z)
            + (v.tanh() * w + x.sigmoid() * y * z + x.tanh() * y + z.sigmoid() * v.exp() * w);
        let [fused, composed] = [fused, composed].map(|r| r.sum().backward().of(&vec![v, w, x, y, z]));
        for (fused, composed) in fused.iter().zip(&composed) {
            assert!(fused.approx(composed, 1e-12).is_ok());
        }
    }

    /// The array is long enough for the vectorised loop, and also holds a real NaN.
    #[test]
    fn zero_times_infinity_is_zero_in_a_vectorised_loop() {
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
    fn tape_counts_the_memory_of_stored_slopes() {
        let tape = Tape::new();
        let x = tape.variable(Tensor::<f64>::linspace(1.0, 2.0, 1000));
        let before = tape.bytes();
        root(&x, &x);
        assert!(tape.bytes() >= before + 3 * 8000);
    }
}
