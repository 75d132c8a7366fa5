//! The loops of fused formulas.

use super::Tensor;
use super::elementwise::{Body, zip};
use super::many::{Many, MovingMany};
use super::number::Real;
use super::parallel::FUNCTION;
use crate::fused::Formula;
use std::array::from_fn;

/// The formula for each element of operands of one shape.
pub(crate) fn eval<T: Real, F: Formula<N>, const N: usize>(formula: &F, x: [&Tensor<T>; N]) -> Tensor<T> {
    zip(x, Eval(formula.clone()))
}

/// The cotangent of operand `i`. The last of the M = N + 1 operands is the result's cotangent.
pub(crate) fn pull<T: Real, F: Formula<N>, const N: usize, const M: usize>(
    formula: &F,
    i: usize,
    x: [&Tensor<T>; M],
) -> Tensor<T> {
    zip(x, Pull::<F, N> { formula: formula.clone(), i })
}

#[derive(Clone)]
struct Eval<F>(F);

impl<T: Real, F: Formula<N>, const N: usize> Body<T, N> for Eval<F> {
    const COST: usize = FUNCTION;

    #[inline(always)]
    fn at(&self, x: [&T; N]) -> T {
        let x = x.map(|&x| Many(x));
        self.0.eval(x.each_ref()).0
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], x: [&[T]; N]) {
        fill(self, y, x);
    }
}

#[derive(Clone)]
struct Pull<F, const N: usize> {
    formula: F,
    i: usize,
}

impl<T: Real, F: Formula<N>, const N: usize, const M: usize> Body<T, M> for Pull<F, N> {
    const COST: usize = FUNCTION;

    #[inline(always)]
    fn at(&self, x: [&T; M]) -> T {
        let g = Many(*x[N]);
        let zero = Many(T::zero());
        let x: [MovingMany<T>; N] = from_fn(|j| MovingMany { x: Many(*x[j]), dx: if j == self.i { g } else { zero } });
        self.formula.eval(x.each_ref()).dx.0
    }

    #[inline(always)]
    fn fill(&self, y: &mut [T], x: [&[T]; M]) {
        fill(self, y, x);
    }
}

/// The body is copied, so that its constants are in registers: they might lie in what is written, else.
#[inline(always)]
fn fill<T: Real, B: Body<T, N> + Clone, const N: usize>(body: &B, y: &mut [T], x: [&[T]; N]) {
    let body = body.clone();
    let n = y.len();
    let x = x.map(|x| &x[..n]); // so that the compiler knows that no index is out of range
    for (i, y) in y.iter_mut().enumerate() {
        *y = body.at(from_fn(|j| &x[j][i]));
    }
}
