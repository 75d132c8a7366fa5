//! Changing tensors in place: what an optimiser does to weights and to what it keeps of them.

use crate::array::machine::{Vectorise, parallel, vectorised};
use crate::array::memory::Tensor;
use crate::array::number::Number;
use std::array::from_fn;

impl<T: Number> Tensor<T> {
    /// Replaces the elements of N tensors, all at once, by `f` of them and of those of another one, all of one shape: in
    /// one pass, in place where nobody shares the storage. So a step of an optimiser reads and writes each number once.
    ///
    /// Let `f` be a `move` closure: numbers that it only refers to would be fetched from memory for each element.
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
    /// If the shapes differ.
    #[track_caller]
    pub fn update_together<const N: usize>(y: [&mut Self; N], x: &Self, f: impl Fn([T; N], T) -> [T; N] + Copy + Send) {
        if let Some(y) = y.iter().find(|y| y.shape != x.shape) {
            panic!("update_together: {} × {}: the shapes differ", y.shape, x.shape);
        }
        let x = x.row_major();
        let x = x.as_slice().expect("row-major just now");
        halves(y.map(Self::as_mut_slice), x, f);
    }
}

/// Shares the elements among threads.
fn halves<T: Number, const N: usize>(y: [&mut [T]; N], x: &[T], f: impl Fn([T; N], T) -> [T; N] + Copy + Send) {
    let work = x.len() * (N + 1);
    if work < parallel::SHARED {
        return vectorised(Pass { y, x, f });
    }
    let middle = x.len() / 2;
    let mut right: [&mut [T]; N] = from_fn(|_| &mut [][..]);
    let mut rest = right.iter_mut();
    let left = y.map(|y| {
        let (left, right) = y.split_at_mut(middle);
        *rest.next().expect("as many as slices") = right;
        left
    });
    let (x_left, x_right) = x.split_at(middle);
    parallel::both(work, move || halves(left, x_left, f), move || halves(right, x_right, f));
}

struct Pass<'a, T, F, const N: usize> {
    y: [&'a mut [T]; N],
    x: &'a [T],
    f: F,
}

impl<T: Copy, F: Fn([T; N], T) -> [T; N], const N: usize> Vectorise for Pass<'_, T, F, N> {
    #[inline(always)]
    fn run(self) {
        let n = self.x.len();
        let mut y = self.y.map(|y| &mut y[..n]); // so that the compiler knows that no index is out of range
        for (i, &x) in self.x.iter().enumerate() {
            let new = (self.f)(from_fn(|j| y[j][i]), x);
            for (y, new) in y.iter_mut().zip(new) {
                y[i] = new;
            }
        }
    }
}
