//! A function of one sample, mapped over a batch.

use crate::algebra::{Reading, Tree};
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
/// **The gradient of a model for each sample**, flattened to a row:
///
/// ```
/// use autodiff::prelude::*;
/// let model = (Tensor::from([1.0, -1.0]), Tensor::scalar(0.5));
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// let gradients = vmap(&x, |row| {
///     let (_, gradient) = value_and_grad(&row.constants(&model), |tape, (w, b)| {
///         (w.dot(&tape.constant(row)) + b).square()
///     });
///     tree::flatten(&gradient)
/// });
/// assert_eq!(gradients, Tensor::from([[-1.0, -2.0, -1.0], [-3.0, -4.0, -1.0]]));
/// ```
///
/// The function runs once for all rows. A random draw inside it, such as dropout, is therefore the same for all rows.
/// For a draw of its own for each row, draw a batch outside and pass it to [`vmap_tree`] as another leaf.
///
/// # Panics
/// Panics if `x` is a scalar.
#[track_caller]
pub fn vmap<V: Reading>(x: &V, f: impl FnOnce(Batched<V>) -> Batched<V>) -> V {
    let rows = common_rows("vmap", x);
    f(Batched::from_batch(x.clone())).into_batch(rows)
}

/// Does the same as [`vmap`], for a function of a tree of values. All leaves are mapped, along their first axes.
///
/// ```
/// use autodiff::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// let noise = Tensor::normal([2, 2], 0.0, 0.1, &mut StdRng::seed_from_u64(0)); // a draw for each row
/// let y = vmap_tree(&(x.clone(), noise.clone()), |(x, noise)| (x + noise).square().sum());
/// assert_eq!(y, (x + noise).square().sum_axis(1));
/// ```
///
/// # Panics
/// Panics if a leaf is a scalar, if the leaves have different numbers of rows, or if there is no leaf.
#[track_caller]
pub fn vmap_tree<T: Tree>(x: &T, f: impl FnOnce(T::With<Batched<T::Leaf>>) -> Batched<T::Leaf>) -> T::Leaf {
    let rows = common_rows("vmap_tree", x);
    f(x.map(&mut |_, leaf| Batched::from_batch(leaf.clone()))).into_batch(rows)
}

/// The number of rows that all leaves have.
#[track_caller]
fn common_rows<T: Tree>(name: &str, x: &T) -> usize {
    let shapes: Vec<_> = x.leaves().iter().map(Reading::shape).collect();
    let Some(first) = shapes.first() else { panic!("{name}: the tree has no leaves") };
    let Some(&rows) = first.first() else { panic!("{name}: {first}: a scalar has no rows") };
    match shapes.iter().find(|shape| shape.first() != Some(&rows)) {
        None => rows,
        Some(other) => panic!("{name}: {first} × {other}: the leaves have different numbers of rows"),
    }
}
