//! A function of one sample, mapped over a batch.

use crate::algebra::Value;
use crate::reading::Batched;

/// Applies a function of one sample to all rows of `x` at once.
///
/// The rows lie along the first axis: a function \[d…\] → \[p…\] is applied to \[n, d…\] and gives \[n, p…\].
/// Derivatives nest with the map: a gradient inside is a gradient for each row, and the map itself can be
/// differentiated.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(vmap(&x, |row| row.square().sum()).to_vec(), [5.0, 25.0]);
/// let gradients = vmap(&x, |row| grad(&row, |row| row.powi(3).sum()));
/// assert_eq!(gradients, 3.0 * x.square());
/// ```
///
/// # Panics
/// Panics if `x` is a scalar.
#[track_caller]
pub fn vmap<V: Value>(x: &V, f: impl FnOnce(Batched<V>) -> Batched<V>) -> V {
    let rows = Batched::from_batch(x.clone());
    let n = rows.rows().expect("from_batch returns a batch");
    f(rows).into_batch(n)
}
