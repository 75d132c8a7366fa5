//! Well-conditioned matrices for rows of the table, and functions that do not depend on the choice of vectors.

use autodiff::prelude::*;

/// A matrix, which need not be square, whose diagonal outweighs the rest: x + diag(9, 11, …).
pub(super) fn regular<V: Value>(x: &V) -> V {
    x.clone() + x.lift(&diagonal(x))
}

/// diag(9, 11, …), of the shape of one matrix.
fn diagonal<V: Value>(x: &V) -> Tensor<V::Elem> {
    let shape = x.shape();
    let element = |i: &[usize]| if i[0] == i[1] { 9.0 + 2.0 * i[0] as f64 } else { 0.0 };
    Tensor::from_fn(&shape[shape.rank() - 2..], |i| V::Elem::from_f64(element(i)))
}

/// A positive definite matrix with eigenvalues that are apart: (x + xᵀ)/2 + diag(9, 11, …), which is not symmetric itself.
pub(super) fn positive<V: Value>(x: &V) -> V {
    (x.clone() * 0.5 + x.t() * 0.2) + x.lift(&diagonal(x))
}

/// Both factors of A = Q·R, one below the other.
pub(super) fn joined<V: Value>((q, r): (V, V)) -> V {
    V::concat(-1, &[&q.flatten(), &r.flatten()])
}

/// The eigenvalues, and a sum of projections onto the spaces of their vectors.
pub(super) fn spectral<V: Value>(a: &V) -> V {
    let (w, v) = a.eigh();
    let weights = v.lift(&Tensor::from_fn([3], |i| V::Elem::from_f64(1.0 + (i[0] * i[0]) as f64)));
    V::concat(0, &[&w.unsqueeze(0), &(v.clone() * &weights).matmul_t(&v)])
}

/// The singular values, and a sum of products of their vectors.
pub(super) fn singular<V: Value>(a: &V) -> V {
    let (u, s, v) = a.svd();
    let weights = v.lift(&Tensor::from_fn([3], |i| V::Elem::from_f64(1.0 + (i[0] * i[0]) as f64)));
    V::concat(0, &[&s.unsqueeze(0), &(u * &weights).matmul_t(&v)])
}
