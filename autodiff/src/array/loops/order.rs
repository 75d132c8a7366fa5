//! Order along an axis, as indices: data, with no derivative; the values come by gather.

use crate::array::memory::Tensor;
use crate::array::number::Number;
use std::cmp::Ordering;

impl<T: Number> Tensor<T> {
    /// The places of the largest elements along an axis, which goes away; of equal ones the first. NaN counts as the
    /// largest.
    ///
    /// # Panics
    /// If the axis does not exist or has no elements.
    #[track_caller]
    pub fn argmax(&self, axis: isize) -> Tensor<usize> {
        let places = self.top_k_places(axis, 1);
        let axis = self.shape.axis(axis).expect("was found before");
        places.reshape_view(&self.shape.remove(axis))
    }

    /// The places of the smallest elements along an axis, which goes away; of equal ones the first.
    ///
    /// # Panics
    /// If the axis does not exist or has no elements.
    #[track_caller]
    pub fn argmin(&self, axis: isize) -> Tensor<usize> {
        let (resolved, lanes) = self.lanes(axis);
        assert!(self.shape[resolved] > 0, "argmin: {}: axis {axis} has no elements", self.shape);
        let first = lanes.map_rows(1, |row, places| places.push(extreme(row, |a, b| compare(b, a))));
        lanes.restore(first, resolved, 1).reshape_view(&self.shape.remove(resolved))
    }

    /// The places along an axis in the rising order of their elements; equal ones in the order of their places.
    ///
    /// # Panics
    /// If the axis does not exist.
    #[track_caller]
    pub fn argsort(&self, axis: isize) -> Tensor<usize> {
        let (resolved, lanes) = self.lanes(axis);
        let len = self.shape[resolved];
        let places = lanes.map_rows(len, |row, places| {
            let start = places.len();
            places.extend(0..len);
            places[start..].sort_by(|&i, &j| compare(row[i], row[j]));
        });
        lanes.restore(places, resolved, len)
    }

    /// The places of the `k` largest elements along an axis, the largest first; equal ones in the order of their
    /// places.
    ///
    /// # Panics
    /// If the axis does not exist or has fewer than `k` elements.
    #[track_caller]
    pub fn top_k_places(&self, axis: isize, k: usize) -> Tensor<usize> {
        let (resolved, lanes) = self.lanes(axis);
        let len = self.shape[resolved];
        assert!(k <= len, "top_k: {}: {k} elements of axis {axis}, which has {len}", self.shape);
        let places = lanes.map_rows(k, |row, places| match k {
            1 => places.push(extreme(row, compare)),
            _ => {
                let mut order: Vec<usize> = (0..len).collect();
                order.sort_by(|&i, &j| compare(row[j], row[i]));
                places.extend_from_slice(&order[..k]);
            }
        });
        lanes.restore(places, resolved, k)
    }

    /// This tensor with the axis moved to the end, so that a lane is a row.
    #[track_caller]
    fn lanes(&self, axis: isize) -> (usize, Lanes<T>) {
        let rank = self.shape.rank();
        let Some(resolved) = self.shape.axis(axis) else {
            panic!("{}: axis {axis} is out of range for rank {rank}", self.shape)
        };
        let axes: Vec<usize> = (0..rank).filter(|&a| a != resolved).chain([resolved]).collect();
        (resolved, Lanes(self.permute_view(&axes).contiguous()))
    }
}

/// A contiguous tensor whose rows are the lanes along some axis of another one.
struct Lanes<T>(Tensor<T>);

impl<T: Number> Lanes<T> {
    fn map_rows(&self, k: usize, mut choose: impl FnMut(&[T], &mut Vec<usize>)) -> Vec<usize> {
        let slice = self.0.as_slice().expect("lanes are contiguous");
        let len = self.0.shape[self.0.shape.rank() - 1];
        let rows = slice.len() / len.max(1);
        let mut places = Vec::with_capacity(rows * k);
        (0..rows).for_each(|row| choose(&slice[row * len..][..len], &mut places));
        places
    }

    /// The chosen places with the lanes back at their axis, of size `k` now.
    fn restore(&self, places: Vec<usize>, axis: usize, k: usize) -> Tensor<usize> {
        let rank = self.0.shape.rank();
        let places = Tensor::contiguous_from(self.0.shape.with(rank - 1, k), places);
        let axes: Vec<usize> = (0..axis).chain([rank - 1]).chain(axis..rank - 1).collect();
        places.permute_view(&axes)
    }
}

/// The place of the first element that no other one exceeds.
fn extreme<T: Number>(row: &[T], compare: impl Fn(T, T) -> Ordering) -> usize {
    (1..row.len()).fold(0, |best, i| if compare(row[i], row[best]).is_gt() { i } else { best })
}

/// A total order: NaN is the largest, and equal to itself.
fn compare<T: Number>(a: T, b: T) -> Ordering {
    let (a, b) = (a.to_f64(), b.to_f64());
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}
