//! The diagonal of the Hessian, and its sum.

use crate::algebra::{LinearAlgebra, Reading, Structural};
use crate::array::{Number, Tensor};
use crate::tape::{Tape, Var};

/// The number of directions in a batch. A pass holds this many tangents for each recorded value.
const LANES: usize = 64;

/// Computes the gradient of a scalar function together with the diagonal of its [`hessian`](crate::hessian()). Both have the
/// shape of `x`.
///
/// The diagonal is exact. The recorded gradient is differentiated along each element of the input, in batches of 64
/// directions, which takes as long as the Hessian but less memory. If most entries of the Hessian are 0,
/// [`sparse_hessian`](crate::sparse_hessian) takes few directions.
///
/// ```
/// use autodiff::prelude::*;
/// let x = Tensor::from([1.0, 2.0]);
/// let (gradient, diagonal) = grad_and_hessian_diagonal(&x, |x| x.powi(3).sum() + x.sum().square());
/// assert_eq!((gradient.to_vec(), diagonal.to_vec()), (vec![9.0, 18.0], vec![8.0, 14.0]));
/// ```
///
/// # Panics
/// Panics if the output does not have exactly one element.
#[track_caller]
pub fn grad_and_hessian_diagonal<V: Reading>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> (V, V) {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    gradient_and_diagonal("grad_and_hessian_diagonal", f(x), x)
}

/// Computes the Laplacian of a scalar function: the trace of its [`hessian`](crate::hessian()), a scalar.
///
/// # Panics
/// Panics if the output does not have exactly one element.
#[track_caller]
pub fn laplacian<V: Reading>(x: &V, f: impl for<'t> FnOnce(Var<'t, V>) -> Var<'t, V>) -> V {
    let tape = Tape::new();
    let x = tape.variable(x.clone());
    let (_, diagonal) = gradient_and_diagonal("laplacian", f(x), x);
    if V::SCALAR { diagonal } else { diagonal.sum() }
}

/// The gradient and the diagonal for a recorded output. Messages bear the name of the calling function.
#[track_caller]
fn gradient_and_diagonal<'t, V: Reading>(name: &str, y: Var<'t, V>, x: Var<'t, V>) -> (V, V) {
    y.check_tape(name, &[x]);
    y.check_scalar(name);
    let g = y.pull(name, y.full_like(1.0), &[x])[0];
    if V::SCALAR {
        return (g.value(), g.jacobian_value(x));
    }
    let (value, shape) = (x.value(), x.shape());
    let n = shape.size();
    let part = |start: usize| {
        let rows = LANES.min(n - start);
        let unit = |i: &[usize]| V::Elem::from_f64(if i[1] == start + i[0] { 1.0 } else { 0.0 });
        let units = value.lift(&Tensor::from_fn([rows, n], unit).reshape(shape.insert(0, rows)));
        g.push_batch(x, units).reshape([rows, n]).slice(1, start, start + rows).diagonal()
    };
    let parts: Vec<V> = (0..n).step_by(LANES).map(part).collect();
    let diagonal = match parts.is_empty() {
        true => value,
        false => V::concat(0, &parts.iter().collect::<Vec<_>>()).reshape(shape),
    };
    (g.value(), diagonal)
}
