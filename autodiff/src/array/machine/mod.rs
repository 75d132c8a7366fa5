//! Threads, vector units, and matrix products over slices.
//!
//! Belongs here: code that runs any loop or product over slices. Does not: tensors and shapes. May use: nothing else in
//! this crate.

#[cfg(feature = "linalg")]
pub(crate) mod dense;
mod gemm;
pub(crate) mod parallel;
mod simd;

pub use gemm::Matrix;
pub(crate) use gemm::{PRODUCTS_PER_ELEMENT, fast_gemm, plain_gemm};
pub use parallel::{set_threads, threads};
pub(crate) use simd::{Vectorise, vectorised};
