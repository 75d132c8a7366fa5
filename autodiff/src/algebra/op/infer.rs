//! Shape inference: the shape of a result, and the checks of the operands' shapes.

use super::linear::Linear;
use super::operation::{Matmul, Op};
use super::pointwise::Pointwise;
use crate::array::{Axes, Shape, ShapeError};

impl Op {
    /// The shape of the result for operands of the given shapes.
    ///
    /// # Errors
    /// Returns an error if the shapes do not fit. Also returns one for a custom primitive, whose result must be
    /// computed before its shape is known.
    pub fn infer(&self, x: &[&Shape]) -> Result<Shape, ShapeError> {
        match self {
            Op::Pointwise(op) => pointwise(*op, x),
            Op::Linear(op) => linear(op, x),
            Op::Matmul(op) => matmul(*op, x),
            Op::LogSoftmax { axis } => log_softmax(*axis, x[0]),
            Op::Custom(op) => Err(ShapeError::new(
                op.primitive().name(),
                x.iter().copied(),
                "the shape of the result is known only after the primitive is applied",
            )),
        }
    }
}

type Inferred = Result<Shape, ShapeError>;

fn pointwise(op: Pointwise, x: &[&Shape]) -> Inferred {
    match x.iter().find(|shape| **shape != x[0]) {
        None => Ok(x[0].clone()),
        Some(_) => {
            Err(ShapeError::new(Op::from(op).name(), x.iter().copied(), "the shapes differ and do not broadcast"))
        }
    }
}

fn linear(op: &Linear, x: &[&Shape]) -> Inferred {
    let fail = |reason: String| Err(ShapeError::new(Op::from(op.clone()).name(), x.iter().copied(), reason));
    let shape = x[0];
    if let Some(axis) = axis_of(op).filter(|&axis| axis >= shape.rank()) {
        return fail(format!("axis {axis} is out of range for rank {}", shape.rank()));
    }
    match op {
        Linear::Broadcast(to) if shape.broadcasts_to(to) => Ok(to.clone()),
        Linear::Broadcast(to) => fail(format!("the shape does not broadcast to {to}")),
        Linear::SumTo(to) if to.broadcasts_to(shape) => Ok(to.clone()),
        Linear::SumTo(to) => fail(format!("cannot be summed to {to}, which does not broadcast to {shape}")),
        Linear::Reshape(to) if to.checked_size() == Some(shape.size()) => Ok(to.clone()),
        Linear::Reshape(to) => fail(format!("{} elements cannot be reshaped to {to}", shape.size())),
        Linear::Permute(axes) if is_permutation(axes, shape.rank()) => {
            Ok(axes.iter().map(|&axis| shape[axis]).collect())
        }
        Linear::Permute(axes) => fail(format!("{axes:?} is not a permutation of the axes")),
        Linear::Slice { axis, start, len, step } => {
            let last = start + len.saturating_sub(1) * step;
            match *step > 0 && (*len == 0 && *start <= shape[*axis] || last < shape[*axis]) {
                true => Ok(shape.with(*axis, *len)),
                false => fail(format!(
                    "{len} elements from index {start} in steps of {step} are not within axis {axis} of size {}",
                    shape[*axis]
                )),
            }
        }
        Linear::Pad { axis, start, size, step } => {
            let last = start + shape[*axis].saturating_sub(1) * step;
            match *step > 0 && (shape[*axis] == 0 || last < *size) {
                true => Ok(shape.with(*axis, *size)),
                false => fail(format!(
                    "the operand does not fit into axis {axis} of size {size} from index {start} in steps of {step}"
                )),
            }
        }
        Linear::Flip(_) | Linear::CumSum { .. } => Ok(shape.clone()),
        Linear::Gather { axis, index } => match equal_except_on(index.shape(), shape, *axis) {
            true => Ok(index.shape().clone()),
            false => fail(format!("the index has shape {}, but may differ on axis {axis} only", index.shape())),
        },
        Linear::ScatterAdd { axis, index, size } => match index.shape() == shape {
            true => Ok(shape.with(*axis, *size)),
            false => fail(format!("the index has shape {}, but must have the operand's", index.shape())),
        },
        Linear::Concat(axis) => match x.iter().all(|other| equal_except_on(other, shape, *axis)) {
            true => Ok(shape.with(*axis, x.iter().map(|x| x[*axis]).sum())),
            false => fail(format!("sizes may differ on axis {axis} only")),
        },
    }
}

const TWO_MATRICES: &str = "a matrix product needs two operands of the same rank, at least 2";

fn matmul(op: Matmul, x: &[&Shape]) -> Inferred {
    let fail = |reason: String| Err(ShapeError::new("matmul", x.iter().copied(), reason));
    let (lhs, rhs) = (x[0], x[1]);
    let (Some((l_batch, l)), Some((r_batch, r))) = (lhs.split_last_chunk(), rhs.split_last_chunk()) else {
        return fail(TWO_MATRICES.into());
    };
    if l_batch.len() != r_batch.len() {
        return fail(TWO_MATRICES.into());
    }
    let sizes = |[rows, columns]: [usize; 2], transposed| if transposed { (columns, rows) } else { (rows, columns) };
    let (rows, inner) = sizes(*l, op.transpose_lhs);
    let (inner_rhs, columns) = sizes(*r, op.transpose_rhs);
    if inner != inner_rhs {
        let which = match (op.transpose_lhs, op.transpose_rhs) {
            (false, false) => "",
            (true, false) => " (left operand transposed)",
            (false, true) => " (right operand transposed)",
            (true, true) => " (both transposed)",
        };
        return fail(format!("inner sizes {inner} and {inner_rhs} differ{which}"));
    }
    if l_batch != r_batch {
        return fail(format!("batch axes {l_batch:?} and {r_batch:?} differ"));
    }
    let product = lhs.with_matrix([rows, columns]);
    match x.get(2) {
        Some(addend) if !addend.broadcasts_to(&product) => {
            fail(format!("{addend} cannot be added to the product {product}"))
        }
        _ => Ok(product),
    }
}

fn log_softmax(axis: usize, x: &Shape) -> Inferred {
    match axis < x.rank() {
        true => Ok(x.clone()),
        false => Err(ShapeError::new("log_softmax", [x], format!("axis {axis} is out of range for rank {}", x.rank()))),
    }
}

fn axis_of(op: &Linear) -> Option<usize> {
    match op {
        Linear::Broadcast(_) | Linear::SumTo(_) | Linear::Reshape(_) | Linear::Permute(_) => None,
        Linear::Slice { axis, .. } | Linear::Pad { axis, .. } | Linear::Flip(axis) | Linear::CumSum { axis, .. } => {
            Some(*axis)
        }
        Linear::Gather { axis, .. } | Linear::ScatterAdd { axis, .. } | Linear::Concat(axis) => Some(*axis),
    }
}

fn is_permutation(axes: &Axes<usize>, rank: usize) -> bool {
    axes.len() == rank && (0..rank).all(|axis| axes.contains(&axis))
}

fn equal_except_on(a: &Shape, b: &Shape, axis: usize) -> bool {
    a.rank() == b.rank() && (0..a.rank()).all(|i| i == axis || a[i] == b[i])
}
