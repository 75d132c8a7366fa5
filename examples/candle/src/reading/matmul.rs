//! The matrix product.

use autodiff::{Matmul, Shape};
use candle_core::{Result, Tensor};

/// The product of matrices along the last two axes, and the sum with an addend, of the given shape. A transposed factor is
/// a view, which candle's product reads as it is.
pub(super) fn matmul(op: Matmul, x: &[&Tensor], shape: &Shape) -> Result<Tensor> {
    let (mut a, b) = (oriented(x[0], op.transpose_lhs)?, oriented(x[1], op.transpose_rhs)?);
    // Beside one matrix for the whole batch, candle 0.11.1 takes the rows of all left factors as one matrix, and reads them
    // as if they were contiguous.
    if b.stride()[..b.rank() - 2].contains(&0) {
        a = a.contiguous()?;
    }
    // candle refuses some strides, such as those of a slice of columns on a device, and more than four axes.
    let product = a.matmul(&b).or_else(|_| batch(&a)?.matmul(&batch(&b)?)?.reshape(&**shape))?;
    match x.get(2) {
        Some(addend) => product.broadcast_add(addend),
        None => Ok(product),
    }
}

fn oriented(x: &Tensor, transpose: bool) -> Result<Tensor> {
    if transpose { x.t() } else { Ok(x.clone()) }
}

/// The matrices as one batch, contiguous.
fn batch(x: &Tensor) -> Result<Tensor> {
    let x = x.contiguous()?;
    if x.rank() > 3 { x.flatten_to(x.rank() - 3) } else { Ok(x) }
}
