//! Second and higher derivatives.

use super::gradient::GradientOf;
use crate::algebra::{Reading, Structural, Tree};
use crate::tape::{Leaves, Mode, OnTape, Tape, Var};

/// Computes the Hessian of a scalar function, as the Jacobian of its recorded gradient.
///
/// The result has shape \[input axes…, input axes…\].
///
/// ```
/// use autodiff::prelude::*;
/// let h = hessian(&Tensor::from([1.0, 2.0]), |x| x.powi(3).sum());
/// assert_eq!(h, Tensor::from([[6.0, 0.0], [0.0, 12.0]]));
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element.
#[track_caller]
pub fn hessian<V: Reading>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.check_scalar("hessian");
    let g = y.pull("hessian", y.full_like(1.0), &[x]);
    g[0].jacobian_values(x, Mode::Reverse)
}

/// Multiplies the Hessian of a scalar function by the vector `v`, without forming the Hessian.
///
/// A forward pass computes the tangents of the recorded values along `v`. A backward pass with these tangents then
/// computes the tangent of the gradient (forward over reverse). The product has the shape of `x`.
///
/// ```
/// use autodiff::prelude::*;
/// let (x, v) = (Tensor::from([1.0, 2.0]), Tensor::from([1.0, 10.0]));
/// assert_eq!(hvp(&x, &v, |x| x.powi(3).sum()).to_vec(), [6.0, 120.0]);
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element, or if `v` and `x` have different shapes.
#[track_caller]
pub fn hvp<V: Reading>(x: &V, v: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(leaves.0[0]);
    hvp_by("hvp", Mode::Forward, (x, &leaves), v, y)
}

/// Does the same as [`hvp`], for a function of a tree of values.
///
/// # Panics
/// Panics if the output does not have exactly one element, or if a leaf of `v` and the same leaf of `x` have different
/// shapes.
#[track_caller]
pub fn hvp_tree<T: Tree>(
    x: &T,
    v: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> GradientOf<T> {
    product("hvp_tree", Mode::Forward, x, v, f)
}

/// Does the same as [`hvp_tree`], in the given mode.
///
/// [`Mode::Forward`] computes the tangent of the gradient g along `v` (forward over reverse). [`Mode::Reverse`] records
/// g and computes the gradient of ⟨g, v⟩ (reverse over reverse). Both are equal, because the Hessian is symmetric.
///
/// # Panics
/// Panics if the output does not have exactly one element, or if a leaf of `v` and the same leaf of `x` have different
/// shapes.
#[track_caller]
pub fn hvp_tree_by<T: Tree>(
    mode: Mode,
    x: &T,
    v: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> GradientOf<T> {
    product("hvp_tree_by", mode, x, v, f)
}

/// The product for a function of a tree. Messages bear the name of the calling function.
#[track_caller]
fn product<T: Tree>(
    name: &str,
    mode: Mode,
    x: &T,
    v: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> GradientOf<T> {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(&tape, leaves.variables(x));
    hvp_by(name, mode, (x, &leaves), v, y)
}

/// Computes the gradient of a scalar function and the product of its Hessian with the vector `v`, as [`hvp`] does, in one
/// forward and one backward pass. Newton's method with conjugate gradients needs both.
///
/// ```
/// use autodiff::prelude::*;
/// let (x, v) = (Tensor::from([1.0, 2.0]), Tensor::from([1.0, 10.0]));
/// let (gradient, product) = grad_and_hvp(&x, &v, |x| x.powi(3).sum());
/// assert_eq!((gradient.to_vec(), product.to_vec()), (vec![3.0, 12.0], vec![6.0, 120.0]));
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element, or if `v` and `x` have different shapes.
#[track_caller]
pub fn grad_and_hvp<V: Reading>(x: &V, v: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> (V, V) {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(leaves.0[0]);
    grad_and_hvp_by("grad_and_hvp", (x, &leaves), v, y)
}

/// Does the same as [`grad_and_hvp`], for a function of a tree of values.
///
/// # Panics
/// Panics if the output does not have exactly one element, or if a leaf of `v` and the same leaf of `x` have different
/// shapes.
#[track_caller]
pub fn grad_and_hvp_tree<T: Tree>(
    x: &T,
    v: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> (GradientOf<T>, GradientOf<T>) {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(&tape, leaves.variables(x));
    grad_and_hvp_by("grad_and_hvp_tree", (x, &leaves), v, y)
}

/// The gradient and the product for a recorded output. Messages bear the name of the calling function.
#[track_caller]
fn grad_and_hvp_by<'t, T: Tree>(
    name: &str,
    (x, leaves): (&T, &Leaves<'t, T::Leaf>),
    v: &T,
    y: Var<'t, T::Leaf>,
) -> (GradientOf<T>, GradientOf<T>) {
    let v = direction(name, leaves, v, y);
    let (gradient, product) = leaves.gradient_and_second(y, &v).into_iter().unzip();
    (x.with_leaves(gradient), x.with_leaves(product))
}

/// The leaves of a direction, after the checks of both products: it must fit the input, and the output must be a scalar.
#[track_caller]
fn direction<'t, T: Tree>(name: &str, leaves: &Leaves<'t, T::Leaf>, v: &T, y: Var<'t, T::Leaf>) -> Vec<T::Leaf> {
    let v = v.leaves();
    y.check_tape(name, &leaves.0);
    y.check_scalar(name);
    leaves.check_tangents(name, &v);
    v
}

/// The product for a recorded output. Messages bear the name of the calling function.
#[track_caller]
fn hvp_by<'t, T: Tree>(
    name: &str,
    mode: Mode,
    (x, leaves): (&T, &Leaves<'t, T::Leaf>),
    v: &T,
    y: Var<'t, T::Leaf>,
) -> GradientOf<T> {
    let v = direction(name, leaves, v, y);
    let product = match mode {
        Mode::Forward => leaves.second(y, &v),
        Mode::Reverse => {
            let g = y.pull(name, y.full_like(1.0), &leaves.0);
            let dots = g.iter().zip(v).map(|(g, v)| (*g * g.constant(v)).sum());
            let total = dots.reduce(|sum, dot| sum + dot).expect("the tree has at least one leaf");
            total.backward_wrt(&leaves.0).of(&leaves.0)
        }
    };
    x.with_leaves(product)
}

/// Computes the `n`-th derivative of a scalar function of one number, by `n` recorded backward passes.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(nth_derivative(3, &2.0, |x| x.powi(5)), 60.0 * 4.0);
/// ```
///
/// # Panics
/// Panics if `n` ≥ 1 and the output does not have exactly one element, or if `n` ≥ 2 and the input does not.
#[track_caller]
pub fn nth_derivative<V: Reading>(n: usize, x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let mut y = f(x);
    y.check_tape("nth_derivative", &[x]);
    for _ in 0..n {
        y.check_scalar("nth_derivative");
        y = y.pull("nth_derivative", y.full_like(1.0), &[x])[0];
    }
    y.value()
}
