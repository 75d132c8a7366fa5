//! Shape inference: the shape of a result, and the checks of the operands' shapes.

use super::linear::Linear;
use super::operation::{Matmul, Op};
use super::pointwise::Pointwise;
use crate::array::{Axes, Shape, ShapeError, TOO_LARGE, Tensor};

impl Op {
    /// The shape of the result for operands of the given shapes.
    ///
    /// # Errors
    /// Returns an error if the number of operands or their shapes do not fit, if an index is out of range, or if the
    /// result has too many elements. Also returns one for a custom primitive, whose result must be computed before its
    /// shape is known.
    pub fn infer(&self, x: &[&Shape]) -> Result<Shape, ShapeError> {
        let shape = self.infer_shape(x)?;
        if let Op::Linear(op) = self
            && let Some((index, size)) = index_of(op, x[0])
            && let Some(i) = index.first_outside(size)
        {
            return Err(ShapeError::out_of_range(&self.name(), x[0], i, size));
        }
        Ok(shape)
    }

    /// As [`infer`](Op::infer), without a check of the entries of an index: the loop that reads them checks them.
    pub(crate) fn infer_shape(&self, x: &[&Shape]) -> Result<Shape, ShapeError> {
        match self {
            _ if !self.takes(x.len()) => {
                Err(ShapeError::new(self.name(), x.iter().copied(), self.wrong_number(x.len())))
            }
            Op::Pointwise(op) => pointwise(*op, x),
            Op::Linear(op) => linear(op, x),
            Op::Matmul(op) => matmul(*op, x),
            Op::LogSoftmax { axis } => log_softmax(*axis, x[0]),
            #[cfg(feature = "linalg")]
            Op::Decomposition(op) => {
                op.infer(x).map_err(|reason| ShapeError::new(self.name(), x.iter().copied(), reason))
            }
            Op::Custom(op) => Err(ShapeError::new(
                op.primitive().name(),
                x.iter().copied(),
                "the shape of the result is known only after the primitive is applied",
            )),
        }
    }
}

type Inferred = Result<Shape, ShapeError>;

impl Op {
    /// Panics unless the operation takes `n` operands. A reading that computes asks before it looks at an operand.
    #[inline]
    #[track_caller]
    pub(crate) fn check_number_of_operands(&self, n: usize) {
        if !self.takes(n) {
            panic!("{}: {}", self.name(), self.wrong_number(n));
        }
    }

    /// Panics if there is no operand, for a reading that leaves their number to the reading inside.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn check_any_operand<X>(&self, x: &[X]) {
        if x.is_empty() {
            self.check_number_of_operands(0);
        }
    }

    #[inline(always)]
    fn takes(&self, n: usize) -> bool {
        match self {
            Op::Pointwise(op) => n == op.arity(),
            Op::Linear(Linear::Concat(_)) | Op::Custom(_) => n > 0,
            Op::Linear(_) | Op::LogSoftmax { .. } => n == 1,
            Op::Matmul(_) => n == 2 || n == 3,
            #[cfg(feature = "linalg")]
            Op::Decomposition(op) => n == op.arity(),
        }
    }

    #[cold]
    fn wrong_number(&self, n: usize) -> String {
        let expected = match self {
            Op::Pointwise(op) => op.arity().to_string(),
            Op::Linear(Linear::Concat(_)) | Op::Custom(_) => "1 or more".into(),
            Op::Linear(_) | Op::LogSoftmax { .. } => "1".into(),
            Op::Matmul(_) => "2 or 3".into(),
            #[cfg(feature = "linalg")]
            Op::Decomposition(op) => op.arity().to_string(),
        };
        format!("the operation takes {expected} operands, not {n}")
    }
}

fn pointwise(op: Pointwise, x: &[&Shape]) -> Inferred {
    match x.iter().find(|shape| **shape != x[0]) {
        None => Ok(x[0].clone()),
        Some(_) => {
            Err(ShapeError::new(Op::from(op).name(), x.iter().copied(), "the shapes differ and do not broadcast"))
        }
    }
}

#[inline]
fn linear(op: &Linear, x: &[&Shape]) -> Inferred {
    let fail = |reason: String| Err(ShapeError::new(Op::from(op.clone()).name(), x.iter().copied(), reason));
    let checked = |to: Shape| match to.checked_size() {
        Some(_) => Ok(to),
        None => fail(too_large(&to)),
    };
    let shape = x[0];
    if let Some(axis) = axis_of(op).filter(|&axis| axis >= shape.rank()) {
        return fail(format!("axis {axis} is out of range for rank {}", shape.rank()));
    }
    match op {
        Linear::Broadcast(to) if shape.broadcasts_to(to) => checked(to.clone()),
        Linear::Broadcast(to) => fail(format!("the shape does not broadcast to {to}")),
        Linear::SumTo(to) if to.broadcasts_to(shape) => Ok(to.clone()),
        Linear::SumTo(to) => fail(format!("cannot be summed to {to}, which does not broadcast to {shape}")),
        Linear::Reshape(to) => match (shape.checked_size(), to.checked_size()) {
            (Some(size), Some(to_size)) if size == to_size => Ok(to.clone()),
            (Some(size), _) => fail(format!("{size} elements cannot be reshaped to {to}")),
            (None, _) => fail(TOO_LARGE.into()),
        },
        Linear::Permute(axes) if is_permutation(axes, shape.rank()) => {
            Ok(axes.iter().map(|&axis| shape[axis]).collect())
        }
        Linear::Permute(axes) => fail(format!("{axes:?} is not a permutation of the axes")),
        Linear::Slice { axis, start, len, step } => {
            let is_within = if *len == 0 { *start <= shape[*axis] } else { last(*start, *len, *step) < shape[*axis] };
            match *step > 0 && is_within {
                true => Ok(shape.with(*axis, *len)),
                false => fail(format!(
                    "{len} elements from index {start} in steps of {step} are not within axis {axis} of size {}",
                    shape[*axis]
                )),
            }
        }
        Linear::Pad { axis, start, size, step } => {
            let to = checked(shape.with(*axis, *size))?;
            match *step > 0 && (shape[*axis] == 0 || last(*start, shape[*axis], *step) < *size) {
                true => Ok(to),
                false => fail(format!(
                    "the operand does not fit into axis {axis} of size {size} from index {start} in steps of {step}"
                )),
            }
        }
        Linear::Flip(_) | Linear::CumSum { .. } => Ok(shape.clone()),
        &Linear::Unfold { axis, size, step } => match windows(shape[axis], size, step) {
            Some(count) => checked(shape.with(axis, count).insert(shape.rank(), size)),
            None => fail(format!(
                "windows of {size} elements in steps of {step} do not fit into axis {axis} of size {}",
                shape[axis]
            )),
        },
        &Linear::Fold { axis, size, step } => match shape.split_last() {
            Some((&window, outer)) if axis < outer.len() && windows(size, window, step) == Some(outer[axis]) => {
                checked(Shape::from(outer).with(axis, size))
            }
            _ => fail(format!("these are not the windows of axis {axis} of size {size} in steps of {step}")),
        },
        Linear::Gather { axis, index } => match equal_except_on(index.shape(), shape, *axis) {
            true => Ok(index.shape().clone()),
            false => fail(format!("the index has shape {}, but may differ on axis {axis} only", index.shape())),
        },
        Linear::ScatterAdd { axis, index, size } => match index.shape() == shape {
            true => checked(shape.with(*axis, *size)),
            false => fail(format!("the index has shape {}, but must have the operand's", index.shape())),
        },
        Linear::Concat(axis) => match x.iter().all(|other| equal_except_on(other, shape, *axis)) {
            true => checked(shape.with(*axis, x.iter().map(|x| x[*axis]).fold(0, usize::saturating_add))),
            false => fail(format!("sizes may differ on axis {axis} only")),
        },
    }
}

#[cold]
fn too_large(result: &Shape) -> String {
    format!("the result is {result}: {TOO_LARGE}")
}

const TWO_MATRICES: &str = "a matrix product needs two operands of the same rank, at least 2";

#[inline]
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
    if product.checked_size().is_none() {
        return fail(too_large(&product));
    }
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
        Linear::Unfold { axis, .. } | Linear::Fold { axis, .. } => Some(*axis),
        Linear::Gather { axis, .. } | Linear::ScatterAdd { axis, .. } | Linear::Concat(axis) => Some(*axis),
    }
}

/// The number of windows of `size` elements along an axis of `n`, if there is one.
fn windows(n: usize, size: usize, step: usize) -> Option<usize> {
    (0 < size && size <= n && step > 0).then(|| (n - size) / step + 1)
}

/// The last of `len` indices from `start` in steps of `step`; if it overflows, a number that no axis contains.
fn last(start: usize, len: usize, step: usize) -> usize {
    start.saturating_add(len.saturating_sub(1).saturating_mul(step))
}

/// The index of an operation, and the size of the axis that its entries refer to.
fn index_of<'a>(op: &'a Linear, x: &Shape) -> Option<(&'a Tensor<usize>, usize)> {
    op.index().map(|(axis, index, size)| (index, size.unwrap_or_else(|| x[axis])))
}

fn is_permutation(axes: &Axes<usize>, rank: usize) -> bool {
    axes.len() == rank && (0..rank).all(|axis| axes.contains(&axis))
}

fn equal_except_on(a: &Shape, b: &Shape, axis: usize) -> bool {
    a.rank() == b.rank() && (0..a.rank()).all(|i| i == axis || a[i] == b[i])
}
