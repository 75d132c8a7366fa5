//! Detected patterns never lack an entry, and sparse derivatives equal dense ones.

use autodiff::prelude::*;
use tests::law::{Verdict, agree, every_row};

/// For methods that add in another order.
const ROUNDING: f64 = 1e-12;

const POINTS: u64 = 4;

fn covers(pattern: &Sparsity, dense: &Tensor<f64>) -> Verdict {
    let [m, n] = pattern.shape();
    let missing = (0..m).flat_map(|i| (0..n).map(move |j| [i, j])).find(|&[i, j]| {
        let value: f64 = dense[[i, j]];
        value != 0.0 && pattern.row(i).binary_search(&j).is_err()
    });
    missing.map_or(Ok(()), |entry| Err(format!("the pattern lacks {entry:?}, which is {}", dense[entry])))
}

#[test]
fn sparse_jacobians_equal_dense_ones() {
    every_row(|row| {
        (0..POINTS).try_for_each(|seed| {
            let x = row.point(seed);
            let (sparse, dense) = (sparse_jacobian(&x, |x| row.flat(&x)), jacobian(&x, |x| row.flat(&x)));
            covers(sparse.pattern(), &dense)?;
            agree("sparse Jacobian = dense", &sparse.to_dense(), &dense, ROUNDING)?;
            check_sparse_jacobian(&sparse, &x, |x| row.flat(&x)).map_err(|error| error.to_string())
        })
    });
}

#[test]
fn sparse_hessians_equal_dense_ones() {
    every_row(|row| {
        (0..POINTS).try_for_each(|seed| {
            let x = row.point(seed);
            let (sparse, dense) = (sparse_hessian(&x, |x| row.loss(&x)), hessian(&x, |x| row.loss(&x)));
            covers(sparse.pattern(), &dense)?;
            agree("sparse Hessian = dense", &sparse.to_dense(), &dense, ROUNDING)?;
            check_sparse_hessian(&sparse, &x, |x| row.loss(&x)).map_err(|error| error.to_string())
        })
    });
}
