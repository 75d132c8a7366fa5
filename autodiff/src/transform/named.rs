//! Functions that are bound to a name before they are transformed.

use crate::algebra::{Reading, Tree};
use crate::tape::{OnTape, Tape, Var};

/// Returns a function of `x`, so that it can be bound to a name and passed to several transforms.
///
/// Rust decides which types a closure accepts where the closure is written. Written in a call of [`grad`](crate::grad()),
/// it accepts variables of any tape; written in a `let`, it accepts those of a single tape. The compiler then says
/// “implementation of `FnOnce` is not general enough”, “lifetime may not live long enough” or “one type is more general
/// than the other”. This function gives the closure its type. The value of `x` is not used.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([1.0, 2.0]);
/// let energy = function_of(&x, |x| x.square().sum());
/// assert_eq!(grad(&x, &energy).to_vec(), [2.0, 4.0]);
/// assert_eq!(hvp(&x, &Tensor::ones([2]), &energy).to_vec(), [2.0, 2.0]);
/// ```
///
/// A closure for [`jvp`](crate::jvp) or [`vmap`](crate::vmap()) takes no variables and needs no help.
///
/// A function that is declared with `fn` needs no help if it takes variables. A function that is generic over its values
/// has a single type in each use, so it is called in a closure:
///
/// ```
/// use autodiff::prelude::*;
/// fn energy<'t>(x: Var<'t, Tensor<f64>>) -> Var<'t, Tensor<f64>> {
///     x.square().sum()
/// }
/// fn generic<V: Value>(x: &V) -> V {
///     x.square().sum()
/// }
/// let x = Tensor::from([1.0, 2.0]);
/// assert_eq!(grad(&x, energy), grad(&x, |x| generic(&x)));
/// ```
///
/// A closure that changes what it captures is written in the call: a function of one name may be called often and
/// anywhere, so it is an [`Fn`].
pub fn function_of<V: Reading, F: for<'t> Fn(Var<'t, V>) -> Var<'t, V>>(_x: &V, f: F) -> F {
    f
}

/// Does the same as [`function_of`], for a function of a tree of values, such as the loss of a model.
///
/// ```
/// use autodiff::prelude::*;
/// let model = (Tensor::from([1.0, 2.0]), Tensor::scalar(3.0));
/// let loss = function_of_tree(&model, |tape, (w, b)| (w + b - tape.constant(Tensor::scalar(1.0))).square().sum());
/// let (value, gradient) = value_and_grad(&model, &loss);
/// let product = hvp_tree(&model, &gradient, &loss);
/// assert_eq!(value.item(), 25.0);
/// assert_eq!(product.1.item(), 2.0 * (tree::dot(&gradient, &(Tensor::ones([2]), Tensor::scalar(2.0)))).item());
/// ```
pub fn function_of_tree<T, F>(_x: &T, f: F) -> F
where
    T: Tree,
    F: for<'t> Fn(&'t Tape<T::Leaf>, OnTape<'t, T>) -> Var<'t, T::Leaf>,
{
    f
}
