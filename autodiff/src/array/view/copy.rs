//! Copies in row-major order.

use super::starts::Starts;
use crate::array::axes::Axes;
use crate::array::machine::parallel;
use crate::array::memory::{Layout, Run, Storage, Tensor};
use std::borrow::Cow;

/// The number of columns of a tile in a transposing copy; a tile's cache lines are fetched once.
const COLUMNS: usize = 8;

impl<T: Copy + Default + Send + Sync + 'static> Tensor<T> {
    /// The same elements in row-major order: this tensor if it is contiguous, otherwise a copy.
    pub fn contiguous(&self) -> Self {
        self.row_major().into_owned()
    }

    /// As [`contiguous`](Tensor::contiguous), borrowed if possible.
    pub(crate) fn row_major(&self) -> Cow<'_, Self> {
        if self.is_contiguous() { Cow::Borrowed(self) } else { Cow::Owned(self.copied()) }
    }

    /// The elements in row-major order.
    pub fn to_vec(&self) -> Vec<T> {
        match self.as_slice() {
            Some(elements) => elements.to_vec(),
            None => {
                let mut elements = vec![T::default(); self.size()];
                self.copy_to(&mut elements);
                elements
            }
        }
    }

    /// The elements in row-major order, for writing. Copies first if the storage is shared or not contiguous.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        if self.data.is_shared() || !self.is_contiguous() {
            *self = self.copied();
        }
        self.unshared_slice().expect("a copy is contiguous and not shared")
    }

    /// The elements in row-major order, for writing, if they are contiguous and not shared.
    pub(crate) fn unshared_slice(&mut self) -> Option<&mut [T]> {
        let (is_contiguous, offset, size) = (self.is_contiguous(), self.offset, self.size());
        self.data.unshared().filter(|_| is_contiguous).map(|data| &mut data[offset..][..size])
    }

    /// Replaces each element x by `f(x)`, in place unless the storage is shared.
    pub fn update(&mut self, f: impl Fn(T) -> T) {
        self.as_mut_slice().iter_mut().for_each(|x| *x = f(*x));
    }

    pub(crate) fn copied(&self) -> Self {
        let mut data = Storage::recycled(self.size());
        self.copy_to(&mut data);
        Self::contiguous_in(self.shape.clone(), data)
    }

    pub(crate) fn copy_to(&self, y: &mut [T]) {
        if let Some((columns, stride)) = self.row_slices() {
            return parallel::pieces(y, columns, self.size(), |start, y| {
                for (y, row) in y.chunks_exact_mut(columns).zip(start / columns..) {
                    y.copy_from_slice(&self.data[self.offset + row * stride..][..columns]);
                }
            });
        }
        match self.as_slice() {
            Some(x) => y.copy_from_slice(x),
            None if self.is_one_element() => y.fill(self.data[self.offset]),
            None if self.repeats_rows() => {
                let row = &self.data[self.offset..][..self.size() / self.shape[0]];
                y.chunks_exact_mut(row.len()).for_each(|y| y.copy_from_slice(row));
            }
            None => match self.repeats_elements() {
                Some(times) => {
                    let elements = &self.data[self.offset..];
                    y.chunks_exact_mut(times).zip(elements).for_each(|(y, &x)| y.fill(x));
                }
                None => {
                    parallel::pieces(y, self.size() / self.shape[0], self.size() * parallel::FUNCTION, |start, y| {
                        let len = self.size() / self.shape[0];
                        self.slice_view(0, start / len, y.len() / len, 1).copy_rows(y);
                    })
                }
            },
        }
    }

    /// The size and the distance of the rows of a matrix whose rows are contiguous, as some columns of another matrix are.
    fn row_slices(&self) -> Option<(usize, usize)> {
        match (&*self.shape, &self.layout) {
            (&[_, columns], Layout::Strided(strides)) if strides[0] > 0 && strides[1] == 1 => {
                Some((columns, strides[0] as usize))
            }
            _ => None,
        }
    }

    /// Whether this is one contiguous slice, repeated along the first axis, as a bias for each sample is.
    fn repeats_rows(&self) -> bool {
        let strides = self.strides();
        strides[0] == 0 && strides[1..] == self.shape.strides()[1..]
    }

    /// The number of times that each element is repeated along the last axes, if the elements are contiguous otherwise.
    fn repeats_elements(&self) -> Option<usize> {
        let strides = self.strides();
        let outer = strides.iter().rposition(|&stride| stride != 0)? + 1;
        let contiguous = Run::along(&self.shape[..outer], &strides[..outer]) == Some(Run::Contiguous);
        contiguous.then(|| self.shape[outer..].iter().product())
    }

    /// Copies rows. If another axis than the last has the smallest stride, as in a transposed matrix, copies tiles of
    /// the two, so that each cache line is fetched once.
    fn copy_rows(&self, y: &mut [T]) {
        let (last, strides, targets) = (self.shape.rank() - 1, self.strides(), self.shape.strides());
        let column_stride = strides[last];
        let distance = |&axis: &usize| match (self.shape[axis], strides[axis].unsigned_abs()) {
            (1, _) | (_, 0) => usize::MAX,
            (_, distance) => distance,
        };
        let row_axis = (0..last).min_by_key(distance).filter(|axis| distance(axis) < column_stride.unsigned_abs());
        let (rows, row_stride, y_row_stride, tile_width) = match row_axis {
            Some(axis) => (self.shape[axis], strides[axis], targets[axis], COLUMNS),
            None => (1, 0, 0, self.shape[last]),
        };
        let starts = self.starts_without(row_axis, &strides, self.offset);
        for (from, to) in starts.zip(self.starts_without(row_axis, &targets, 0)) {
            for column in (0..self.shape[last]).step_by(tile_width) {
                let width = tile_width.min(self.shape[last] - column);
                for row in 0..rows as isize {
                    let y = &mut y[to.wrapping_add_signed(row * y_row_stride) + column..][..width];
                    let from = from.wrapping_add_signed(row * row_stride + column as isize * column_stride);
                    match column_stride {
                        1 => y.copy_from_slice(&self.data[from..][..width]),
                        _ => {
                            (0..).zip(y).for_each(|(j, y)| *y = self.data[from.wrapping_add_signed(j * column_stride)])
                        }
                    }
                }
            }
        }
    }

    /// The starts of the slices along the last axis and `row_axis`, for storage with these strides.
    fn starts_without(&self, row_axis: Option<usize>, strides: &[isize], offset: usize) -> Starts {
        let axes = || (0..self.shape.rank() - 1).filter(|&axis| Some(axis) != row_axis);
        let sizes: Axes<usize> = axes().map(|axis| self.shape[axis]).collect();
        let strides: Axes<isize> = axes().map(|axis| strides[axis]).collect();
        Starts::new(&sizes, &strides, offset)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn copies_of_views_are_in_row_major_order() {
        let x = Tensor::<f32>::arange(5 * 37 * 70).reshape([5, 37, 70]);
        for axes in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let permuted = x.permute_view(&axes);
            let broadcast = permuted.slice_view(1, 3, 1, 1).broadcast_view(permuted.shape());
            let views =
                [permuted.flip_view(1), permuted.slice_view(2, 1, 2, 2), permuted.slice_view(0, 1, 3, 1), broadcast];
            for view in views.iter().chain([&permuted]) {
                assert!(view.contiguous().to_vec().into_iter().eq(view.iter()), "{axes:?} {}", view.shape());
                assert!(view.to_vec().into_iter().eq(view.iter()));
            }
        }
    }
}
