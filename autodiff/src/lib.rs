//! Derivatives of any order, of anything that is written in Rust on numbers and tensors.
//!
//! A [`Tape`] records operations on values and walks back through them. What a walk does can be recorded too, on the
//! same tape, so a derivative is a variable like any other: it can stand in a loss, and be differentiated again.
//!
//! # A tour
//!
//! **The gradient of a custom loss of a model.** A model is a struct that is generic over its values; [`tree!`] makes
//! it a tree, and its gradient has its own type.
//!
//! ```
//! use autodiff::prelude::*;
//! #[derive(Clone)]
//! struct Line<V> { slope: V, offset: V }
//! autodiff::tree!(Line { slope, offset });
//!
//! let x = Tensor::from([0.0, 1.0, 2.0]);
//! let model = Line { slope: Tensor::scalar(1.0), offset: Tensor::scalar(0.0) };
//! let (loss, gradient) = value_and_grad(&model, |tape, m| {
//!     let y = m.slope * &x + m.offset; // any expression is a loss
//!     (y - tape.constant(Tensor::from([1.0, 3.0, 5.0]))).square().sum()
//! });
//! assert_eq!(loss.item(), 14.0);
//! assert_eq!(gradient.offset.item(), -12.0);
//! ```
//!
//! **A loss that contains a derivative.** A gradient penalty (‖∇ₓf‖ − 1)² is trained by its own gradient:
//!
//! ```
//! use autodiff::prelude::*;
//! let w = Tensor::from([0.3, -0.2, 0.5]);
//! let x = Tensor::from([[1.0, 0.0, 2.0], [0.5, 1.0, -1.0]]);
//! let (penalty, gradient) = value_and_grad(&w, |tape, w| {
//!     let x = tape.constant(x.clone());
//!     let [slope] = x.matmul(&w).tanh().sum().grad([x]); // recorded: part of the loss
//!     (slope.norm_axis(-1) - 1.0).square().mean()
//! });
//! # assert!(penalty.item() > 0.0 && gradient.norm().item() > 0.0);
//! ```
//!
//! **A derivative of any order**, the order known at run time only:
//!
//! ```
//! use autodiff::prelude::*;
//! let tape = Tape::new();
//! let x = tape.variable(0.5);
//! let mut y = x.sin() * x.exp();
//! for _ in 0..3 {
//!     [y] = y.grad([x]);
//! }
//! let third = 0.5f64.exp() * 2.0 * (0.5f64.cos() - 0.5f64.sin());
//! assert!((y.value() - third).abs() < 1e-12);
//! ```
//!
//! **A Hessian-vector product**, without the matrix:
//!
//! ```
//! use autodiff::prelude::*;
//! let (x, v) = (Tensor::from([1.0, 2.0, 3.0]), Tensor::from([1.0, 0.0, -1.0]));
//! let product = hvp(&x, &v, |x| x.dot(&x).square());
//! assert_eq!(product.to_vec(), [40.0, -32.0, -104.0]); // (4·x·x)·v + 8·(x·v)·x
//! ```
//!
//! **A Jacobian norm of each sample, differentiated**: the contractive penalty, exact, for any encoder:
//!
//! ```
//! use autodiff::prelude::*;
//! let w = Tensor::from([[0.5, -0.5, 0.1], [0.1, 0.2, -0.3]]);
//! let x = Tensor::from([[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]]);
//! let gradient = grad(&w, |w| {
//!     let x = w.constant(x.clone());
//!     let h = x.matmul_t(&w).sigmoid(); // [2, 2]
//!     h.batch_jacobian(x).square().sum().scale(0.5) // of a [2, 2, 3]
//! });
//! # assert_eq!(gradient.shape().to_string(), "[2, 3]");
//! ```
//!
//! **A primitive of one's own**, used at second order: see [`Primitive`].
//!
//! # Where to look
//!
//! | what | where |
//! |---|---|
//! | functions on values | [`Math`], [`Structural`], [`LinearAlgebra`], [`Composite`] |
//! | derivatives of closures | [`grad`], [`value_and_grad`], [`vjp`], [`jvp`], [`jacobian`], [`hessian`], [`hvp`], [`vmap`] |
//! | derivatives on a tape | [`Var::backward`], [`Var::grad`], [`Var::jvp`], [`Var::jacobian`], [`Var::batch_jacobian`] |
//! | derivatives of scalar programs, as they are | [`ScalarTape`] |
//! | numbers | [`Tensor`], `f32`, `f64`, [`Dual`] |
//! | conventions at kinks | [`kinks`] |
//! | is a gradient right? | [`check`], for your own functions; [`Var::first_not_finite`] |
//! | how it works | [`Value`], the one trait that all of it stands on |

#![forbid(unsafe_code)]

mod algebra;
mod array;
pub mod check;
mod custom;
mod reading;
mod scalar;
mod tape;
mod transform;

pub use algebra::{
    Composite, Custom, Dyn, Element, Linear, LinearAlgebra, Math, Matmul, Op, Path, Pointwise, Primitive, Structural,
    Tree, Value, kinks,
};
pub use array::{
    Axes, Matrix, Mismatch, Nested, Number, Shape, ShapeError, Tensor, assert_close, set_threads, threads,
};
#[cfg(feature = "proptest")]
pub use check::strategy;
pub use custom::{Formula, checkpoint, custom, fuse, fuse_sum};
pub use reading::{Batched, Dual, Tangent};
pub use scalar::{Active, Scalar, ScalarTape};
pub use tape::{Gradients, Mode, OnTape, Site, Spread, Tape, Unconnected, Var};
pub use transform::{
    batch_jacobian, grad, hessian, hvp, hvp_tree, jacobian, jacobian_by, jvp, jvp_tree, laplacian, nth_derivative,
    value_and_grad, vjp, vjp_tree, vmap,
};

/// Everything that a program with derivatives uses, for `use autodiff::prelude::*`.
pub mod prelude {
    pub use crate::check::{Options, check_grads, check_grads_tree};
    pub use crate::{
        Active, Batched, Composite, Dual, Dyn, Element, LinearAlgebra, Math, Mode, Number, OnTape, Path, Primitive,
        Scalar, ScalarTape, Shape, Structural, Tape, Tensor, Tree, Value, Var, batch_jacobian, checkpoint, custom,
        grad, hessian, hvp, hvp_tree, jacobian, jacobian_by, jvp, jvp_tree, laplacian, nth_derivative, value_and_grad,
        vjp, vjp_tree, vmap,
    };
}
