//! A checker for the derivatives of your own functions: losses, models, and primitives with their own rules.
//!
//! [`check_grads`] compares each derivative, up to the requested order, with two kinds of evidence:
//!
//! - **Central differences** of the derivative one order below, along random directions. The cost does not depend on
//!   the size of the inputs. If there are several inputs, as in a model, each one also moves alone.
//! - **The same derivative by every other method**, which must agree to rounding and needs no step size: forward and
//!   reverse mode (the adjoint identity ⟨w, J·v⟩ = ⟨Jᵀ·w, v⟩), computed, recorded and batched; dual numbers; a tape of
//!   dual numbers; and every sequence of forward and reverse mode.
//!
//! If two numbers disagree, the checker tests each operation of the tape on its own. It names the first operation with
//! a wrong derivative, its operands and its source line. If there is none, it looks for another cause: a number that
//! was taken off the tape and came back as a constant, a branch, or a `detach`. A function that returns two values at
//! one point fails before any derivative is compared.
//!
//! ```
//! use autodiff::prelude::*;
//! use autodiff::check::Cause;
//! /// x³. Its first derivative is right. Its second is wrong, because the rule treats x as a constant.
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

// Belongs here: the comparison of derivatives, its report, and strategies for property tests. Does not: reports of a tape,
// which are in `tape/report`. May use: everything below, down to `array`.

mod case;
mod checker;
mod compare;
mod conformance;
mod differences;
mod explain;
mod failure;
mod methods;
mod options;
#[cfg(feature = "proptest")]
pub mod strategy;

pub use conformance::{Disagreement, value, value_within};
pub use failure::{Cause, Failure, Finding, Report};
pub use options::{Options, Stencil};

use crate::algebra::{Reading, Tree};
use crate::tape::{Leaves, OnTape, Tape, Var};
use case::Case;

/// Checks the derivatives of a function of one value. The output may have any shape. See the [module](self).
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
/// Returns a [`Failure`] if two numbers disagree, if a value or a derivative is not finite, or if the function returns
/// different values at one point.
///
/// # Panics
/// Panics if the order is 0, or if there is no direction or no mode.
#[track_caller]
pub fn check_grads<V: Reading>(
    x: &V,
    options: &Options,
    f: impl for<'t> Fn(Var<'t, V>) -> Var<'t, V>,
) -> Result<Report, Box<Failure>> {
    check_grads_tree(x, options, |_, x| f(x))
}

/// As [`check_grads`], for a function of a tree of values, such as several arguments or a model.
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
/// Panics if the tree has no leaves, and as [`check_grads`] does.
#[track_caller]
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
    checker::check(&case)
}
