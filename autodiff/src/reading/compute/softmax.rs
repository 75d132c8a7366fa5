//! log softmax and its cotangent, block by block, so that each row stays in the cache.

use crate::algebra::{Element, Math};
use crate::array::machine::parallel;
use crate::array::{Storage, Tensor, Vectorise, fold_lanes, sum, vectorised};

/// x − ln Σ eˣ along an axis.
pub(super) fn log_softmax<T: Element>(x: &Tensor<T>, axis: usize) -> Tensor<T> {
    rows([x], axis, |y, [x], len| vectorised(Forward { y, x, len }))
}

/// The cotangent of x for y = log softmax x: g − eʸ·Σ g along an axis.
pub(super) fn log_softmax_cotangent<T: Element>(y: &Tensor<T>, g: &Tensor<T>, axis: usize) -> Tensor<T> {
    rows([y, g], axis, |x, [y, g], len| vectorised(Backward { x, y, g, len }))
}

/// Runs `f` on the rows along an axis, divided among threads.
fn rows<T: Element, const N: usize>(
    x: [&Tensor<T>; N],
    axis: usize,
    f: impl Fn(&mut [T], [&[T]; N], usize) + Sync,
) -> Tensor<T> {
    let last = x[0].shape.rank() - 1;
    let mut axes: Vec<usize> = (0..=last).collect();
    axes.swap(axis, last);
    let x = x.map(|x| if axis == last { x.contiguous() } else { x.permute_view(&axes).contiguous() });
    let (shape, len) = (x[0].shape.clone(), x[0].shape[last]);
    let mut y = Storage::recycled(shape.known_size());
    if len > 0 {
        let size = y.len();
        parallel::pieces(&mut y, len, size * parallel::FUNCTION, |start, y| {
            let x = std::array::from_fn(|i| &x[i].data[x[i].offset + start..][..y.len()]);
            f(y, x, len);
        });
    }
    let y = Tensor::contiguous_in(shape, y);
    if axis == last { y } else { y.permute_view(&axes) }
}

/// The number of elements in a block of rows, which stays in the cache. Exponentials are computed for a whole block,
/// because a row may be shorter than a vector.
const BLOCK: usize = 2048;

/// The length from which a row is summed pairwise.
const LONG: usize = 2048;

struct Forward<'a, T> {
    y: &'a mut [T],
    x: &'a [T],
    len: usize,
}

impl<T: Element> Vectorise for Forward<'_, T> {
    #[inline(always)]
    fn run(self) {
        let block = (BLOCK / self.len).max(1) * self.len;
        let mut exponentials = Storage::recycled(block.min(self.y.len()));
        for (y, x) in self.y.chunks_mut(block).zip(self.x.chunks(block)) {
            for (y, x) in y.chunks_exact_mut(self.len).zip(x.chunks_exact(self.len)) {
                let peak = peak(x);
                y.iter_mut().zip(x).for_each(|(y, &x)| *y = x - peak);
            }
            for (e, &y) in exponentials.iter_mut().zip(&*y) {
                *e = y.exp_in_loop();
            }
            for (y, e) in y.chunks_exact_mut(self.len).zip(exponentials.chunks_exact(self.len)) {
                let normaliser = Math::ln(&total(e));
                y.iter_mut().for_each(|y| *y = *y - normaliser);
            }
        }
    }
}

/// The largest element, so that no exponential overflows; 0 if it is not finite, so that ∞ − ∞ does not arise. It
/// carries no derivative, because the result does not depend on it.
#[inline(always)]
fn peak<T: Element>(x: &[T]) -> T {
    let peak = fold_lanes(x, x[0], |a, b| if b > a { b } else { a }).to_f64();
    T::from_f64(if peak.is_finite() { peak } else { 0.0 })
}

/// The sum of a row. A short row is summed here, so that it is vectorised with the loop around it; a long one pairwise.
#[inline(always)]
fn total<T: Element>(x: &[T]) -> T {
    if x.len() <= LONG { fold_lanes(x, T::from_f64(0.0), |a, b| a + b) } else { sum(x) }
}

struct Backward<'a, T> {
    x: &'a mut [T],
    y: &'a [T],
    g: &'a [T],
    len: usize,
}

impl<T: Element> Vectorise for Backward<'_, T> {
    #[inline(always)]
    fn run(self) {
        let block = (BLOCK / self.len).max(1) * self.len;
        let blocks = self.y.chunks(block).zip(self.g.chunks(block));
        for (x, (y, g)) in self.x.chunks_mut(block).zip(blocks) {
            for (x, &y) in x.iter_mut().zip(y) {
                *x = y.exp_in_loop();
            }
            for (x, g) in x.chunks_exact_mut(self.len).zip(g.chunks_exact(self.len)) {
                let sum = total(g);
                for (x, &g) in x.iter_mut().zip(g) {
                    *x = g - x.mul_strong_zero(sum);
                }
            }
        }
    }
}
