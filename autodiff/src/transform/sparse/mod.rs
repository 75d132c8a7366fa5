//! Sparse Jacobians and Hessians: only the entries that may differ from zero, from few directions.
//!
//! A [`Sparsity`] says which entries these are, given or detected. A [`Compression`] groups columns or rows that do not
//! overlap. One batched pass then computes a [`SparseMatrix`].
//!
//! Belongs here: patterns, colourings, and the evaluation of a compressed matrix. Does not: the walk that detects a pattern,
//! which stands in `tape`.

mod check;
mod colouring;
mod evaluate;
mod matrix;
mod pattern;

pub use check::{MissingEntry, check_sparse_hessian, check_sparse_jacobian};
pub use evaluate::{Compression, sparse_hessian, sparse_hessian_by, sparse_jacobian, sparse_jacobian_by};
pub use matrix::SparseMatrix;
pub use pattern::Sparsity;
