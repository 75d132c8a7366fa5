//! In-place updates of several tensors, as an optimiser needs for weights and their moments.

use crate::array::machine::{Vectorise, parallel, vectorised};
use crate::array::memory::Tensor;
use crate::array::number::Number;
use std::array::from_fn;

impl<T: Number> Tensor<T> {
    /// Updates the N tensors `y` in one pass. `f` maps their N elements and the element of `x` to the new N elements.
    ///
    /// Works in place unless the storage is shared, so an optimiser's step reads and writes each number once. All
    /// shapes must be equal. Make `f` a `move` closure: captured references are read from memory for each element.
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let (mut w, mut v) = (Tensor::from([1.0, 2.0]), Tensor::from([0.0, 8.0]));
    /// let gradient = Tensor::from([4.0, 4.0]);
    /// Tensor::update_together([&mut w, &mut v], &gradient, |[w, v], g| {
    ///     let v = v * 0.5 + g;
    ///     [w - v, v]
    /// });
    /// assert_eq!((w.to_vec(), v.to_vec()), (vec![-3.0, -6.0], vec![4.0, 8.0]));
    /// ```
    ///
    /// # Panics
    /// Panics if the shapes differ.
    #[track_caller]
    pub fn update_together<const N: usize>(y: [&mut Self; N], x: &Self, f: impl Fn([T; N], T) -> [T; N] + Copy + Send) {
        if let Some(y) = y.iter().find(|y| y.shape != x.shape) {
            panic!("update_together: {} × {}: the shapes differ", y.shape, x.shape);
        }
        let x = x.row_major();
        let x = x.as_slice().expect("row_major returns a contiguous tensor");
        update_slices(y.map(Self::as_mut_slice), x, f);
    }
}

/// Updates slices, divided among threads.
pub(crate) fn update_slices<T: Number, const N: usize>(
    y: [&mut [T]; N],
    x: &[T],
    f: impl Fn([T; N], T) -> [T; N] + Copy + Send,
) {
    let work = x.len() * (N + 1);
    if work < parallel::MIN_PARALLEL_WORK {
        return vectorised(Update { y, x, f });
    }
    let middle = x.len() / 2;
    let mut right: [&mut [T]; N] = from_fn(|_| &mut [][..]);
    let mut rest = right.iter_mut();
    let left = y.map(|y| {
        let (left, right) = y.split_at_mut(middle);
        *rest.next().expect("each slice has a right half") = right;
        left
    });
    let (x_left, x_right) = x.split_at(middle);
    parallel::join(work, move || update_slices(left, x_left, f), move || update_slices(right, x_right, f));
}

struct Update<'a, T, F, const N: usize> {
    y: [&'a mut [T]; N],
    x: &'a [T],
    f: F,
}

impl<T: Copy, F: Fn([T; N], T) -> [T; N], const N: usize> Vectorise for Update<'_, T, F, N> {
    #[inline(always)]
    fn run(self) {
        let n = self.x.len();
        let mut y = self.y.map(|y| &mut y[..n]); // elides the bounds checks below
        for (i, &x) in self.x.iter().enumerate() {
            let new = (self.f)(from_fn(|j| y[j][i]), x);
            for (y, new) in y.iter_mut().zip(new) {
                y[i] = new;
            }
        }
    }
}
