//! `autodiff` computes derivatives of Rust programs that use numbers and tensors. A [`Tape`] records each operation;
//! walking the tape backwards yields the gradient. The walk itself can be recorded, so a gradient is an ordinary value:
//! put it in a loss and differentiate again, to any order.
//!
//! Functions are generic over their values. The same code computes with plain [`Tensor`]s, records variables ([`Var`]),
//! carries tangents ([`Dual`]) or runs on a whole batch ([`Batched`]).
//!
//! # A tour
//!
//! **The gradient of a loss with respect to a model.** A model is a struct that is generic over its values. [`tree!`]
//! makes it a tree, and the gradient is a struct of the same kind.
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
//!     let y = m.slope * &x + m.offset; // a loss is any scalar expression
//!     (y - tape.constant(Tensor::from([1.0, 3.0, 5.0]))).square().sum()
//! });
//! assert_eq!(loss.item(), 14.0);
//! assert_eq!(gradient.offset.item(), -12.0);
//! ```
//!
//! **A function with a name.** Written in a `let`, a closure gets its type from [`function_of`] or, for a tree such as
//! a model, from [`function_of_tree`]:
//!
//! ```
//! use autodiff::prelude::*;
//! let x = Tensor::from([1.0, 2.0]);
//! let energy = function_of(&x, |x| x.square().sum());
//! assert_eq!(grad(&x, energy).to_vec(), [2.0, 4.0]);
//! assert_eq!(hessian(&x, energy), Tensor::eye(2) * 2.0);
//! ```
//!
//! **A function for all kinds of values.** A bound of [`Value`] lets it compute with numbers, tensors, variables and
//! dual numbers. In it, a plain number is the right operand and has a decimal point, as in `x * 2.0`. A reference that
//! is used by value is cloned; the clone shares the elements. The table of [operators](Value#operators) says what
//! compiles where.
//!
//! ```
//! use autodiff::prelude::*;
//! /// Quadratic up to 1, linear beyond.
//! fn huber<V: Value>(x: &V) -> V {
//!     let size = x.abs();
//!     size.less(1.0).select(&(x.square() * 0.5), &(size - 0.5))
//! }
//! assert_eq!(huber(&3.0), 2.5);
//! assert_eq!(huber(&Tensor::from([0.5, -3.0])).to_vec(), [0.125, 2.5]);
//! assert_eq!(grad(&-3.0, |x| huber(&x)), -1.0); // a generic function is called in a closure
//! ```
//!
//! **A loss that contains a derivative.** The gradient penalty (‖∇ₓf‖ − 1)² has a gradient of its own:
//!
//! ```
//! use autodiff::prelude::*;
//! let w = Tensor::from([0.3, -0.2, 0.5]);
//! let x = Tensor::from([[1.0, 0.0, 2.0], [0.5, 1.0, -1.0]]);
//! let (penalty, gradient) = value_and_grad(&w, |tape, w| {
//!     let x = tape.constant(x.clone());
//!     let [slope] = x.matmul(w).tanh().sum().grad([x]); // recorded: part of the loss
//!     (slope.norm_axis(-1) - 1.0).square().mean()
//! });
//! # assert!(penalty.item() > 0.0 && gradient.norm().item() > 0.0);
//! ```
//!
//! **A derivative of any order.** The order may be known only at run time:
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
//! **A Hessian-vector product**, without forming the Hessian:
//!
//! ```
//! use autodiff::prelude::*;
//! let (x, v) = (Tensor::from([1.0, 2.0, 3.0]), Tensor::from([1.0, 0.0, -1.0]));
//! let product = hvp(&x, &v, |x| x.dot(&x).square());
//! assert_eq!(product.to_vec(), [40.0, -32.0, -104.0]); // (4·x·x)·v + 8·(x·v)·x
//! ```
//!
//! **A loss that contains Jacobians.** The contractive penalty sums the squared Jacobian of each sample, exactly and
//! for any encoder:
//!
//! ```
//! use autodiff::prelude::*;
//! let w = Tensor::from([[0.5, -0.5, 0.1], [0.1, 0.2, -0.3]]);
//! let x = Tensor::from([[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]]);
//! let gradient = grad(&w, |w| {
//!     let x = w.constant(x.clone());
//!     let h = x.matmul_t(w).sigmoid(); // [2, 2]
//!     h.batch_jacobian(x).square().sum() * 0.5 // the Jacobians have the shape [2, 2, 3]
//! });
//! # assert_eq!(gradient.shape().to_string(), "[2, 3]");
//! ```
//!
//! **An unchanged scalar program**, generic over [`num_traits::Float`]:
//!
//! ```
//! use autodiff::prelude::*;
//! use num_traits::Float;
//! fn energy<T: Float>(x: &[T]) -> T {
//!     x.iter().fold(T::zero(), |sum, &x| sum + x * x)
//! }
//! assert_eq!(ScalarTape::new().grad(&[3.0, 4.0], energy), [6.0, 8.0]);
//! ```
//!
//! **Your own primitive**, with a rule that holds at every order: see [`Primitive`] and [`custom()`].
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `approx` | equality up to rounding by the traits of the crate `approx`, for tensors and for the numbers of scalar programs |
//! | `linalg` | `Decompositions`: solutions of linear systems, Cholesky, QR, eigenvalues, singular values and determinants, with derivatives of every order |
//! | `nalgebra` | tensors from and to the matrices and vectors of `nalgebra` 0.35 (`exchange::nalgebra`); [`Dual`] numbers in them, so that its factorisations, solutions and norms are differentiated; includes `approx` |
//! | `ndarray` | tensors from and to the arrays of `ndarray` 0.17, borrowed or moved where possible (`exchange::ndarray`); [`Dual`] numbers as operands beside them |
//! | `proptest` | `strategy`: random shapes, tensors, expressions and networks for property tests |
//! | `serde` | tensors and shapes in the formats of `serde` (`exchange::serde`) |
//!
//! # Debug builds
//!
//! Without optimisation, a program is 20 to 540 times as slow as with `--release`, and most generic code is compiled in
//! your own crate. These lines in your `Cargo.toml` make it 1.4 to 9 times as slow:
//!
//! ```toml
//! [profile.dev]
//! opt-level = 1
//!
//! [profile.dev.package."*"]
//! opt-level = 3
//! ```
//!
//! # Where to look
//!
//! | task | items |
//! |---|---|
//! | compute with values | [`Value`] and its [operators](Value#operators), [`Math`], [`Structural`], [`LinearAlgebra`], [`Composite`], [`Convolution`] |
//! | differentiate a closure | [`grad`](grad()), [`value_and_grad`], [`value_and_grad_aux`], [`vjp`], [`jvp`], [`jacobian`], [`value_and_jacobian`], [`jacobian_by`], [`batch_jacobian`], [`hessian`], [`hvp`], [`grad_and_hvp`], [`grad_and_hessian_diagonal`], [`laplacian`], [`nth_derivative`]; over trees [`vjp_tree`], [`jvp_tree`], [`jacobian_tree`], [`hvp_tree`], [`grad_and_hvp_tree`] |
//! | compute only the entries of a Jacobian or Hessian that may differ from zero | [`sparse_jacobian`], [`sparse_hessian`], for a known pattern [`sparse_jacobian_by`], [`sparse_hessian_by`], with [`Sparsity`], [`Compression`] |
//! | give a closure a name | [`function_of`], [`function_of_tree`] |
//! | run a function on a batch | [`vmap`], [`vmap_tree`] |
//! | differentiate on a tape | [`Tape`], [`Var::backward`], [`Var::grad`], [`Var::jvp`], [`Var::jacobian`], [`Var::batch_jacobian`], [`Gradients`] |
//! | differentiate an unchanged scalar program | [`ScalarTape`], with numbers of type [`Active`] or [`Scalar`] |
//! | choose a type of value | [`Tensor`], `f32`, `f64`, [`Dual`], [`Batched`], [`Var`] |
//! | turn a struct into a tree of values | [`tree!`], [`Tree`], [`Path`] |
//! | vector arithmetic on models, as in MAML and conjugate gradients | [`tree`](mod@tree) |
//! | define a primitive | [`Primitive`], [`custom()`], [`Dyn`] |
//! | save memory or time | [`checkpoint`], [`fuse!`], [`fuse()`], [`fuse_sum`], [`set_threads`] |
//! | compute a part in double precision | [`in_f64`] |
//! | convert from and to other libraries' arrays | `exchange`, with the features `nalgebra`, `ndarray` and `serde` |
//! | look up the derivative at a kink | [`kinks`] |
//! | look up the accuracy of a function | [`accuracy`] |
//! | read what was recorded | [`Var::formula`], [`Tape::drawing`], the text of a [`Tape`] |
//! | check a gradient | [`check`], [`Var::first_not_finite`], [`assert_close`] |
//! | bring arrays of another library | [`own_arrays`], [`operators!`], [`check::value`] |
//! | understand how it works | [`Reading`], the trait that every value implements |

// A trait of `simba` declares two methods unsafe, so the feature `nalgebra` needs to declare them too. Their bodies are
// safe. The lint of the workspace denies all other unsafe code.
#![cfg_attr(not(feature = "nalgebra"), forbid(unsafe_code))]

mod algebra;
mod array;
pub mod check;
mod custom;
mod reading;
mod scalar;
mod tape;
mod transform;

#[doc(hidden)]
pub use algebra::PartOf as __PartOf;
/// What the functions of the macro `fuse!` call.
#[doc(hidden)]
pub mod __fuse {
    pub use crate::custom::fuse::apply::{apply, op};
}
/// What the operators of the macro `operators!` call.
#[doc(hidden)]
pub mod __operators {
    pub use crate::algebra::{binary, number_with, with_number};
}
pub use algebra::{
    Composite, Convolution, Custom, Dual, Dyn, Element, Linear, LinearAlgebra, Math, Matmul, Op, Operand, Path,
    Pointwise, Primitive, Reading, Structural, Tangent, Tree, Update, Value, Window, accuracy, kinks, own_arrays, tree,
};
#[cfg(feature = "linalg")]
pub use algebra::{Decomposition, Decompositions, Factors, MatrixError, Triangle};
#[cfg(any(feature = "nalgebra", feature = "ndarray", feature = "serde"))]
pub use array::exchange;
pub use array::{Axes, Entry, Matrix, Mismatch, Number, Shape, ShapeError, Tensor, assert_close, set_threads, threads};
#[cfg(feature = "proptest")]
pub use check::strategy;
pub use custom::{Formula, checkpoint, custom, fuse, fuse_sum, in_f64};
/// The numeric traits of scalar programs, in the version that this crate implements.
pub use num_traits;
/// The random generators that [`Tensor::normal`] and [`Tensor::uniform`] take, in the version that fits.
pub use rand;
pub use reading::Batched;
pub use scalar::{Active, Scalar, ScalarTape};
pub use tape::{Drawing, Equations, Gradients, Mode, OnTape, Site, Spread, Tape, Unconnected, Var};
pub use transform::{
    Compression, MissingEntry, SparseMatrix, Sparsity, batch_jacobian, check_sparse_hessian, check_sparse_jacobian,
    function_of, function_of_tree, grad, grad_and_hessian_diagonal, grad_and_hvp, grad_and_hvp_tree, hessian, hvp,
    hvp_tree, hvp_tree_by, jacobian, jacobian_by, jacobian_tree, jvp, jvp_tree, laplacian, nth_derivative,
    sparse_hessian, sparse_hessian_by, sparse_jacobian, sparse_jacobian_by, value_and_grad, value_and_grad_aux,
    value_and_jacobian, vjp, vjp_tree, vmap, vmap_tree,
};

/// The names that most programs need: `use autodiff::prelude::*`.
pub mod prelude {
    pub use crate::assert_close;
    pub use crate::check::{Options, check_grads, check_grads_tree};
    pub use crate::{
        Active, Batched, Composite, Compression, Convolution, Dual, Dyn, Element, LinearAlgebra, Math, Mode, Number,
        OnTape, Operand, Path, Primitive, Reading, Scalar, ScalarTape, Shape, SparseMatrix, Sparsity, Structural, Tape,
        Tensor, Tree, Value, Var, Window, batch_jacobian, check_sparse_hessian, check_sparse_jacobian, checkpoint,
        custom, function_of, function_of_tree, grad, grad_and_hessian_diagonal, grad_and_hvp, grad_and_hvp_tree,
        hessian, hvp, hvp_tree, hvp_tree_by, in_f64, jacobian, jacobian_by, jacobian_tree, jvp, jvp_tree, laplacian,
        nth_derivative, sparse_hessian, sparse_hessian_by, sparse_jacobian, sparse_jacobian_by, tree, value_and_grad,
        value_and_grad_aux, value_and_jacobian, vjp, vjp_tree, vmap, vmap_tree,
    };
    #[cfg(feature = "linalg")]
    pub use crate::{Decompositions, Triangle};
}

/// Compiles and runs the program in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
