//! Directional derivatives, in forward mode.

use crate::algebra::{Dual, Reading, Tangent, Tree};
use smallvec::SmallVec;

/// Computes the value of a function, and its derivative along `dx` (Jacobian-vector product).
///
/// Runs the function once on [`Dual`] numbers and records nothing, so memory does not grow with the length of the program.
/// Calls nest: inside, the values of the inner call are dual numbers over those of the outer one. The value and its
/// tangent have the shape of the output.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, dy) = jvp(&3.0, &1.0, |x| x * x);
/// assert_eq!((y, dy), (9.0, 6.0));
///
/// // The derivative of x·∂/∂z(x·z²) at z = 2 by x, which is 8x:
/// let (_, slope) = jvp(&3.0, &1.0, |x| {
///     let two = Dual::constant(2.0);
///     x * jvp(&two, &two.full_like(1.0), |z| Dual::constant(x) * z.square()).1
/// });
/// assert_eq!(slope, 24.0);
/// ```
///
/// # Panics
/// Panics if `dx` and `x` have different shapes.
#[track_caller]
pub fn jvp<V: Reading>(x: &V, dx: &V, f: impl FnOnce(Dual<V>) -> Dual<V>) -> (V, V) {
    push("jvp", x, dx, f)
}

/// Does the same as [`jvp`], for a function of a tree of values.
///
/// ```
/// use autodiff::prelude::*;
/// let (y, dy) = jvp_tree(&[3.0, 4.0], &[1.0, 0.0], |[x, y]| x * x * y);
/// assert_eq!((y, dy), (36.0, 24.0));
/// ```
///
/// # Panics
/// Panics if a leaf of `dx` and the same leaf of `x` have different shapes.
#[track_caller]
pub fn jvp_tree<T: Tree>(x: &T, dx: &T, f: impl FnOnce(T::With<Dual<T::Leaf>>) -> Dual<T::Leaf>) -> (T::Leaf, T::Leaf) {
    push("jvp_tree", x, dx, f)
}

/// The value and the tangent. Messages bear the name of the calling function.
#[inline(always)]
#[track_caller]
fn push<T: Tree>(
    name: &str,
    x: &T,
    dx: &T,
    f: impl FnOnce(T::With<Dual<T::Leaf>>) -> Dual<T::Leaf>,
) -> (T::Leaf, T::Leaf) {
    let tangents = leaves(dx);
    let (mut rest, mut fits) = (tangents.iter(), true);
    let duals = x.map(&mut |_, x| match rest.next() {
        Some(&dx) => {
            fits &= T::Leaf::SCALAR || x.has_shape_of(dx);
            Dual { x: x.clone(), dx: Tangent::of_value(dx.clone()) }
        }
        None => {
            fits = false;
            Dual::constant(x.clone())
        }
    });
    if !fits || rest.next().is_some() {
        misfit(name, &leaves(x), &tangents);
    }
    let y = f(duals);
    let dy = y.tangent();
    (y.x, dy)
}

/// The leaves of a tree. A small tree needs no allocation, which would take longer than a small program.
#[inline(always)]
fn leaves<T: Tree>(tree: &T) -> SmallVec<[&T::Leaf; 8]> {
    let mut leaves = SmallVec::new();
    tree.visit(&mut |_, leaf| leaves.push(leaf));
    leaves
}

/// Panics for tangents that do not fit the input.
#[cold]
#[track_caller]
fn misfit<V: Reading>(name: &str, x: &[&V], dx: &[&V]) -> ! {
    let (given, expected) = (dx.len(), x.len());
    assert!(given == expected, "{name}: the tangent has {given} leaves, but the input has {expected}");
    let (x, dx) = x.iter().zip(dx).find(|(x, dx)| !x.has_shape_of(dx)).expect("a leaf of another shape");
    panic!("{name}: the tangent has shape {}, but the input has shape {}", dx.shape(), x.shape());
}
