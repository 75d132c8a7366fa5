//! In-place updates of several arrays, as an optimiser needs for weights and their moments.

use crate::array::machine::{Vectorise, parallel, vectorised};
use crate::array::number::Number;
use std::array::from_fn;

/// Updates N slices in one pass, divided among threads. `f` maps their N elements and the element of `x` to the new N elements.
/// Each number is read and written once.
///
/// `f` is a `move` closure or captures one reference to constants: other captured references are read from memory for each
/// element.
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
