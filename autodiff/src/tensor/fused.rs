//! The loops of fused formulas.

use super::Tensor;
use super::elementwise::{Body, zip};
use super::many::{Many, MovingMany};
use super::number::Real;
use super::parallel::{self, FUNCTION, LINE};
use super::simd::{Vectorise, vectorised};
use super::storage::Storage;
use crate::dual::Dual;
use crate::fused::Formula;
use std::array::from_fn;

/// So many elements are worked on at a time by a loop with several results.
const CHUNK: usize = 64;

/// The formula for each element of operands of one shape.
pub(crate) fn eval<T: Real, F: Formula<N>, const N: usize>(formula: &F, x: [&Tensor<T>; N]) -> Tensor<T> {
    zip(x, Eval(formula.clone()))
}

/// The formula for each element, and its derivatives by all operands, in one loop: M = N + 1 results. What the functions in
/// the formula take is spent once so; a walk back with a loop of its own would spend it again.
pub(crate) fn eval_with_slopes<T: Real, F: Formula<N>, const N: usize, const M: usize>(
    formula: &F,
    x: [&Tensor<T>; N],
) -> [Tensor<T>; M] {
    let (shape, n) = (&x[0].shape, x[0].size());
    let x = x.map(Tensor::contiguous);
    let mut y: [Storage<T>; M] = from_fn(|_| Storage::recycled(n));
    parallel::pieces_of(y.each_mut().map(|y| &mut y[..]), LINE, n * FUNCTION, |start, y| {
        let x = x.each_ref().map(|x| &x.data[x.offset + start..][..y[0].len()]);
        vectorised(WithSlopes { formula, y, x });
    });
    y.map(|y| Tensor::contiguous_in(shape.clone(), y))
}

#[derive(Clone)]
struct Eval<F>(F);

impl<T: Real, F: Formula<N>, const N: usize> Body<T, N> for Eval<F> {
    const COST: usize = FUNCTION;

    fn at(&self, x: [&T; N]) -> T {
        self.0.eval(x)
    }

    /// The formula is copied, so that its constants are in registers: they might lie in what is written, else.
    #[inline(always)]
    fn fill(&self, y: &mut [T], x: [&[T]; N]) {
        let (formula, n) = (self.0.clone(), y.len());
        let x = x.map(|x| &x[..n]); // so that the compiler knows that no index is out of range
        for (i, y) in y.iter_mut().enumerate() {
            let x: [Many<T>; N] = from_fn(|j| Many(x[j][i]));
            *y = formula.eval(x.each_ref()).0;
        }
    }
}

struct WithSlopes<'a, T, F, const N: usize, const M: usize> {
    formula: &'a F,
    y: [&'a mut [T]; M],
    x: [&'a [T]; N],
}

impl<T: Real, F: Formula<N>, const N: usize, const M: usize> Vectorise for WithSlopes<'_, T, F, N, M> {
    /// By way of arrays: the compiler does not know that the results lie apart from each other.
    #[inline(always)]
    fn run(mut self) {
        let formula = self.formula.clone();
        let (mut x, mut y) = ([[T::zero(); CHUNK]; N], [[T::zero(); CHUNK]; M]);
        for start in (0..self.y[0].len()).step_by(CHUNK) {
            for (chunk, x) in x.iter_mut().zip(self.x.map(|x| &x[start..])) {
                match x.first_chunk() {
                    Some(x) => *chunk = *x, // of a length that is known, so it is no call
                    None => chunk[..x.len()].copy_from_slice(x),
                }
            }
            let mut any_nan = false;
            for k in 0..CHUNK {
                for i in 0..N {
                    let x: [MovingMany<T>; N] = from_fn(|j| MovingMany::new(x[j][k], i == j));
                    let moving = formula.eval(x.each_ref());
                    (y[0][k], y[i + 1][k]) = (moving.x.0, moving.dx.0);
                    any_nan |= y[i + 1][k].is_nan();
                }
            }
            if any_nan {
                mend(&formula, &x, &mut y);
            }
            for (y, chunk) in self.y.iter_mut().map(|y| &mut y[start..]).zip(&y) {
                match y.first_chunk_mut() {
                    Some(y) => *y = *chunk,
                    None => y.copy_from_slice(&chunk[..y.len()]),
                }
            }
        }
    }
}

/// Where a derivative is NaN, there may be one in which 0·∞ = 0.
#[inline(never)]
fn mend<T: Real, F: Formula<N>, const N: usize, const M: usize>(
    formula: &F,
    x: &[[T; CHUNK]; N],
    y: &mut [[T; CHUNK]; M],
) {
    for (i, slopes) in y[1..].iter_mut().enumerate() {
        for (k, slope) in slopes.iter_mut().enumerate().filter(|(_, slope)| slope.is_nan()) {
            let tangent = |j: usize| (i == j).then(T::one);
            let x: [Dual<T>; N] = from_fn(|j| Dual { x: x[j][k], dx: tangent(j) });
            *slope = formula.eval(x.each_ref()).tangent();
        }
    }
}
