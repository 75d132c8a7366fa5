//! The transposes of the linear operations, one line each. Their derivatives need nothing else.

use crate::algebra::op::Linear;
use crate::array::Shape;

/// The operation that pulls the cotangent of the result back to operand `i`. `x` holds the shapes of the operands.
pub(super) fn transpose(op: &Linear, i: usize, x: &[Shape]) -> Linear {
    match op {
        Linear::Broadcast(_) => Linear::SumTo(x[i].clone()),
        Linear::SumTo(_) => Linear::Broadcast(x[i].clone()),
        Linear::Reshape(_) => Linear::Reshape(x[i].clone()),
        Linear::Permute(axes) => Linear::Permute(axes.inverse()),
        &Linear::Slice { axis, start, step, .. } => Linear::Pad { axis, start, size: x[i][axis], step },
        &Linear::Pad { axis, start, step, .. } => Linear::Slice { axis, start, len: x[i][axis], step },
        Linear::Flip(axis) => Linear::Flip(*axis),
        &Linear::CumSum { axis, reverse } => Linear::CumSum { axis, reverse: !reverse },
        Linear::Gather { axis, index } => Linear::ScatterAdd { axis: *axis, index: index.clone(), size: x[i][*axis] },
        Linear::ScatterAdd { axis, index, .. } => Linear::Gather { axis: *axis, index: index.clone() },
        &Linear::Concat(axis) => {
            let start = x[..i].iter().map(|x| x[axis]).sum();
            Linear::Slice { axis, start, len: x[i][axis], step: 1 }
        }
    }
}
