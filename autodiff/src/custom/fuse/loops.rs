//! The loops of fused formulas.

use super::formula::Formula;
use super::lanes::{DualLanes, Lanes};
use crate::algebra::Element;
use crate::array::machine::parallel;
use crate::array::{Body, Real, Storage, Tensor, Vectorise, sum, vectorised, zip};
use crate::reading::Dual;
use smallvec::SmallVec;
use std::array::from_fn;

/// So many elements are worked on at a time by a loop with several results.
const CHUNK: usize = 64;
/// So many are summed apart from the others, whatever the number of threads.
const BLOCK: usize = 64 * CHUNK;

/// The formula for each element of operands of one shape.
pub(crate) fn eval<T: Real + Element, F: Formula<N>, const N: usize>(formula: &F, x: [&Tensor<T>; N]) -> Tensor<T> {
    zip(x, Eval(formula.clone()))
}

/// The formula for each element, or the sum of it over all, and its derivatives by all operands, in one loop. What the
/// functions in the formula take is spent once so; a walk back with a loop of its own would spend it again.
pub(crate) fn eval_with_slopes<T: Real + Element, F: Formula<N>, const N: usize>(
    formula: &F,
    x: [&Tensor<T>; N],
    is_sum: bool,
) -> (Tensor<T>, [Tensor<T>; N]) {
    let (shape, n) = (&x[0].shape, x[0].size());
    let x = x.map(Tensor::contiguous);
    let mut y = Storage::recycled(if is_sum { 0 } else { n });
    let mut slopes: [Storage<T>; N] = from_fn(|_| Storage::recycled(n));
    let mut blocks = blocks(&mut y, slopes.each_mut().map(|slopes| &mut slopes[..]));
    parallel::pieces(&mut blocks, 1, n * parallel::FUNCTION, |first, blocks| {
        for (results, start) in blocks.iter_mut().zip((first * BLOCK..).step_by(BLOCK)) {
            let x = x.each_ref().map(|x| &x.data[x.offset + start..]);
            vectorised(WithSlopes { formula, results, x });
        }
    });
    let sums: SmallVec<[T; 8]> = blocks.into_iter().map(|block| block.sum).collect();
    let y = match is_sum {
        true => Tensor::scalar(sum(&sums)),
        false => Tensor::contiguous_in(shape.clone(), y),
    };
    (y, slopes.map(|slopes| Tensor::contiguous_in(shape.clone(), slopes)))
}

/// The results for some elements: each of them, or their sum.
struct Block<'a, T, const N: usize> {
    y: Option<&'a mut [T]>,
    sum: T,
    slopes: [&'a mut [T]; N],
}

/// All of them, of which each element's results are to be stored where there is room for them.
fn blocks<'a, T: Real + Element, const N: usize>(
    y: &'a mut [T],
    slopes: [&'a mut [T]; N],
) -> SmallVec<[Block<'a, T, N>; 2]> {
    let count = slopes[0].len().div_ceil(BLOCK);
    let (mut y, mut slopes) = (y.chunks_mut(BLOCK), slopes.map(|slopes| slopes.chunks_mut(BLOCK)));
    let mut next = || slopes.each_mut().map(|slopes| slopes.next().expect("as many blocks as counted"));
    (0..count).map(|_| Block { y: y.next(), sum: T::zero(), slopes: next() }).collect()
}

#[derive(Clone)]
struct Eval<F>(F);

impl<T: Real + Element, F: Formula<N>, const N: usize> Body<T, N> for Eval<F> {
    const COST: usize = parallel::FUNCTION;

    fn at(&self, x: [&T; N]) -> T {
        self.0.eval(x)
    }

    /// The formula is copied, so that its constants are in registers: they might lie in what is written, else.
    #[inline(always)]
    fn fill(&self, y: &mut [T], x: [&[T]; N]) {
        let (formula, n) = (self.0.clone(), y.len());
        let x = x.map(|x| &x[..n]); // so that the compiler knows that no index is out of range
        for (i, y) in y.iter_mut().enumerate() {
            let x: [Lanes<T>; N] = from_fn(|j| Lanes(x[j][i]));
            *y = formula.eval(x.each_ref()).0;
        }
    }
}

struct WithSlopes<'a, 'b, T, F, const N: usize> {
    formula: &'a F,
    results: &'a mut Block<'b, T, N>,
    x: [&'a [T]; N],
}

impl<T: Real + Element, F: Formula<N>, const N: usize> Vectorise for WithSlopes<'_, '_, T, F, N> {
    /// By way of arrays: the compiler does not know that the results lie apart from each other.
    #[inline(always)]
    fn run(self) {
        let (formula, Block { y: target, sum: total, slopes: targets }) = (self.formula.clone(), self.results);
        let (mut x, mut y, mut slopes) = ([[T::zero(); CHUNK]; N], [T::zero(); CHUNK], [[T::zero(); CHUNK]; N]);
        let mut sums = [T::zero(); CHUNK];
        for start in (0..targets[0].len()).step_by(CHUNK) {
            for (chunk, x) in x.iter_mut().zip(self.x.map(|x| &x[start..])) {
                match x.first_chunk() {
                    Some(x) => *chunk = *x, // of a length that is known, so it is no call
                    None => chunk[..x.len()].copy_from_slice(x),
                }
            }
            let mut any_nan = false;
            for k in 0..CHUNK {
                for (i, slopes) in slopes.iter_mut().enumerate() {
                    let x: [DualLanes<T>; N] = from_fn(|j| dual(x[j][k], i == j));
                    let result = formula.eval(x.each_ref());
                    (y[k], slopes[k]) = (result.x.0, result.dx.0);
                    any_nan |= slopes[k].is_nan();
                }
            }
            if any_nan {
                mend(&formula, &x, &mut slopes);
            }
            for (slopes, chunk) in targets.iter_mut().zip(&slopes) {
                store(&mut slopes[start..], chunk);
            }
            match target {
                Some(target) => store(&mut target[start..], &y),
                None => {
                    let len = CHUNK.min(targets[0].len() - start);
                    y[len..].fill(T::zero());
                    sums.iter_mut().zip(&y).for_each(|(sum, &y)| *sum = *sum + y);
                }
            }
        }
        *total = sum(&sums);
    }
}

/// An element with the tangent 1, or with none.
#[inline(always)]
fn dual<T: Real + Element>(x: T, moves: bool) -> DualLanes<T> {
    Dual { x: Lanes(x), dx: Lanes(if moves { T::one() } else { T::zero() }) }
}

/// The first of the results in a chunk, as many as there is room for.
#[inline(always)]
fn store<T: Copy>(target: &mut [T], chunk: &[T; CHUNK]) {
    match target.first_chunk_mut() {
        Some(target) => *target = *chunk,
        None => target.copy_from_slice(&chunk[..target.len()]),
    }
}

/// Where a derivative is NaN, there may be one in which 0·∞ = 0.
#[inline(never)]
fn mend<T: Real + Element, F: Formula<N>, const N: usize>(
    formula: &F,
    x: &[[T; CHUNK]; N],
    slopes: &mut [[T; CHUNK]; N],
) {
    for (i, slopes) in slopes.iter_mut().enumerate() {
        for (k, slope) in slopes.iter_mut().enumerate().filter(|(_, slope)| slope.is_nan()) {
            let tangent = |j: usize| (i == j).then(T::one);
            let x: [Dual<T>; N] = from_fn(|j| Dual { x: x[j][k], dx: tangent(j) });
            *slope = formula.eval(x.each_ref()).tangent();
        }
    }
}
