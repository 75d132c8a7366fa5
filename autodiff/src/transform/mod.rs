//! What users ask of a function: its gradient, its Jacobian, its derivatives of any order.
//!
//! A function is a closure on variables, written once, whatever is asked of it. The point comes first, then the
//! function. Of one value it is `|x| …`. Of several, in any [`Tree`] (`[x, y]`, `(matrix, bias)`, a model), it is
//! `|tape, tree| …`: [`value_and_grad`] and what ends in `_tree`. (The tape serves for constants; besides, it is what
//! ties the tree to a lifetime, which Rust cannot infer from an associated type alone.)

use crate::algebra::{LinearAlgebra, Structural, Tree, Value};
use crate::reading::Batched;
use crate::tape::{Leaves, Mode, OnTape, Tape, Var};

/// A tree of numbers: what a gradient is.
type Numeric<T> = <T as Tree>::With<<T as Tree>::Leaf>;

/// The gradient of a scalar function.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(grad(&2.0, |x| x * x * x), 12.0);
/// ```
///
/// # Panics
/// If the output is no scalar.
#[track_caller]
pub fn grad<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    value_and_grad(x, |_, x| f(x)).1
}

/// The value of a scalar function of a tree of values, and its gradient in the same structure: what a step of training
/// needs.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, gradient) = value_and_grad(&[3.0, 4.0], |_, [x, y]| x * y);
/// assert_eq!((y, gradient), (12.0, [4.0, 3.0]));
/// ```
///
/// # Panics
/// If the output is no scalar.
#[track_caller]
pub fn value_and_grad<T: Tree>(
    x: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> (T::Leaf, Numeric<T>) {
    Tape::new().value_and_grad_tree(x, f)
}

/// The value of a function, and its pullback: a function from a cotangent of the output to one of the input.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, pullback) = vjp(&Tensor::from([1.0, 2.0]), |x| x.square());
/// assert_eq!(y.to_vec(), [1.0, 4.0]);
/// assert_eq!(pullback(&Tensor::from([1.0, 10.0])).to_vec(), [2.0, 40.0]);
/// ```
///
/// # Panics
/// The pullback, if the cotangent has another shape than the output.
pub fn vjp<V: Value, F: for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>>(x: &V, f: F) -> (V, impl Fn(&V) -> V + use<V, F>) {
    vjp_tree(x, |_, x| f(x))
}

/// As [`vjp`], of a function of a tree of values.
pub fn vjp_tree<T, F>(x: &T, f: F) -> (T::Leaf, impl Fn(&T::Leaf) -> Numeric<T> + use<T, F>)
where
    T: Tree + Clone,
    F: for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
{
    let tape = Tape::new();
    let n = x.leaves().len() as u32;
    let y = f(&tape, Leaves::record(&tape, x).variables(x));
    let (value, id) = (y.value(), y.id());
    let x = x.clone();
    let pullback = move |g: &T::Leaf| {
        let leaves = Leaves((0..n).map(|id| Var::at(&tape, id)).collect());
        leaves.gather(&x, Var::at(&tape, id).backward_with(g.clone()).of(&leaves.0))
    };
    (value, pullback)
}

/// The value of a function, and its tangent as the input moves along `dx`.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, dy) = jvp(&3.0, &1.0, |x| x * x);
/// assert_eq!((y, dy), (9.0, 6.0));
/// ```
///
/// # Panics
/// If the tangent has another shape than the input.
#[track_caller]
pub fn jvp<V: Value>(x: &V, dx: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> (V, V) {
    jvp_tree(x, dx, |_, x| f(x))
}

/// As [`jvp`], of a function of a tree of values.
#[track_caller]
pub fn jvp_tree<T: Tree>(
    x: &T,
    dx: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> (T::Leaf, T::Leaf) {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(&tape, leaves.variables(x));
    (y.value(), leaves.push(y, &dx.leaves()))
}

/// The derivatives of each element of the output by each element of the argument, \[output axes…, input axes…\], in
/// one batched walk, in the direction that is cheaper by the shapes.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([1.0, 2.0]);
/// let j = jacobian(&x, |x| x.square());
/// assert_eq!(j, Tensor::from([[2.0, 0.0], [0.0, 4.0]]));
/// ```
pub fn jacobian<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let y = f(x);
    y.jacobian_values(x, Mode::cheaper(x.shape().size(), y.shape().size()))
}

/// As [`jacobian`], in the given direction.
pub fn jacobian_by<V: Value>(mode: Mode, x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    f(x).jacobian_values(x, mode)
}

/// The Jacobian of each sample of a batch: for a function \[n, d…\] → \[n, p…\] the result is \[n, p…, d…\]. See
/// [`Var::batch_jacobian`] for what is required of the function.
#[track_caller]
pub fn batch_jacobian<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    f(x).batch_jacobian_values(x)
}

/// The second derivatives of a scalar function, \[input axes…, input axes…\]: the Jacobian of the recorded gradient.
///
/// ```
/// use autodiff::prelude::*;
/// let h = hessian(&Tensor::from([1.0, 2.0]), |x| x.powi(3).sum());
/// assert_eq!(h, Tensor::from([[6.0, 0.0], [0.0, 12.0]]));
/// ```
///
/// # Panics
/// If the output is no scalar.
#[track_caller]
pub fn hessian<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let [g] = f(x).grad([x]);
    g.jacobian_values(x, Mode::Reverse)
}

/// The product of the second derivatives of a scalar function with a direction `v`, without the matrix: a walk forward
/// moves the recorded values along `v`, and a walk back through them moves the gradient (forward over reverse).
///
/// ```
/// use autodiff::prelude::*;
/// let (x, v) = (Tensor::from([1.0, 2.0]), Tensor::from([1.0, 10.0]));
/// assert_eq!(hvp(&x, &v, |x| x.powi(3).sum()).to_vec(), [6.0, 120.0]);
/// ```
///
/// # Panics
/// If the output is no scalar.
#[track_caller]
pub fn hvp<V: Value>(x: &V, v: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    hvp_tree(Mode::Forward, x, v, |_, x| f(x))
}

/// As [`hvp`], of a function of a tree of values, and in the given direction over the gradient g: forward moves it
/// along `v`, reverse records it and walks back from ⟨g, v⟩. The two are equal: second derivatives are symmetric.
///
/// # Panics
/// If the output is no scalar, or the direction has other shapes than the input.
#[track_caller]
pub fn hvp_tree<T: Tree>(
    mode: Mode,
    x: &T,
    v: &T,
    f: impl for<'t> FnOnce(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
) -> Numeric<T> {
    let tape = Tape::new();
    let leaves = Leaves::record(&tape, x);
    let y = f(&tape, leaves.variables(x));
    y.check_scalar("hvp");
    let product = match mode {
        Mode::Forward => leaves.second(y, &v.leaves()),
        Mode::Reverse => {
            let g = y.pull(y.full_like(1.0), &leaves.0);
            let dots = g.iter().zip(v.leaves()).map(|(g, v)| (*g * g.constant(v)).sum());
            let total = dots.reduce(|sum, dot| sum + dot).expect("a tree has leaves");
            total.backward_wrt(&leaves.0).of(&leaves.0)
        }
    };
    leaves.gather(x, product)
}

/// The sum of the unmixed second derivatives of a scalar function: the trace of its [`hessian`].
///
/// # Panics
/// If the output is no scalar.
#[track_caller]
pub fn laplacian<V: Value>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let n = x.shape().size();
    hessian(x, f).reshape([n, n]).trace()
}

/// The n-th derivative of a scalar function of one number, by n recorded walks.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(nth_derivative(3, &2.0, |x| x.powi(5)), 60.0 * 4.0);
/// ```
///
/// # Panics
/// If the output or the input is no scalar.
#[track_caller]
pub fn nth_derivative<V: Value>(n: usize, x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let mut y = f(x);
    for _ in 0..n {
        [y] = y.grad([x]);
    }
    y.value()
}

/// A function of one sample applied to all rows of a value at once. Nests with the derivatives: a gradient inside is
/// one for each row; from outside it can be differentiated like any function.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(vmap(&x, |row| row.square().sum()).to_vec(), [5.0, 25.0]);
/// let gradients = vmap(&x, |row| grad(&row, |row| row.powi(3).sum()));
/// assert_eq!(gradients, 3.0 * x.square());
/// ```
///
/// # Panics
/// If the value has no axis.
#[track_caller]
pub fn vmap<V: Value>(x: &V, f: impl FnOnce(Batched<V>) -> Batched<V>) -> V {
    let rows = Batched::from_batch(x.clone());
    let n = rows.rows().expect("was batched just now");
    f(rows).into_batch(n)
}
