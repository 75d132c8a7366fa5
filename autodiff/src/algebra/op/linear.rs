//! The linear operations, as data.

use crate::array::{Axes, Shape, Tensor};
use std::sync::Arc;

/// The linear operations. The transpose of each is again one of them, and derivatives need nothing else.
#[derive(Clone, Debug, PartialEq)]
pub enum Linear {
    /// Repeats elements along new leading axes and along axes of size 1, up to the given shape.
    Broadcast(Shape),
    /// Sums along the axes that a broadcast from the given shape repeats: the transpose of a broadcast.
    SumTo(Shape),
    /// The same elements in row-major order, in the given shape.
    Reshape(Shape),
    /// Reorders the axes: axis i of the result is axis `axes[i]` of the operand.
    Permute(Axes<usize>),
    /// Takes `len` elements of one axis, from index `start` in steps of `step`.
    Slice {
        /// The sliced axis
        axis: usize,
        /// The first index taken
        start: usize,
        /// The number of elements taken
        len: usize,
        /// The distance between the elements taken
        step: usize,
    },
    /// Zeros of `size` along one axis, with the operand from index `start` in steps of `step`: the transpose of a
    /// slice.
    Pad {
        /// The padded axis
        axis: usize,
        /// The index of the operand's first element
        start: usize,
        /// The size of the axis in the result
        size: usize,
        /// The distance between the operand's elements
        step: usize,
    },
    /// Reverses the order of the elements along one axis.
    Flip(usize),
    /// Cumulative sums along one axis, from its start or from its end.
    CumSum {
        /// The axis of the sums
        axis: usize,
        /// Whether the sums run from the end
        reverse: bool,
    },
    /// Takes the elements at the given indices along one axis. The result has the shape of the index.
    Gather {
        /// The indexed axis
        axis: usize,
        /// For each element of the result, its index on the axis of the operand
        index: Arc<Tensor<usize>>,
    },
    /// Adds each element to zeros of `size`, at its index along one axis: the transpose of a gather.
    ScatterAdd {
        /// The indexed axis
        axis: usize,
        /// For each element of the operand, its index on the axis of the result
        index: Arc<Tensor<usize>>,
        /// The size of the axis in the result
        size: usize,
    },
    /// The windows of `size` elements along one axis, from its start in steps of `step`. The axis counts the windows, and a
    /// new last axis holds their elements.
    Unfold {
        /// The axis along which the windows move
        axis: usize,
        /// The number of elements of a window
        size: usize,
        /// The distance between the starts of two windows
        step: usize,
    },
    /// Adds windows of elements to zeros of `size` along one axis: the transpose of an unfold.
    Fold {
        /// The axis that counts the windows, and along which their elements are added
        axis: usize,
        /// The size of the axis in the result
        size: usize,
        /// The distance between the starts of two windows
        step: usize,
    },
    /// Concatenates all operands along one axis.
    Concat(usize),
}

impl Linear {
    /// The axis and the index of a gather or a scatter-add. A scatter-add also has the size of the axis in its result.
    pub(crate) fn index(&self) -> Option<(usize, &Tensor<usize>, Option<usize>)> {
        match self {
            Linear::Gather { axis, index } => Some((*axis, index, None)),
            Linear::ScatterAdd { axis, index, size } => Some((*axis, index, Some(*size))),
            Linear::Broadcast(_)
            | Linear::SumTo(_)
            | Linear::Reshape(_)
            | Linear::Permute(_)
            | Linear::Slice { .. }
            | Linear::Pad { .. }
            | Linear::Flip(_)
            | Linear::CumSum { .. }
            | Linear::Unfold { .. }
            | Linear::Fold { .. }
            | Linear::Concat(_) => None,
        }
    }
}
