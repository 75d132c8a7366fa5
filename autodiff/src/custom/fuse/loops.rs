//! The loops of fused formulas.

use super::formula::Formula;
use super::lanes::{DualLanes, Lanes};
use crate::algebra::{Dual, Element};
use crate::array::machine::parallel;
use crate::array::{Body, Real, Storage, Tensor, Vectorise, sum, vectorised, zip};
use smallvec::SmallVec;
use std::array::from_fn;

/// The number of elements that a loop with several results computes at a time.
const CHUNK: usize = 64;
/// The number of operands whose derivatives are computed together with the value.
const GROUP: usize = 8;
/// The number of elements in a block. Each block has its own sum, so the total does not depend on the number of
/// threads.
const BLOCK: usize = 64 * CHUNK;

/// Evaluates a formula for each element of operands of one shape.
pub(crate) fn eval<T: Real + Element, F: Formula<N>, const N: usize>(formula: &F, x: [&Tensor<T>; N]) -> Tensor<T> {
    zip(x, Eval(formula.clone()))
}

/// Evaluates a formula for each element, or its sum over all elements, together with the derivatives with respect to
/// all operands.
///
/// One loop computes both. A loop in the backward pass would evaluate the functions in the formula again.
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

/// The results for a block of elements: the value of each, or their sum, and their derivatives with respect to each
/// operand.
struct Block<'a, T, const N: usize> {
    y: Option<&'a mut [T]>,
    sum: T,
    slopes: [&'a mut [T]; N],
}

/// Divides the results into blocks. If `y` is empty, the blocks hold sums rather than values.
fn blocks<'a, T: Real + Element, const N: usize>(
    y: &'a mut [T],
    slopes: [&'a mut [T]; N],
) -> SmallVec<[Block<'a, T, N>; 2]> {
    let count = slopes[0].len().div_ceil(BLOCK);
    let (mut y, mut slopes) = (y.chunks_mut(BLOCK), slopes.map(|slopes| slopes.chunks_mut(BLOCK)));
    let mut next = || slopes.each_mut().map(|slopes| slopes.next().expect("each block has slopes"));
    (0..count).map(|_| Block { y: y.next(), sum: T::zero(), slopes: next() }).collect()
}

#[derive(Clone)]
struct Eval<F>(F);

impl<T: Real + Element, F: Formula<N>, const N: usize> Body<T, N> for Eval<F> {
    const COST: usize = parallel::FUNCTION;

    fn at(&self, x: [&T; N]) -> T {
        self.0.eval(x.map(|&x| Lanes::<T>(x)).each_ref()).0
    }

    // Copies the formula, so that its constants stay in registers: the compiler cannot exclude that `y` overlaps them.
    #[inline(always)]
    fn fill(&self, y: &mut [T], x: [&[T]; N]) {
        let (formula, n) = (self.0.clone(), y.len());
        let x = x.map(|x| &x[..n]); // removes the bounds checks from the loop
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
    // Computes into local arrays, because the compiler cannot know that the slices of the results do not overlap.
    #[inline(always)]
    fn run(self) {
        let (formula, Block { y: target, sum: total, slopes: targets }) = (self.formula.clone(), self.results);
        let (mut x, mut y, mut slopes) = ([[T::zero(); CHUNK]; N], [T::zero(); CHUNK], [[T::zero(); CHUNK]; N]);
        let mut sums = [T::zero(); CHUNK];
        for start in (0..targets[0].len()).step_by(CHUNK) {
            for (chunk, x) in x.iter_mut().zip(self.x.map(|x| &x[start..])) {
                match x.first_chunk() {
                    Some(x) => *chunk = *x, // a copy of constant length needs no call
                    None => chunk[..x.len()].copy_from_slice(x),
                }
            }
            let mut any_nan = false;
            for k in 0..CHUNK {
                let x = from_fn(|j| x[j][k]);
                // Written out: the compiler might keep a loop, and then vectorise nothing.
                macro_rules! with_slopes {
                    ($($i:literal)*) => {
                        const { assert!([$($i),*].len() == GROUP) };
                        $(if $i < N {
                            (y[k], slopes[$i][k]) = with_slope::<false, _, _, N>(&formula, x, $i);
                            any_nan |= slopes[$i][k].is_nan();
                        })*
                    };
                }
                with_slopes!(0 1 2 3 4 5 6 7);
            }
            if N > GROUP {
                any_nan |= further_slopes(&formula, &x, &mut slopes);
            }
            if any_nan {
                recompute_nan(&formula, &x, &mut slopes);
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

/// The value of a formula and its derivative with respect to operand `i`.
#[inline(always)]
fn with_slope<const STRONG_ZERO: bool, T: Real + Element, F: Formula<N>, const N: usize>(
    formula: &F,
    x: [T; N],
    i: usize,
) -> (T, T) {
    let tangent = |j: usize| if i == j { T::one() } else { T::zero() };
    let x: [DualLanes<T, STRONG_ZERO>; N] = from_fn(|j| Dual { x: Lanes(x[j]), dx: Lanes(tangent(j)) });
    let y = formula.eval(x.each_ref());
    (y.x.0, y.dx.0)
}

/// Copies a chunk to the front of `target`, or the part of it that fits.
#[inline(always)]
fn store<T: Copy>(target: &mut [T], chunk: &[T; CHUNK]) {
    match target.first_chunk_mut() {
        Some(target) => *target = *chunk,
        None => target.copy_from_slice(&chunk[..target.len()]),
    }
}

/// Computes the derivatives with respect to the operands behind the first eight, one operand at a time. Returns whether any
/// is NaN.
#[inline(always)]
fn further_slopes<T: Real + Element, F: Formula<N>, const N: usize>(
    formula: &F,
    x: &[[T; CHUNK]; N],
    slopes: &mut [[T; CHUNK]; N],
) -> bool {
    let mut any_nan = false;
    for (i, slopes) in slopes.iter_mut().enumerate().skip(GROUP) {
        for (k, slope) in slopes.iter_mut().enumerate() {
            *slope = with_slope::<false, _, _, N>(formula, from_fn(|j| x[j][k]), i).1;
            any_nan |= slope.is_nan();
        }
    }
    any_nan
}

/// Computes the derivatives that are NaN again, with the strong-zero product.
#[cold]
fn recompute_nan<T: Real + Element, F: Formula<N>, const N: usize>(
    formula: &F,
    x: &[[T; CHUNK]; N],
    slopes: &mut [[T; CHUNK]; N],
) {
    for (i, slopes) in slopes.iter_mut().enumerate() {
        for (k, slope) in slopes.iter_mut().enumerate().filter(|(_, slope)| slope.is_nan()) {
            *slope = with_slope::<true, _, _, N>(formula, from_fn(|j| x[j][k]), i).1;
        }
    }
}
