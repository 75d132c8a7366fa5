//! Where the elements of a tensor lie in its storage.

use crate::array::axes::Axes;
use crate::array::shape::Shape;

/// Where the elements lie, from the offset of the tensor on. What most tensors are has a name, so that nobody computes
/// strides to find it out: that took a tenth of a small step.
#[derive(Clone, PartialEq)]
pub(crate) enum Layout {
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
    pub(crate) fn of_one(shape: &Shape) -> Self {
        match shape.contains(&0) || shape.iter().all(|&size| size == 1) {
            true => Self::RowMajor,
            false => Self::Repeated,
        }
    }

    /// The layout of a shape with the given strides.
    pub(crate) fn new(shape: &Shape, strides: Axes<isize>) -> Self {
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
pub(crate) enum Run {
    /// In one piece, in row-major order.
    Lies,
    /// As one element, which is repeated.
    Repeats,
}

impl Run {
    /// That of axes of the given sizes and strides, if there is one.
    pub(crate) fn along(sizes: &[usize], strides: &[isize]) -> Option<Self> {
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
