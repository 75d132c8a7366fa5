//! Sums and cumulative sums.

use super::place::zeroed;
use crate::array::machine::{Vectorise, parallel, vectorised};
use crate::array::memory::{Storage, Tensor};
use crate::array::number::Number;
use crate::array::shape::Shape;
use smallvec::SmallVec;

/// The number of elements up to which a sum is sequential; longer sums are pairwise, so that the rounding error grows
/// with the logarithm of the length (Higham, *Accuracy and Stability of Numerical Algorithms*, section 4.2).
pub(super) const BLOCK: usize = 128;

impl<T: Number> Tensor<T> {
    /// Sums over the axes that a broadcast from `shape` would repeat. An element that is repeated along such an axis is
    /// multiplied rather than copied and added.
    pub(crate) fn sum_to(&self, shape: &Shape) -> Self {
        if !self.is_contiguous()
            && let Some((once, times)) = self.once_along_summed_axes(shape)
        {
            let mut y = once.sum_to(shape);
            let times = T::from_f64(times as f64);
            y.as_mut_slice().iter_mut().for_each(|y| *y = *y * times);
            return y;
        }
        if shape.known_size() == 1 {
            return Self::full(shape.clone(), self.total());
        }
        let summed = |&axis: &usize| self.is_summed(axis, shape);
        let mut y = Storage::recycled(shape.known_size());
        match self.inner_size(summed) {
            Some(size) => self.row_major().sum_slices(size, &mut y),
            None => {
                // Permute the summed axes to the end, so that each result is the sum of a contiguous run.
                let (inner, mut axes): (SmallVec<[_; 4]>, SmallVec<[_; 4]>) = (0..self.shape.rank()).partition(summed);
                axes.extend(inner);
                self.permute_view(&axes).contiguous().sum_runs(&mut y);
            }
        }
        Self::contiguous_in(shape.clone(), y)
    }

    /// The elements without their repetitions along the axes that a sum to `shape` removes, and the number of times that
    /// each is repeated. Returns `None` if none is repeated.
    fn once_along_summed_axes(&self, shape: &Shape) -> Option<(Self, usize)> {
        let strides = self.strides();
        let repeats = |&axis: &usize| strides[axis] == 0 && self.shape[axis] > 1 && self.is_summed(axis, shape);
        let axes: SmallVec<[usize; 4]> = (0..self.shape.rank()).filter(repeats).collect();
        let once = axes.iter().fold(self.clone(), |x, &axis| x.slice_view(axis, 0, 1, 1));
        let times = axes.iter().map(|&axis| self.shape[axis]).product();
        (times > 1).then_some((once, times))
    }

    /// Whether a sum to `shape` sums over this axis.
    #[inline]
    fn is_summed(&self, axis: usize, shape: &Shape) -> bool {
        let new_axes = self.shape.rank() - shape.rank();
        axis < new_axes || shape[axis - new_axes] != self.shape[axis]
    }

    /// The sum of all elements, in storage order if they are stored without gaps.
    pub(crate) fn total(&self) -> T {
        match (self.as_slice(), self.storage_order()) {
            (Some(x), _) => sum(x),
            (None, Some(order)) => self.permute_view(&order).total(),
            (None, None) => self.copied().total(),
        }
    }

    /// The number of elements behind the summed axes, if those axes are adjacent and the number exceeds 1.
    fn inner_size(&self, summed: impl Fn(&usize) -> bool) -> Option<usize> {
        let axes = 0..self.shape.rank();
        let (first, last) = (axes.clone().find(&summed)?, axes.rev().find(&summed)?);
        let size = self.shape[last + 1..].iter().product();
        ((first..last).all(|axis| summed(&axis)) && size > 1).then_some(size)
    }

    /// Sums consecutive runs, one for each element of `y`.
    fn sum_runs(&self, y: &mut [T]) {
        let x = self.as_slice().expect("the caller passes a contiguous tensor");
        let count = x.len() / y.len().max(1);
        parallel::pieces(y, 1, x.len(), |start, y| {
            y.iter_mut().enumerate().for_each(|(i, y)| *y = sum(&x[(start + i) * count..][..count]));
        });
    }

    /// Sums consecutive slices of `size` elements, as the gradient of a bias does.
    fn sum_slices(&self, size: usize, y: &mut [T]) {
        let x = self.as_slice().expect("the caller passes a contiguous tensor");
        if x.is_empty() {
            return y.fill(T::from_f64(0.0));
        }
        let count = x.len() / y.len();
        parallel::pieces(y, size, x.len(), |start, y| {
            let slices = x[start * count..].chunks_exact(count * size);
            y.chunks_exact_mut(size).zip(slices).for_each(|(y, x)| sum_rows(x, y));
        });
    }

    /// Cumulative sums along one axis, from its start or, if `reverse`, from its end; compensated, see [`Running`].
    pub(crate) fn cumsum(&self, axis: usize, reverse: bool) -> Self {
        let (len, inner) = (self.shape[axis], self.shape[axis + 1..].iter().product::<usize>());
        let mut y = zeroed(&self.shape);
        let data = y.as_mut_slice();
        data.clone_from_slice(&self.to_vec());
        let mut sums = Vec::with_capacity(inner);
        for lane in data.chunks_exact_mut((len * inner).max(1)) {
            sums.clear();
            sums.resize(inner, Running::default());
            for i in 0..len {
                let row = if reverse { len - i - 1 } else { i };
                for (y, sum) in lane[row * inner..][..inner].iter_mut().zip(&mut sums) {
                    sum.add(*y);
                    *y = sum.sum;
                }
            }
        }
        y
    }
}

/// A sum to which terms are added one by one, with what rounding took from it: a number of two words (Dekker 1971, with the
/// branchless sum of Knuth). Its relative error for n terms of one sign is about ε/2 + n·ε². A plain sum of ones in `f32`
/// stops at 16,777,216.
#[derive(Clone, Copy, Default)]
pub(super) struct Running<T> {
    pub(super) sum: T,
    lost: T,
}

impl<T: Number> Running<T> {
    #[inline(always)]
    pub(super) fn add(&mut self, x: T) {
        let sum = self.sum + x;
        let of_x = sum - self.sum;
        let lost = self.lost + ((self.sum - (sum - of_x)) + (x - of_x));
        let total = sum + lost;
        // Beside an infinite sum, what was lost is NaN.
        *self = match total.has_nan() {
            true => Self { sum, lost: T::default() },
            false => Self { sum: total, lost: lost - (total - sum) },
        };
    }
}

/// The pairwise sum of a slice.
pub(crate) fn sum<T: Number>(x: &[T]) -> T {
    if x.len() <= BLOCK {
        return fold_lanes(x, T::from_f64(0.0), |sum, x| sum + x);
    }
    let (left, right) = x.split_at((x.len() / 2).next_multiple_of(8));
    let (left, right) = parallel::join(x.len(), || sum(left), || sum(right));
    left + right
}

/// Folds a slice in eight independent lanes, which the compiler vectorises.
#[inline(always)]
pub(crate) fn fold_lanes<T: Copy>(x: &[T], start: T, f: impl Fn(T, T) -> T) -> T {
    let mut lanes = [start; 8];
    let (chunks, rest) = x.as_chunks::<8>();
    for chunk in chunks {
        lanes = std::array::from_fn(|i| f(lanes[i], chunk[i]));
    }
    lanes.into_iter().chain(rest.iter().copied()).fold(start, f)
}

/// Adds the columns from `start` on of each row of `x` to `y`.
struct AddRows<'a, T> {
    y: &'a mut [T],
    x: &'a [T],
    size: usize,
    start: usize,
}

impl<T: Number> Vectorise for AddRows<'_, T> {
    #[inline(always)]
    fn run(self) {
        for row in self.x.chunks_exact(self.size) {
            for (y, &x) in self.y.iter_mut().zip(&row[self.start..]) {
                *y = *y + x;
            }
        }
    }
}

/// Writes the pairwise sum of the rows of `x`, each as long as `y`, to `y`.
fn sum_rows<T: Number>(x: &[T], y: &mut [T]) {
    let (size, count) = (y.len(), x.len() / y.len());
    if count <= BLOCK {
        y.fill(T::from_f64(0.0));
        return parallel::pieces(y, 64, x.len(), |start, y| {
            let rows = AddRows { y, x, size, start };
            if x.len() <= BLOCK { rows.run() } else { vectorised(rows) }
        });
    }
    let (left, right) = x.split_at(count / 2 * size);
    let mut rest = Storage::recycled(size);
    parallel::join(x.len(), || sum_rows(left, y), || sum_rows(right, &mut rest));
    y.iter_mut().zip(rest.iter()).for_each(|(y, &x)| *y = *y + x);
}
