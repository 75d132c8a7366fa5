//! The transposes of the linear operations, one line each. Their derivatives need nothing else.

use crate::algebra::op::Linear;
use crate::array::Shape;

/// The operation that pulls the cotangent of the result back to an operand of shape `x`. In a concatenation, the operand
/// begins at `start`.
pub(super) fn transpose(op: &Linear, x: &Shape, start: usize) -> Linear {
    match op {
        Linear::Broadcast(_) => Linear::SumTo(x.clone()),
        Linear::SumTo(_) => Linear::Broadcast(x.clone()),
        Linear::Reshape(_) => Linear::Reshape(x.clone()),
        Linear::Permute(axes) => Linear::Permute(axes.inverse()),
        &Linear::Slice { axis, start, step, .. } => Linear::Pad { axis, start, size: x[axis], step },
        &Linear::Pad { axis, start, step, .. } => Linear::Slice { axis, start, len: x[axis], step },
        Linear::Flip(axis) => Linear::Flip(*axis),
        &Linear::CumSum { axis, reverse } => Linear::CumSum { axis, reverse: !reverse },
        &Linear::Unfold { axis, step, .. } => Linear::Fold { axis, size: x[axis], step },
        &Linear::Fold { axis, step, .. } => Linear::Unfold { axis, size: x[x.rank() - 1], step },
        Linear::Gather { axis, index } => Linear::ScatterAdd { axis: *axis, index: index.clone(), size: x[*axis] },
        Linear::ScatterAdd { axis, index, .. } => Linear::Gather { axis: *axis, index: index.clone() },
        &Linear::Concat(axis) => Linear::Slice { axis, start, len: x[axis], step: 1 },
    }
}
