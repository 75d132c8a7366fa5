//! Where the elements of a tensor lie in its storage.

use super::Tensor;
use crate::axes::Axes;
use crate::shape::Shape;

/// Where the elements lie, from the offset of the tensor on. What most tensors are has a name, so that nobody computes
/// strides to find it out: that took a tenth of a small step.
#[derive(Clone, PartialEq)]
pub(super) enum Layout {
    /// In row-major order without gaps; so do the elements of a tensor that has none.
    RowMajor,
    /// One element stands for all.
    Repeated,
    /// At these distances along the axes, which are none of the above. In a box, so that the others are copied quickly.
    Strided(Box<Axes<isize>>),
}

impl Layout {
    /// The layout of a shape all of whose elements are one.
    #[inline]
    pub(super) fn of_one(shape: &Shape) -> Self {
        match shape.contains(&0) || shape.iter().all(|&size| size == 1) {
            true => Self::RowMajor,
            false => Self::Repeated,
        }
    }

    /// The layout of a shape with the given strides.
    pub(super) fn new(shape: &Shape, strides: Axes<isize>) -> Self {
        match Run::along(shape, &strides) {
            _ if shape.contains(&0) => Self::RowMajor,
            Some(Run::Lies) => Self::RowMajor,
            Some(Run::Repeats) => Self::Repeated,
            None => Self::Strided(Box::new(strides)),
        }
    }
}

/// How some axes lie in the storage that can be read in one run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// In one piece, in row-major order.
    Lies,
    /// As one element, which is repeated.
    Repeats,
}

impl Run {
    /// That of axes of the given sizes and strides, if there is one.
    pub(super) fn along(sizes: &[usize], strides: &[isize]) -> Option<Self> {
        let mut step = 1;
        let lies = sizes.iter().zip(strides).rev().all(|(&size, &stride)| {
            let fits = size == 1 || stride == step;
            step *= size as isize;
            fits
        });
        let repeats = || sizes.iter().zip(strides).all(|(&size, &stride)| size == 1 || stride == 0);
        if lies { Some(Self::Lies) } else { repeats().then_some(Self::Repeats) }
    }
}

impl<T> Tensor<T> {
    /// The distances, in elements of the storage, along the axes.
    pub(super) fn strides(&self) -> Axes<isize> {
        match &self.layout {
            Layout::RowMajor => self.shape.strides(),
            Layout::Repeated => Axes::repeat(0, self.shape.rank()),
            Layout::Strided(strides) => (**strides).clone(),
        }
    }

    /// The distances along the last two axes.
    #[inline]
    pub(super) fn matrix_strides(&self) -> [isize; 2] {
        match &self.layout {
            Layout::RowMajor => [self.shape[self.shape.rank() - 1] as isize, 1],
            Layout::Repeated => [0, 0],
            Layout::Strided(strides) => [strides[strides.len() - 2], strides[strides.len() - 1]],
        }
    }

    /// Whether an index along one of the last two axes goes back in the storage.
    #[inline]
    pub(super) fn is_matrix_reversed(&self) -> bool {
        matches!(self.layout, Layout::Strided(_)) && self.matrix_strides().iter().any(|&stride| stride < 0)
    }

    /// How far from the first element the one at an index is.
    #[inline]
    pub(super) fn distance(&self, index: &[usize]) -> isize {
        match &self.layout {
            Layout::RowMajor => index.iter().zip(&*self.shape).fold(0, |place, (&i, size)| place * size + i) as isize,
            Layout::Repeated => 0,
            Layout::Strided(strides) => index.iter().zip(strides.iter()).map(|(&i, stride)| i as isize * stride).sum(),
        }
    }

    /// Whether the elements lie in row-major order without gaps.
    #[inline]
    pub fn is_contiguous(&self) -> bool {
        matches!(self.layout, Layout::RowMajor)
    }

    /// The axes in the order in which the elements lie, where they lie without gaps and rows along the last axis are whole:
    /// slices that were exchanged.
    pub(super) fn order(&self) -> Option<Axes<usize>> {
        let Layout::Strided(strides) = &self.layout else { return None };
        let mut order: Axes<usize> = (0..self.shape.rank()).collect();
        order.sort_by_key(|&axis| (-strides[axis], axis));
        let last = order.last() == Some(&(self.shape.rank() - 1));
        (last && self.permute_view(&order).is_contiguous()).then_some(order)
    }

    /// Whether this is one element, repeated or single; its formula is computed once.
    #[inline]
    pub(super) fn is_one_element(&self) -> bool {
        matches!(self.layout, Layout::Repeated) || self.shape.iter().all(|&size| size == 1)
    }

    /// Whether the other is this one: not equal elements, but the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let place = |x: &Self| (x.data.as_ptr(), x.offset);
        place(self) == place(other) && self.layout == other.layout && self.shape == other.shape
    }

    /// The elements in row-major order, where they lie so; see [`contiguous`](Tensor::contiguous).
    #[inline]
    pub fn as_slice(&self) -> Option<&[T]> {
        self.is_contiguous().then(|| &self.data[self.offset..][..self.size()])
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[test]
    fn what_is_computed_of_exchanged_slices_lies_as_they_do() {
        let x = Tensor::<f64>::linspace(-1.0, 1.0, 4 * 3 * 5).reshape([4, 3, 5]).permute_view(&[1, 0, 2]);
        let row_major = x.contiguous();
        let results = |x: &Tensor<f64>| [x.exp(), x * x, x * 2.0, x.maximum(&Tensor::scalar(0.1)), x.chain(&x.cos())];
        for (y, expected) in results(&x).into_iter().zip(results(&row_major)) {
            assert_eq!(y, expected);
            assert!(y.permute_view(&[1, 0, 2]).is_contiguous());
        }
        assert!(x.sum().approx(&row_major.sum(), 1e-15).is_ok());
        // Of operands that lie differently, and where rows are not whole, results lie in row-major order.
        assert!([&x * &row_major, row_major.permute_view(&[0, 2, 1]).exp()].iter().all(Tensor::is_contiguous));
    }
}
