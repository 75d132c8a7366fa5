//! What the machine offers: threads, vector units, and a library for matrix products.
//!
//! Belongs here: code that runs a loop or a product over slices, whatever it computes. Does not: tensors and shapes. May
//! use: nothing else in this crate.

mod gemm;
pub(crate) mod parallel;
mod simd;

pub use gemm::Matrix;
pub(crate) use gemm::{PRODUCTS, fast_gemm, plain_gemm};
pub use parallel::{set_threads, threads};
pub(crate) use simd::{Vectorise, vectorised};
