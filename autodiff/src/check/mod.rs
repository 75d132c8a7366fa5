//! Checks of derivatives that users run on their own functions: losses, models, primitives with a rule of their own.
//!
//! [`check_grads`] compares each derivative, up to the order that is asked for, with two kinds of witnesses:
//!
//! - **Central differences** of the derivative one order below, along random directions. So the cost does not depend
//!   on the number of inputs; with several inputs (a model) each of them is moved by itself too.
//! - **The same derivative by the other ways there are**, which must agree to rounding and need no step size: forward
//!   and reverse (the adjoint identity ⟨w, J·v⟩ = ⟨Jᵀ·w, v⟩), as numbers and recorded, batched, by dual numbers, by a
//!   tape of dual numbers, and in every succession of forward and reverse.
//!
//! If one disagrees, each operation of the tape is checked by itself, and the first whose own derivative is wrong is
//! named with its operands and its source line. If none is, the fault is of another kind, which is named: a function
//! that gives two answers to one question, or a number that was taken off the tape and came back as a constant.
//!
//! ```
//! use autodiff::prelude::*;
//! use autodiff::check::Cause;
//! /// x³, with a derivative that is right, but whose own derivative is not: x counts as a constant in it.
//! struct Cube;
//! impl Primitive for Cube {
//!     fn name(&self) -> &str { "cube" }
//!     fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> { x[0].powi(3) }
//!     fn pull<'a>(&self, x: &[Dyn<'a>], _y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
//!         vec![g * x[0].detach().square() * 3.0]
//!     }
//! }
//! let x = Tensor::from([0.5, -1.0, 2.0]);
//! assert!(check_grads(&x, &Options::order(1), |x| custom(Cube, &[&x.sin()]).sum()).is_ok());
//! let failure = check_grads(&x, &Options::order(2), |x| custom(Cube, &[&x.sin()]).sum()).unwrap_err();
//! assert_eq!(failure.order, 2);
//! let Cause::Rule { site, .. } = failure.cause else { panic!("{failure}") };
//! assert_eq!(site.node, "%2 = cube %1 : [3]");
//! assert_eq!(site.location.unwrap().file(), file!()); // the line of `custom(Cube, …)`
//! ```

mod case;
mod differences;
mod explain;
mod failure;
mod find;
mod options;
#[cfg(feature = "proptest")]
pub mod strategy;
mod verdict;
mod ways;

pub use failure::{Cause, Failure, Finding, Report};
pub use options::{Options, Stencil};

use crate::algebra::{Tree, Value};
use crate::tape::{Leaves, OnTape, Tape, Var};
use case::Case;

/// Checks the derivatives of a function of one value, which need not be a scalar. See the [module](self).
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([0.5, -1.0, 2.0]);
/// let report = check_grads(&x, &Options::order(3), |x| x.sin() * x.exp().sum())?;
/// assert!(report.comparisons > 20);
/// # Ok::<(), Box<autodiff::check::Failure>>(())
/// ```
///
/// # Errors
/// If a derivative disagrees, is not finite, or the function is none: which, by how much, and where in the source.
///
/// # Panics
/// If the options leave nothing to check: no order, no direction, no mode.
pub fn check_grads<V: Value>(
    x: &V,
    options: &Options,
    f: impl for<'t> Fn(Var<'t, V>) -> Var<'t, V>,
) -> Result<Report, Box<Failure>> {
    check_grads_tree(x, options, |_, x| f(x))
}

/// As [`check_grads`], of a function of a tree of values: several arguments, or a whole model's loss.
///
/// ```
/// use autodiff::prelude::*;
/// let model = (Tensor::from([[0.3, -0.2], [0.5, 0.1]]), Tensor::from([0.1, 0.2]));
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0], [-1.0, 0.5]]);
/// check_grads_tree(&model, &Options::order(2), |tape, (w, b)| {
///     let x = tape.constant(x.clone());
///     let [slope] = (x.matmul_t(&w) + b).tanh().sum().grad([x]);
///     (slope.norm_axis(-1) - 1.0).square().mean()
/// })?;
/// # Ok::<(), Box<autodiff::check::Failure>>(())
/// ```
///
/// # Errors
/// As [`check_grads`].
///
/// # Panics
/// As [`check_grads`], and if the tree has no leaves.
pub fn check_grads_tree<T: Tree>(
    x: &T,
    options: &Options,
    f: impl for<'t> Fn(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> Result<Report, Box<Failure>> {
    let case = Case {
        f: &|tape, leaves| f(tape, Leaves(leaves.to_vec()).variables(x)),
        x: &x.leaves(),
        paths: &x.paths(),
        options,
    };
    verdict::check(&case)
}
