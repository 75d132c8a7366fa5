//! Sums over axes.

use super::Tensor;
use super::linear::zeroed;
use super::parallel;
use super::storage::Storage;
use crate::element::Element;
use crate::shape::Shape;
use smallvec::SmallVec;

/// How many elements are added one after the other before pairs of sums are added: the error of a sum grows with the
/// logarithm of its length (Higham, *Accuracy and Stability of Numerical Algorithms*, section 4.2).
const BLOCK: usize = 128;

impl<T: Element> Tensor<T> {
    /// Adds up along the axes that a broadcast from `shape` would repeat.
    pub(super) fn sum_to(&self, shape: &Shape) -> Self {
        if shape.size() == 1 {
            let total = self.as_slice().map_or_else(|| sum(&self.to_vec()), sum);
            return Self::full(shape.clone(), total);
        }
        // Axes to keep first, then those to add up: a permutation makes each result the sum of one row.
        let new_axes = self.shape.rank() - shape.rank();
        let summed = |&axis: &usize| axis < new_axes || shape[axis - new_axes] != self.shape[axis];
        let (inner, outer): (SmallVec<[usize; 4]>, SmallVec<[usize; 4]>) = (0..self.shape.rank()).partition(summed);
        if !outer.is_empty() && inner.iter().max() < outer.first() {
            return self.sum_leading(&inner, shape);
        }
        let axes: Vec<usize> = outer.iter().chain(&inner).copied().collect();
        let rows = self.permute_view(&axes).contiguous();
        let len = inner.iter().map(|&axis| self.shape[axis]).product::<usize>();
        let slice = &rows.data[rows.offset..][..rows.size()];
        let mut y = Storage::recycled(shape.size());
        parallel::pieces(&mut y, 1, slice.len(), |start, y| {
            y.iter_mut().enumerate().for_each(|(i, y)| *y = sum(&slice[(start + i) * len..][..len]));
        });
        Self::contiguous_in(shape.clone(), y)
    }

    /// Adds up the leading axes, row by row in the order of the storage: a bias's cotangent.
    fn sum_leading(&self, inner: &[usize], shape: &Shape) -> Self {
        let rows = self.contiguous();
        let count = inner.iter().map(|&axis| self.shape[axis]).product::<usize>();
        let slice = &rows.data[rows.offset..][..rows.size()];
        Self::contiguous_in(shape.clone(), sum_rows(slice, count, shape.size()))
    }

    /// Running sums along one axis, from its start or from its end.
    pub(super) fn cumsum(&self, axis: usize, reverse: bool) -> Self {
        let (len, inner) = (self.shape[axis], self.shape[axis + 1..].iter().product::<usize>());
        let mut y = zeroed(&self.shape);
        let data = y.as_mut_slice();
        data.clone_from_slice(&self.to_vec());
        for lane in data.chunks_exact_mut((len * inner).max(1)) {
            for i in 1..len {
                let (from, to) = if reverse { (len - i, len - i - 1) } else { (i - 1, i) };
                for j in 0..inner {
                    lane[to * inner + j] = lane[to * inner + j] + lane[from * inner + j];
                }
            }
        }
        y
    }
}

/// The pairwise sum of a slice.
fn sum<T: Element>(x: &[T]) -> T {
    if x.len() <= BLOCK {
        return lanes(x, T::from_f64(0.0), |sum, x| sum + x);
    }
    let (left, right) = x.split_at((x.len() / 2).next_multiple_of(8));
    let (left, right) = parallel::both(x.len(), || sum(left), || sum(right));
    left + right
}

/// Folds a slice in eight independent lanes, which the compiler runs side by side.
#[inline(always)]
pub(super) fn lanes<T: Copy>(x: &[T], start: T, f: impl Fn(T, T) -> T) -> T {
    let mut lanes = [start; 8];
    let (chunks, rest) = x.as_chunks::<8>();
    for chunk in chunks {
        lanes = std::array::from_fn(|i| f(lanes[i], chunk[i]));
    }
    lanes.into_iter().chain(rest.iter().copied()).fold(start, f)
}

/// The pairwise sum of `count` rows of `size` elements.
fn sum_rows<T: Element>(x: &[T], count: usize, size: usize) -> Storage<T> {
    if count <= BLOCK {
        let mut total = Storage::recycled(size);
        total.fill(T::from_f64(0.0));
        parallel::pieces(&mut total, 64, x.len(), |start, total| {
            for row in x.chunks_exact(size.max(1)).take(count) {
                total.iter_mut().zip(&row[start..]).for_each(|(total, &x)| *total = *total + x);
            }
        });
        return total;
    }
    let (left, right) = x.split_at(count / 2 * size);
    let (mut total, right) =
        parallel::both(x.len(), || sum_rows(left, count / 2, size), || sum_rows(right, count - count / 2, size));
    total.iter_mut().zip(right.iter()).for_each(|(total, &x)| *total = *total + x);
    total
}
