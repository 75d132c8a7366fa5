//! The linear operations.

use crate::array::{Axes, Shape, Tensor};
use std::sync::Arc;

/// The linear operations. Each one's transpose is one of them again, which is all that its derivatives need.
#[derive(Clone, Debug, PartialEq)]
pub enum Linear {
    /// Repeats along new leading axes and along axes of size 1.
    Broadcast(Shape),
    /// Adds up along the axes that a broadcast from the given shape would repeat.
    SumTo(Shape),
    /// The same elements in the same row-major order under other axes.
    Reshape(Shape),
    /// Axis i of the result is the given axis of the operand.
    Permute(Axes<usize>),
    /// `len` elements of one axis, from `start`, every `step`-th.
    Slice {
        /// The axis that is cut
        axis: usize,
        /// The first index taken
        start: usize,
        /// How many are taken
        len: usize,
        /// The distance between them
        step: usize,
    },
    /// Zeros of `size` along one axis, with the operand at `start`, every `step`-th: a slice's transpose.
    Pad {
        /// The axis that grows
        axis: usize,
        /// Where the first element goes
        start: usize,
        /// The size of the axis in the result
        size: usize,
        /// The distance between the operand's elements
        step: usize,
    },
    /// One axis in reverse order.
    Flip(usize),
    /// Running sums along one axis, from its start, or from its end.
    CumSum {
        /// The axis that is summed along
        axis: usize,
        /// Whether the sums run from the end
        reverse: bool,
    },
    /// Takes elements along one axis: the result has the index's shape.
    Gather {
        /// The axis along which indices point
        axis: usize,
        /// For each element of the result, where on the axis it comes from
        index: Arc<Tensor<usize>>,
    },
    /// Adds elements into zeros of `size` along one axis: a gather's transpose.
    ScatterAdd {
        /// The axis along which indices point
        axis: usize,
        /// For each element of the operand, where on the axis it goes
        index: Arc<Tensor<usize>>,
        /// The size of the axis in the result
        size: usize,
    },
    /// All operands one after the other along one axis.
    Concat(usize),
}
