//! Derivatives of any order for the tensors of candle.
//!
//! [`Array`] wraps a `candle_core::Tensor` and implements [`autodiff::Reading`]: it says what each operation of `autodiff`
//! computes, by the kernels of candle. Everything else follows. A tape records arrays, gradients nest, Jacobians are
//! batched, and the networks, optimisers and trainers of `nn` hold arrays in place of tensors.
//!
//! candle itself stops at first order: its gradients are detached unless an environment variable is set.
//!
//! ```
//! use autodiff::prelude::*;
//! use autodiff_candle::Array;
//! use candle_core::{Device, Tensor};
//! let x = Array::<f64>::new(Tensor::new(&[1.0, 2.0, 3.0], &Device::Cpu)?);
//! let hessian = hessian(&x, |x| x.powi(3).sum());
//! assert_eq!(hessian.tensor().to_vec2::<f64>()?, [[6.0, 0.0, 0.0], [0.0, 12.0, 0.0], [0.0, 0.0, 18.0]]);
//! # Ok::<(), candle_core::Error>(())
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod array;
mod dataset;
pub mod programs;
mod reading;

pub use array::{Array, Float};
pub use reading::host_copies;

/// Compiles and runs the program in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
