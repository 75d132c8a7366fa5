//! The rules of differentiation: the derivatives of each operation, in both directions.
//!
//! The rules are written in operations on [`Reading`](crate::Reading), never in numbers. A rule can therefore be computed,
//! recorded on a tape, batched, or pushed forward. Derivatives nest to any depth without further code.
//!
//! Belongs here: the derivatives of single operations. Does not: passes over a tape. May use: `function`, `value`, `op`
//! and `array`.

mod cotangent;
mod custom;
#[cfg(feature = "linalg")]
mod decomposition;
mod linear;
mod matmul;
mod pointwise;
mod pull;
mod push;
mod softmax;

pub(crate) use cotangent::{Cotangent, OperandCotangents};
pub(crate) use custom::pull as pull_custom;
pub(crate) use matmul::pull_tangent as matmul_pull_tangent;
pub(crate) use pointwise::pointwise;
pub(crate) use pull::pull;
pub(crate) use pull::slope;
pub(crate) use push::push;
