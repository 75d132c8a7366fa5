//! Gradients and pullbacks, in reverse mode.

use crate::algebra::{Reading, Tree};
use crate::tape::{Leaves, OnTape, Tape, Var};

/// The type of the gradient with respect to a tree: the same structure, with a value for each leaf.
pub(super) type GradientOf<T> = <T as Tree>::With<<T as Tree>::Leaf>;

/// Computes the gradient of a scalar function. The gradient has the shape of `x`.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(grad(&2.0, |x| x * x * x), 12.0);
/// ```
///
/// A closure that is bound to a name first needs [`function_of`](crate::function_of):
///
/// ```
/// use autodiff::prelude::*;
/// let cube = function_of(&2.0, |x| x * x * x);
/// assert_eq!((grad(&2.0, cube), grad(&1.0, cube)), (12.0, 3.0));
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element.
#[track_caller]
pub fn grad<V: Reading>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    Tape::new().value_and_grad_by("grad", x, |_, x| f(x)).1
}

/// Computes the value of a scalar function of a tree of values, and its gradient. The gradient has the structure of
/// `x`.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, gradient) = value_and_grad(&[3.0, 4.0], |_, [x, y]| x * y);
/// assert_eq!((y, gradient), (12.0, [4.0, 3.0]));
/// ```
///
/// A closure that is bound to a name first needs [`function_of_tree`](crate::function_of_tree):
///
/// ```
/// use autodiff::prelude::*;
/// let product = function_of_tree(&[3.0, 4.0], |_, [x, y]| x * y);
/// assert_eq!(value_and_grad(&[1.0, 2.0], product), (2.0, [2.0, 1.0]));
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element.
#[track_caller]
pub fn value_and_grad<T: Tree>(
    x: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> (T::Leaf, GradientOf<T>) {
    Tape::new().value_and_grad_by("value_and_grad", x, f)
}

/// Does the same as [`value_and_grad`], for a function that also returns something else, its auxiliary output: what a
/// program wants to see besides the loss, such as a prediction or a part of the loss. (`has_aux=True` in JAX.)
///
/// The auxiliary output leaves the tape, so it holds plain values: [`Var::value`] of a variable, or
/// `tree.map(&mut |_, x| x.value())` of a tree of variables. It has no influence on the gradient.
///
/// ```
/// use autodiff::prelude::*;
/// let w = Tensor::from([1.0, 2.0]);
/// let ((loss, prediction), gradient) = value_and_grad_aux(&w, |_, w| {
///     let prediction = w.square();
///     ((prediction - 3.0).square().sum(), prediction.value())
/// });
/// assert_eq!((loss.item(), prediction.to_vec()), (5.0, vec![1.0, 4.0]));
/// assert_eq!(gradient.to_vec(), [-8.0, 8.0]);
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element.
#[track_caller]
pub fn value_and_grad_aux<T: Tree, A>(
    x: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> (Var<'t, T::Leaf>, A),
) -> ((T::Leaf, A), GradientOf<T>) {
    let mut aux = None;
    let (value, gradient) = Tape::new().value_and_grad_by("value_and_grad_aux", x, |tape, x| {
        let (y, a) = f(tape, x);
        aux = Some(a);
        y
    });
    ((value, aux.expect("the function has run")), gradient)
}

/// Computes the value of a function, and returns its pullback (vector-Jacobian product).
///
/// The pullback maps a cotangent of the output to a cotangent of the input. It runs one backward pass each time it is
/// called.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, pullback) = vjp(&Tensor::from([1.0, 2.0]), |x| x.square());
/// assert_eq!(y.to_vec(), [1.0, 4.0]);
/// assert_eq!(pullback(&Tensor::from([1.0, 10.0])).to_vec(), [2.0, 40.0]);
/// ```
///
/// # Panics
/// The pullback panics if the cotangent and the output have different shapes.
#[track_caller]
pub fn vjp<V: Reading, F: for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>>(x: &V, f: F) -> (V, impl Fn(&V) -> V + use<V, F>) {
    pull_back("vjp", x, |_, x| f(x))
}

/// Does the same as [`vjp`], for a function of a tree of values. The pullback returns a tree of cotangents.
///
/// # Panics
/// The pullback panics if the cotangent and the output have different shapes.
#[track_caller]
pub fn vjp_tree<T, F>(x: &T, f: F) -> (T::Leaf, impl Fn(&T::Leaf) -> GradientOf<T> + use<T, F>)
where
    T: Tree + Clone,
    F: for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
{
    pull_back("vjp_tree", x, f)
}

/// The value and the pullback. Messages bear the name of the calling function.
#[track_caller]
fn pull_back<T, F>(name: &'static str, x: &T, f: F) -> (T::Leaf, impl Fn(&T::Leaf) -> GradientOf<T> + use<T, F>)
where
    T: Tree + Clone,
    F: for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
{
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let (n, y) = (leaves.0.len() as u32, f(&tape, leaves.variables(x)));
    y.check_tape(name, &leaves.0);
    let (value, id) = (y.value(), y.id());
    let x = x.clone();
    let pullback = move |g: &T::Leaf| {
        let leaves = Leaves((0..n).map(|id| Var::at(&tape, id)).collect());
        x.with_leaves(Var::at(&tape, id).backward_by(name, g.clone()).of(&leaves.0))
    };
    (value, pullback)
}
