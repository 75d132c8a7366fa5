//! Determinants, also of singular matrices.

use super::error::{MatrixError, square};
use super::svd_of_tall;
use crate::algebra::function::linear_algebra::LinearAlgebra;
use crate::algebra::function::math::Math;
use crate::algebra::function::structural::Structural;
use crate::algebra::op::{Decomposition, Factors, Op};
use crate::algebra::value::{Element, Reading};
use crate::array::{Number, Tensor};

#[track_caller]
pub(super) fn det<V: Reading>(a: &V) -> Result<V, MatrixError> {
    let shape = square("det", a)?;
    let factors = Factors::default();
    let y = V::apply(&Decomposition::Det(factors.clone()).into(), &[a]);
    let n = shape[shape.rank() - 1];
    let is_regular = factors.smallest_pivot() > nearly_singular::<V::Elem>();
    // A matrix may also look singular because its rows differ in scale by more than the precision.
    let is_finite = |det: &V| det.primal().iter().all(|det| det.to_f64().is_finite());
    Ok(if is_regular { y } else { det_of_singular(a, n).filter(is_finite).unwrap_or(y) })
}

/// The determinants of a batch in which a matrix is nearly singular.
///
/// In the coordinates of the singular vectors, which are constants here, a matrix is a regular block beside a block of
/// zeros. The determinant is the product of two: of the regular block, and of its Schur complement, which is computed
/// without division. So all derivatives are right, although A⁻¹ does not exist.
///
/// `None` if all matrices are regular by their singular values, which are more reliable than pivots.
fn det_of_singular<V: Reading>(a: &V, n: usize) -> Option<V> {
    let (u, s, v) = svd_of_tall(&a.detach(), [n, n]);
    let rank = smallest_rank(&s.primal());
    if rank == n {
        return None;
    }
    let rotated = u.t_matmul(&a.matmul(&v));
    let block =
        |rows: [usize; 2], columns: [usize; 2]| rotated.slice(-2, rows[0], rows[1]).slice(-1, columns[0], columns[1]);
    let (large, small) = ([0, rank], [rank, n]);
    let factors = Factors::default();
    let regular = block(large, large);
    let solve: Op = Decomposition::Solve { transpose: false, factors: factors.clone() }.into();
    let eliminated = block(small, large).matmul(&V::apply(&solve, &[&regular, &block(large, small)]));
    let complement = block(small, small) - eliminated;
    let det = |a: &V, factors: Factors| V::apply(&Decomposition::Det(factors).into(), &[a]);
    let sign = (det(&u, Factors::default()) * det(&v, Factors::default())).sign();
    Some(det(&regular, factors) * &det_without_division(&complement, n - rank) * &sign)
}

/// The share of the largest singular value, or pivot, up to which a smaller one counts as 0.
///
/// The k-th derivatives of the determinant of a regular matrix are products with k inverses, so their rounding errors grow
/// with the k-th power of its condition. Up to a condition of ε^(−1/3), third derivatives keep some digits.
fn nearly_singular<T: Number>() -> f64 {
    T::EPSILON.cbrt()
}

/// The smallest rank of a batch of matrices with these singular values.
fn smallest_rank<T: Element>(s: &Tensor<T>) -> usize {
    let n = s.shape()[s.shape().rank() - 1];
    let s: Vec<f64> = s.iter().map(|s| s.to_f64()).collect();
    let rank = |s: &[f64]| s.iter().filter(|&&x| x > s[0] * nearly_singular::<T>()).count();
    s.chunks_exact(n).map(rank).min().unwrap_or(n)
}

/// The determinant by Bird's algorithm: “A simple division-free algorithm for computing determinants” (2011).
fn det_without_division<V: Reading>(a: &V, n: usize) -> V {
    let mut f = a.clone();
    for _ in 1..n {
        let diagonal = f.diagonal();
        // Element i is the sum of the diagonal elements behind i.
        let behind = diagonal.flip(-1).cumsum(-1).flip(-1) - &diagonal;
        f = (f.triu(1) - &behind.diagonal_matrix()).matmul(a);
    }
    let corner = f.index_axis(-1, 0).index_axis(-1, 0);
    if n.is_multiple_of(2) { corner.neg() } else { corner }
}
