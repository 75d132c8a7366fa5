//! Sorting and extremes along an axis, as indices, which are data without a derivative.

use crate::array::memory::Tensor;
use crate::array::number::Number;
use std::cmp::Ordering;

impl<T: Number> Tensor<T> {
    /// The index of the largest element along an axis, which is removed; the first among equals. If there is a NaN, it
    /// is the index of the first NaN, which [`max_axis`](crate::Composite::max_axis) returns.
    ///
    /// # Panics
    /// Panics if the axis is out of range or has no elements.
    #[track_caller]
    pub fn argmax(&self, axis: isize) -> Tensor<usize> {
        self.place_of_extreme("argmax", axis, compare)
    }

    /// The index of the smallest element along an axis, which is removed; the first among equals. If there is a NaN, it
    /// is the index of the first NaN, which [`min_axis`](crate::Composite::min_axis) returns.
    ///
    /// # Panics
    /// Panics if the axis is out of range or has no elements.
    #[track_caller]
    pub fn argmin(&self, axis: isize) -> Tensor<usize> {
        self.place_of_extreme("argmin", axis, |a, b| compare(-a, -b)) // −NaN is NaN, and so the largest
    }

    #[track_caller]
    fn place_of_extreme(&self, name: &str, axis: isize, compare: impl Fn(T, T) -> Ordering) -> Tensor<usize> {
        let (resolved, lanes) = self.lanes(name, axis);
        assert!(self.shape[resolved] > 0, "{name}: {}: axis {axis} has no elements", self.shape);
        let first = lanes.map_rows(1, |row, indices| indices.push(extreme(row, &compare)));
        lanes.restore(first, resolved, 1).reshape_view(&self.shape.remove(resolved))
    }

    /// The indices that sort the elements along an axis in ascending order. The sort is stable, and NaN comes last.
    ///
    /// # Panics
    /// Panics if the axis is out of range.
    #[track_caller]
    pub fn argsort(&self, axis: isize) -> Tensor<usize> {
        let (resolved, lanes) = self.lanes("argsort", axis);
        let len = self.shape[resolved];
        let indices = lanes.map_rows(len, |row, indices| {
            let start = indices.len();
            indices.extend(0..len);
            indices[start..].sort_by(|&i, &j| compare(row[i], row[j]));
        });
        lanes.restore(indices, resolved, len)
    }

    /// The indices of the `k` largest elements along an axis, the largest first; equal elements keep their order. NaN counts
    /// as the largest.
    ///
    /// # Panics
    /// Panics if the axis is out of range or has fewer than `k` elements.
    #[track_caller]
    pub fn top_k_indices(&self, axis: isize, k: usize) -> Tensor<usize> {
        let (resolved, lanes) = self.lanes("top_k_indices", axis);
        let len = self.shape[resolved];
        assert!(k <= len, "top_k_indices: {}: {k} elements of axis {axis}, which has {len}", self.shape);
        let indices = lanes.map_rows(k, |row, indices| match k {
            1 => indices.push(extreme(row, compare)),
            _ => {
                let mut order: Vec<usize> = (0..len).collect();
                order.sort_by(|&i, &j| compare(row[j], row[i]));
                indices.extend_from_slice(&order[..k]);
            }
        });
        lanes.restore(indices, resolved, k)
    }

    /// For each element, the index of the largest element up to it along an axis. The first among equals counts, and NaN as
    /// the largest.
    #[track_caller]
    pub(crate) fn places_of_running_maxima(&self, axis: isize) -> Tensor<usize> {
        let (resolved, lanes) = self.lanes("cummax", axis);
        let len = self.shape[resolved];
        let indices = lanes.map_rows(len, |row, indices| {
            indices.extend((0..len).scan(0, |best, i| {
                *best = if exceeds(row[i], row[*best]) { i } else { *best };
                Some(*best)
            }));
        });
        lanes.restore(indices, resolved, len)
    }

    /// For each window over the last two axes, the place of its largest element in the elements of these axes, in row-major
    /// order: \[…, m, n\] → \[…, down·along\]. The first among equals counts, and NaN as the largest.
    ///
    /// `places` are the numbers of windows, down and along. The windows of `size` elements move by `stride`, from `padding`
    /// places before the first element; places outside hold no element. Every window holds an element.
    pub(crate) fn places_in_windows(
        &self,
        size: [usize; 2],
        stride: [usize; 2],
        padding: [usize; 2],
        places: [usize; 2],
    ) -> Tensor<usize> {
        let (batch, [rows, columns]) = self.shape.split_last_chunk().expect("two axes");
        let x = self.row_major();
        let x = x.as_slice().expect("row-major");
        let mut indices = Vec::with_capacity(batch.iter().product::<usize>() * places[0] * places[1]);
        let within = |place: usize, axis: usize, n: usize| {
            let start = place * stride[axis];
            start.saturating_sub(padding[axis])..(start + size[axis]).saturating_sub(padding[axis]).min(n)
        };
        for image in x.chunks_exact((rows * columns).max(1)) {
            for (down, along) in (0..places[0]).flat_map(|down| (0..places[1]).map(move |along| (down, along))) {
                let (rows, within_row) = (within(down, 0, *rows), within(along, 1, *columns));
                let mut best = rows.start * columns + within_row.start;
                let mut largest = image[best].to_f64();
                for row in rows {
                    let start = row * columns + within_row.start;
                    for (place, element) in (start..).zip(&image[start..][..within_row.len()]) {
                        let element = element.to_f64();
                        // Masks, in place of a branch that a processor would mispredict half of the time.
                        let larger = u64::from(exceeds(element, largest)).wrapping_neg();
                        best ^= (best ^ place) & larger as usize;
                        largest = f64::from_bits(largest.to_bits() ^ (largest.to_bits() ^ element.to_bits()) & larger);
                    }
                }
                indices.push(best);
            }
        }
        let shape = batch.iter().copied().chain([places[0] * places[1]]).collect();
        Tensor::contiguous_from(shape, indices)
    }

    /// The resolved axis, and this tensor with that axis moved to the end.
    #[track_caller]
    fn lanes(&self, name: &str, axis: isize) -> (usize, Lanes<T>) {
        let resolved = self.shape.checked_axis(name, axis);
        let axes: Vec<usize> = (0..self.shape.rank()).filter(|&a| a != resolved).chain([resolved]).collect();
        (resolved, Lanes(self.permute_view(&axes).contiguous()))
    }
}

/// A contiguous tensor whose rows are the lanes along an axis of another tensor.
struct Lanes<T>(Tensor<T>);

impl<T: Number> Lanes<T> {
    fn map_rows(&self, k: usize, mut choose: impl FnMut(&[T], &mut Vec<usize>)) -> Vec<usize> {
        let slice = self.0.as_slice().expect("lanes are contiguous");
        let len = self.0.shape[self.0.shape.rank() - 1];
        let rows = slice.len() / len.max(1);
        let mut indices = Vec::with_capacity(rows * k);
        (0..rows).for_each(|row| choose(&slice[row * len..][..len], &mut indices));
        indices
    }

    /// The chosen indices as a tensor, with the lanes, now of size `k`, moved back to `axis`.
    fn restore(&self, indices: Vec<usize>, axis: usize, k: usize) -> Tensor<usize> {
        let rank = self.0.shape.rank();
        let indices = Tensor::contiguous_from(self.0.shape.with(rank - 1, k), indices);
        let axes: Vec<usize> = (0..axis).chain([rank - 1]).chain(axis..rank - 1).collect();
        indices.permute_view(&axes)
    }
}

/// The index of the first element that no other exceeds.
fn extreme<T: Number>(row: &[T], compare: impl Fn(T, T) -> Ordering) -> usize {
    (1..row.len()).fold(0, |best, i| if compare(row[i], row[best]).is_gt() { i } else { best })
}

/// Whether `a` is larger than `b`; NaN is the largest number and equals itself.
fn exceeds<T: Number>(a: T, b: T) -> bool {
    let (a, b) = (a.to_f64(), b.to_f64());
    (a > b) | (a.is_nan() & !b.is_nan())
}

/// A total order, in which NaN is the largest number and equals itself.
fn compare<T: Number>(a: T, b: T) -> Ordering {
    let (a, b) = (a.to_f64(), b.to_f64());
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}
