//! Derivatives of functions: gradients, Jacobians, second derivatives, and a map over a batch.
//!
//! Each transform takes the point first and then the function, a closure on variables. The same closure serves every
//! transform. A function of one value is written `|x| …`. A function of several values takes a tape and a
//! [`Tree`](crate::Tree) of variables, `|tape, tree| …`: such a tree is an array `[x, y]`, a tuple `(matrix, bias)` or
//! a model. [`value_and_grad`] and the functions that end in `_tree` take such a function. The tape makes constants; it
//! also ties the tree to a lifetime, which Rust cannot infer from an associated type alone.
//!
//! Two transforms need no record, so their closures take no variables: those of [`jvp`] take dual numbers, and those of
//! [`vmap`] batches. Their trees come without a tape, `|tree| …`.
//!
//! A transform panics at the caller's line if the closure returns a variable of another tape.
//!
//! Belongs here: transforms of closures, each on its own tape. Does not: passes over a tape, which stand in `tape`.
//! May use: `tape`, `reading`, `algebra` and `array`.

mod diagonal;
mod forward;
mod gradient;
mod jacobian;
mod named;
mod second;
mod sparse;
mod vmap;

pub use diagonal::{grad_and_hessian_diagonal, laplacian};
pub use forward::{jvp, jvp_tree};
pub use gradient::{grad, value_and_grad, value_and_grad_aux, vjp, vjp_tree};
pub use jacobian::{batch_jacobian, jacobian, jacobian_by, jacobian_tree, value_and_jacobian};
pub use named::{function_of, function_of_tree};
pub use second::{grad_and_hvp, grad_and_hvp_tree, hessian, hvp, hvp_tree, hvp_tree_by, nth_derivative};
pub use sparse::{
    Compression, MissingEntry, SparseMatrix, Sparsity, check_sparse_hessian, check_sparse_jacobian, sparse_hessian,
    sparse_hessian_by, sparse_jacobian, sparse_jacobian_by,
};
pub use vmap::{vmap, vmap_tree};
