//! The reductions of losses: the sum over features, and the mean over the batch.

use autodiff::prelude::*;

/// The reduction of all losses: the sum of all elements divided by the size n of the first axis, a scalar. A value of
/// rank 0 is a batch of one.
///
/// # Panics
/// Panics if the batch is empty.
#[track_caller]
pub fn batch_mean<V: Value>(x: &V) -> V {
    over_batch("batch_mean", &x.sum(), &x.shape())
}

/// The sum over all axes but the first: \[n, …\] → \[n\]. A value of rank 0 is a batch of one.
#[track_caller]
pub(super) fn by_sample<V: Value>(x: &V) -> V {
    let shape = x.shape();
    let n = shape.first().copied().unwrap_or(1);
    match shape.rank() {
        1 => x.clone(),
        _ => x.reshape([n, shape.size() / n]).sum_axis(1),
    }
}

/// Divides a sum by the size of the first axis of the summed value. The message bears the name of the calling function.
#[track_caller]
pub(crate) fn over_batch<V: Value>(name: &str, sum: &V, shape: &Shape) -> V {
    let n = shape.first().copied().unwrap_or(1);
    assert!(n > 0, "{name}: {shape}: the batch is empty");
    sum.scale(1.0 / n as f64)
}

/// Panics unless predictions and targets have one shape, with at least one sample.
#[track_caller]
pub(super) fn same_shape<V: Value>(name: &str, y: &V, target: &V) {
    let (y, target) = (y.shape(), target.shape());
    assert!(y == target, "{name}: prediction {y}, target {target}: the shapes differ");
    assert!(y.first() != Some(&0), "{name}: prediction {y}, target {target}: the batch is empty");
}
