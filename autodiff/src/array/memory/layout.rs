//! The layout of a tensor's elements in its storage.

use crate::array::axes::Axes;
use crate::array::shape::Shape;

/// The layout of the elements from the tensor's offset on. The common layouts are variants of their own: recognising
/// them by their strides took a tenth of a small step.
#[derive(Clone, PartialEq)]
pub(crate) enum Layout {
    /// Row-major without gaps; also the layout of every empty tensor.
    RowMajor,
    /// One stored element, repeated along every axis.
    Repeated,
    /// Any other strides. Boxed, so that the common variants are cheap to copy.
    Strided(Box<Axes<isize>>),
}

impl Layout {
    /// The layout of a shape whose elements are one stored element.
    #[inline]
    pub(crate) fn repeated(shape: &Shape) -> Self {
        match shape.contains(&0) || shape.iter().all(|&size| size == 1) {
            true => Self::RowMajor,
            false => Self::Repeated,
        }
    }

    /// The layout of a shape with the given strides.
    pub(crate) fn new(shape: &Shape, strides: Axes<isize>) -> Self {
        match Run::along(shape, &strides) {
            _ if shape.contains(&0) => Self::RowMajor,
            Some(Run::Contiguous) => Self::RowMajor,
            Some(Run::Repeated) => Self::Repeated,
            None => Self::Strided(Box::new(strides)),
        }
    }
}

/// A layout of some axes that can be read in one run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// Row-major without gaps.
    Contiguous,
    /// One element, repeated.
    Repeated,
}

impl Run {
    /// The run along axes of the given sizes and strides, if they form one.
    pub(crate) fn along(sizes: &[usize], strides: &[isize]) -> Option<Self> {
        let mut expected = 1;
        let contiguous = sizes.iter().zip(strides).rev().all(|(&size, &stride)| {
            let fits = size == 1 || stride == expected;
            expected *= size as isize;
            fits
        });
        let repeated = || sizes.iter().zip(strides).all(|(&size, &stride)| size == 1 || stride == 0);
        if contiguous { Some(Self::Contiguous) } else { repeated().then_some(Self::Repeated) }
    }
}
