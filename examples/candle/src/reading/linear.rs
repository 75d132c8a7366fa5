//! The linear operations: views of candle where elements only move, copies where candle's kernels need them.

use autodiff::{Linear, Shape, Tensor as Host};
use candle_core::{Result, Tensor};

/// Applies an operation whose result has the given shape.
pub(super) fn linear(op: &Linear, x: &[&Tensor], shape: &Shape) -> Result<Tensor> {
    let (a, to) = (x[0], &**shape);
    // On a device, candle refuses to run a kernel over no elements.
    if x.iter().all(|x| x.elem_count() == 0) {
        return Tensor::zeros(to, a.dtype(), a.device());
    }
    match op {
        Linear::Broadcast(_) => a.broadcast_as(to),
        Linear::SumTo(_) => sum_to(a, to),
        Linear::Reshape(_) => a.reshape(to),
        Linear::Permute(axes) => a.permute(axes.to_vec()),
        &Linear::Slice { axis, start, len, step } => slice(a, axis, (start, len, step)),
        &Linear::Pad { axis, start, size, step } => pad(a, axis, (start, size, step)),
        Linear::Flip(axis) => flip(a, *axis),
        &Linear::CumSum { axis, reverse: false } => cumulative_sum(a, axis),
        &Linear::CumSum { axis, reverse: true } => flip(&cumulative_sum(&flip(a, axis)?, axis)?, axis),
        Linear::Gather { axis, index } => a.contiguous()?.gather(&places(index, a)?, *axis),
        Linear::ScatterAdd { axis, index, .. } => {
            let zeros = Tensor::zeros(to, a.dtype(), a.device())?;
            zeros.scatter_add(&places(index, a)?, &a.contiguous()?, *axis)
        }
        &Linear::Unfold { axis, size, step } => a.unfold(axis, size, step),
        &Linear::Fold { axis, size, step } => fold(a, axis, (size, step)),
        Linear::Concat(axis) => {
            let parts: Vec<&Tensor> = x.iter().copied().filter(|x| x.elem_count() > 0).collect();
            Tensor::cat(&parts, *axis)
        }
    }
}

/// Sums along new leading axes and along axes that have size 1 in the result.
fn sum_to(x: &Tensor, to: &[usize]) -> Result<Tensor> {
    let new = x.rank() - to.len();
    let is_summed = |axis: &usize| x.dims()[*axis] != 1 && (*axis < new || to[axis - new] == 1);
    let axes: Vec<usize> = (0..x.rank()).filter(is_summed).collect();
    match axes.is_empty() {
        true => x.reshape(to),
        false => x.sum_keepdim(axes)?.reshape(to),
    }
}

fn slice(x: &Tensor, axis: usize, (start, len, step): (usize, usize, usize)) -> Result<Tensor> {
    match step {
        1 => x.narrow(axis, start, len),
        _ => take(x, axis, (0..len).map(|i| start + i * step)),
    }
}

fn flip(x: &Tensor, axis: usize) -> Result<Tensor> {
    take(x, axis, (0..x.dims()[axis]).rev())
}

/// The slices at some indices of an axis.
fn take(x: &Tensor, axis: usize, indices: impl Iterator<Item = usize>) -> Result<Tensor> {
    let indices = Tensor::from_iter(indices.map(|i| i as u32), x.device())?;
    x.contiguous()?.index_select(&indices, axis)
}

/// Zeros of `size` along the axis, with x in them.
fn pad(x: &Tensor, axis: usize, (start, size, step): (usize, usize, usize)) -> Result<Tensor> {
    let len = x.dims()[axis];
    if step == 1 || len <= 1 {
        return x.pad_with_zeros(axis, start, size - start - len);
    }
    let mut spread = x.dims().to_vec();
    spread[axis] = len * step;
    let spread = x.unsqueeze(axis + 1)?.pad_with_zeros(axis + 1, 0, step - 1)?.reshape(spread)?;
    let used = (len - 1) * step + 1;
    spread.narrow(axis, 0, used)?.pad_with_zeros(axis, start, size - start - used)
}

/// Adds windows to zeros of `size` along the axis: the k-th elements of all windows are `step` apart.
fn fold(x: &Tensor, axis: usize, (size, step): (usize, usize)) -> Result<Tensor> {
    let last = x.rank() - 1;
    let elements = |k: usize| pad(&x.narrow(last, k, 1)?.squeeze(last)?, axis, (k, size, step));
    (1..x.dims()[last]).try_fold(elements(0)?, |sum, k| sum.add(&elements(k)?))
}

/// Adds the array to itself, moved by 1, 2, 4, … elements (Hillis and Steele 1986). candle's own function multiplies by a
/// triangle of ones and zeros, so that one infinite element makes all others NaN.
fn cumulative_sum(x: &Tensor, axis: usize) -> Result<Tensor> {
    let (mut sum, size) = (x.clone(), x.dims()[axis]);
    let mut distance = 1;
    while distance < size {
        let moved = sum.narrow(axis, 0, size - distance)?.pad_with_zeros(axis, distance, 0)?;
        sum = sum.add(&moved)?;
        distance *= 2;
    }
    Ok(sum)
}

/// An index, on the device of `x`.
fn places(index: &Host<usize>, x: &Tensor) -> Result<Tensor> {
    Tensor::from_iter(index.iter().map(|i| i as u32), x.device())?.reshape(&**index.shape())
}
