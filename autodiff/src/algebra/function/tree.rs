//! Arithmetic of [trees](crate::Tree): sums, products and norms over all leaves, and one vector of all elements.
//!
//! A gradient is a tree like its model, so algorithms on vectors are written for models with these functions. They run
//! in every reading: on tensors they compute, on variables they are recorded. They are functions and not methods,
//! because a value is a tree too and has methods of the same names.
//!
//! The two trees of a function have the same number of leaves, in the same order; they may be of different types, such
//! as a model and a list.
//!
//! **A step of gradient descent inside a loss**, as in MAML (Finn, Abbeel and Levine 2017, equation 1): the gradient of
//! the adapted model's loss flows through the step.
//!
//! ```
//! use autodiff::prelude::*;
//! #[derive(Clone)]
//! struct Line<V> { slope: V, offset: V }
//! tree!(Line { slope, offset });
//!
//! fn loss<'t>(line: &Line<Var<'t, f64>>, x: f64, y: f64) -> Var<'t, f64> {
//!     (line.slope * x + line.offset - y).square()
//! }
//!
//! let line = Line { slope: 1.0, offset: 0.0 };
//! let (_, gradient) = value_and_grad(&line, |_, line| {
//!     let inner = loss(&line, 2.0, 3.0).grad_tree(&line);
//!     let adapted = tree::add_scaled(&line, -0.125, &inner);
//!     loss(&adapted, 1.0, 5.0)
//! });
//! // With r = 2·slope + offset − 3, the adapted line is (slope − r/2, offset − r/4). Its loss is
//! // (slope + offset − 3r/4 − 5)² = (slope/2 − offset/4 + 11/4)².
//! assert_eq!((gradient.slope, gradient.offset), (3.25, -1.625));
//! ```
//!
//! **Conjugate gradients** for H·x = b with the Hessian H of a loss, which is never formed (Nocedal and Wright 2006,
//! algorithm 5.2):
//!
//! ```
//! use autodiff::prelude::*;
//! type Pair = (Tensor<f64>, Tensor<f64>);
//! let w: Pair = (Tensor::from([1.0, -2.0]), Tensor::scalar(0.5));
//! let product = |v: &Pair| {
//!     hvp_tree(&w, v, |_, (a, b)| a.exp().sum() + a.sum() * b + b.square() * 3.0)
//! };
//! let b: Pair = (Tensor::from([1.0, 0.0]), Tensor::scalar(-1.0));
//!
//! let mut x = tree::zeros_like(&b);
//! let (mut r, mut p) = (b.clone(), b.clone());
//! let mut square = tree::dot(&r, &r);
//! for _ in 0..3 {
//!     let hp = product(&p);
//!     let step = &square / tree::dot(&p, &hp);
//!     x = tree::add_scaled(&x, &step, &p);
//!     r = tree::add_scaled(&r, -step, &hp);
//!     let next = tree::dot(&r, &r);
//!     p = tree::add_scaled(&r, &next / &square, &p);
//!     square = next;
//! }
//! let residual = tree::sub(&b, &product(&x));
//! assert!(tree::norm(&residual).item() < 1e-12);
//! ```
//!
//! **The Hessian of a whole model**, as a matrix: a loss of one vector of all weights.
//!
//! ```
//! use autodiff::prelude::*;
//! let model = (Tensor::from([1.0, 2.0]), Tensor::scalar(3.0));
//! let h = hessian(&tree::flatten(&model), |w| {
//!     let (a, b) = tree::unflatten(&model, &w);
//!     a.square().sum() * b
//! });
//! assert_eq!(h, Tensor::from([[6.0, 0.0, 2.0], [0.0, 6.0, 4.0], [2.0, 4.0, 0.0]]));
//! ```

use super::composite;
use super::structural::Structural;
use crate::algebra::value::{Reading, Tree};
use std::ops::Mul;

/// The tree of f(x, y) for each leaf x of the first tree and the leaf y of the second at the same place, in the
/// structure of the first.
///
/// The leaves may have different shapes and types, if `f` accepts them.
///
/// ```
/// use autodiff::prelude::*;
/// let (mean, new) = (vec![1.0, 2.0], vec![3.0, 2.5]);
/// assert_eq!(tree::zip_map(&mean, &new, |mean, new| 0.5 * mean + 0.5 * new), [2.0, 2.25]);
/// ```
///
/// # Panics
/// Panics if the trees have different numbers of leaves.
#[track_caller]
pub fn zip_map<T: Tree, U: Tree, W: Reading>(x: &T, y: &U, mut f: impl FnMut(&T::Leaf, &U::Leaf) -> W) -> T::With<W> {
    let parts = pairs("zip_map", x, y).into_iter().map(|(x, y)| f(x, y)).collect();
    x.with_leaves(parts)
}

/// The sum of the products of all elements of two trees: a scalar.
///
/// ```
/// use autodiff::prelude::*;
/// let x = (Tensor::from([1.0, 2.0]), Tensor::scalar(3.0));
/// assert_eq!(tree::dot(&x, &x).item(), 14.0);
/// ```
///
/// # Panics
/// Panics if the trees have no leaves, different numbers of leaves, or leaves of different shapes.
#[track_caller]
pub fn dot<T: Tree>(x: &T, y: &impl Tree<Leaf = T::Leaf>) -> T::Leaf {
    let mut total = None;
    for (x, y) in pairs_of_shape("dot", x, y) {
        let product = (x.clone() * y).sum();
        total = Some(match total {
            Some(total) => total + product,
            None => product,
        });
    }
    let Some(total) = total else { panic!("tree::dot: the trees have no leaves") };
    total
}

/// x + y for each leaf; the structure is that of x. `-y` of a tree is `scale(&y, -1.0)`.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(tree::add(&[1.0, 2.0], &[2.0, 6.0]), [3.0, 8.0]);
/// ```
///
/// # Panics
/// Panics if the trees have different numbers of leaves or leaves of different shapes.
#[track_caller]
pub fn add<T: Tree>(x: &T, y: &impl Tree<Leaf = T::Leaf>) -> T::With<T::Leaf> {
    let mut parts = Vec::new();
    for (x, y) in pairs_of_shape("add", x, y) {
        parts.push(x.clone() + y);
    }
    x.with_leaves(parts)
}

/// x − y for each leaf; the structure is that of x.
///
/// # Panics
/// Panics if the trees have different numbers of leaves or leaves of different shapes.
#[track_caller]
pub fn sub<T: Tree>(x: &T, y: &impl Tree<Leaf = T::Leaf>) -> T::With<T::Leaf> {
    let mut parts = Vec::new();
    for (x, y) in pairs_of_shape("sub", x, y) {
        parts.push(x.clone() - y);
    }
    x.with_leaves(parts)
}

/// c·x for each leaf, with a number or a scalar value c.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(tree::scale(&[1.0, 2.0], -1.0), [-1.0, -2.0]);
/// ```
///
/// # Panics
/// Panics if `c` is not a scalar.
#[track_caller]
pub fn scale<T, C>(x: &T, c: C) -> T::With<T::Leaf>
where
    T: Tree,
    T::Leaf: Mul<C, Output = T::Leaf>,
    C: Clone,
{
    let mut parts = Vec::new();
    for x in references(x) {
        parts.push(scaled("scale", x, c.clone()));
    }
    x.with_leaves(parts)
}

/// x + c·y for each leaf, with a number or a scalar value c; the structure is that of x.
///
/// ```
/// use autodiff::prelude::*;
/// assert_eq!(tree::add_scaled(&[1.0, 2.0], -0.5, &[2.0, 6.0]), [0.0, -1.0]);
/// ```
///
/// # Panics
/// Panics if the trees have different numbers of leaves or leaves of different shapes, or if `c` is not a scalar.
#[track_caller]
pub fn add_scaled<T, C>(x: &T, c: C, y: &impl Tree<Leaf = T::Leaf>) -> T::With<T::Leaf>
where
    T: Tree,
    T::Leaf: Mul<C, Output = T::Leaf>,
    C: Clone,
{
    let mut parts = Vec::new();
    for (x, y) in pairs_of_shape("add_scaled", x, y) {
        parts.push(scaled("add_scaled", y, c.clone()) + x);
    }
    x.with_leaves(parts)
}

/// The Euclidean norm of all elements of all leaves: a scalar, right even if the squares overflow or underflow. At 0
/// its derivatives of every order are 0.
///
/// ```
/// use autodiff::prelude::*;
/// let gradient = vec![Tensor::from([3.0, 0.0]), Tensor::from([[4.0]])];
/// assert_eq!(tree::norm(&gradient).item(), 5.0);
/// ```
///
/// # Panics
/// Panics if the tree has no leaves.
#[track_caller]
pub fn norm<T: Tree>(x: &T) -> T::Leaf {
    let leaves = references(x);
    assert!(!leaves.is_empty(), "tree::norm: the tree has no leaves");
    composite::norm(&leaves, None)
}

/// The tree of the same shapes with all elements equal to 0.
#[track_caller]
pub fn zeros_like<T: Tree>(x: &T) -> T::With<T::Leaf> {
    let mut parts = Vec::new();
    for leaf in references(x) {
        parts.push(leaf.full_like(0.0));
    }
    x.with_leaves(parts)
}

/// All elements of all leaves as one vector, in the order of the leaves. [`unflatten`] is the inverse.
///
/// ```
/// use autodiff::prelude::*;
/// let model = (Tensor::from([[1.0, 2.0], [3.0, 4.0]]), Tensor::scalar(5.0));
/// let flat = tree::flatten(&model);
/// assert_eq!(flat.to_vec(), [1.0, 2.0, 3.0, 4.0, 5.0]);
/// assert_eq!(tree::unflatten(&model, &flat), model);
/// ```
///
/// # Panics
/// Panics if the tree has no leaves, or if these are plain numbers, which have no axes: [`Tree::leaves`] lists them.
#[track_caller]
pub fn flatten<T: Tree>(x: &T) -> T::Leaf {
    let leaves = references(x);
    assert!(
        !T::Leaf::SCALAR,
        "tree::flatten: the leaves are plain numbers, of which no vector can be made: use leaves()"
    );
    assert!(!leaves.is_empty(), "tree::flatten: the tree has no leaves");
    let mut parts = Vec::new();
    for leaf in leaves {
        parts.push(leaf.flatten());
    }
    T::Leaf::concat(0, &parts.iter().collect::<Vec<_>>())
}

/// The tree with the shapes of `like` and the elements of a vector, in the order of the leaves.
///
/// The vector may be of another type than the leaves: with a model of tensors and a vector that is a variable, the
/// result is a model of variables.
///
/// # Panics
/// Panics if `flat` is not a vector with as many elements as the leaves.
#[track_caller]
pub fn unflatten<T: Tree, W: Reading>(like: &T, flat: &W) -> T::With<W> {
    let shapes: Vec<_> = references(like).into_iter().map(Reading::shape).collect();
    let (total, given) = (shapes.iter().map(|shape| shape.size()).sum::<usize>(), flat.shape());
    assert!(*given == [total], "tree::unflatten: the tree has {total} elements, but the vector has shape {given}");
    let sizes: Vec<_> = shapes.iter().map(|shape| shape.size()).collect();
    let mut parts = Vec::new();
    for (part, shape) in flat.split(0, &sizes).into_iter().zip(shapes) {
        parts.push(part.reshape(shape));
    }
    like.with_leaves(parts)
}

/// c·x. Messages bear the name of the calling function.
#[track_caller]
fn scaled<V: Reading + Mul<C, Output = V>, C>(name: &str, x: &V, c: C) -> V {
    let scaled = x.clone() * c;
    if !scaled.has_shape_of(x) {
        let (x, scaled) = (x.shape(), scaled.shape());
        panic!("tree::{name}: the factor is not a scalar: with it a leaf of shape {x} has shape {scaled}");
    }
    scaled
}

fn references<T: Tree>(x: &T) -> Vec<&T::Leaf> {
    let mut leaves = Vec::new();
    x.visit(&mut |_, leaf| leaves.push(leaf));
    leaves
}

/// The leaves of two trees in pairs. Messages bear the name of the calling function.
#[track_caller]
fn pairs<'a, T: Tree, U: Tree>(name: &str, x: &'a T, y: &'a U) -> Vec<(&'a T::Leaf, &'a U::Leaf)> {
    let (xs, ys) = (references(x), references(y));
    let (first, second) = (xs.len(), ys.len());
    if first != second {
        let (path, which) = match first > second {
            true => (x.paths().swap_remove(second), "second"),
            false => (y.paths().swap_remove(first), "first"),
        };
        panic!(
            "tree::{name}: the first tree has {first} leaves and the second has {second}; \
             the {which} has none for `{path}`"
        );
    }
    xs.into_iter().zip(ys).collect()
}

/// The leaves of two trees in pairs of the same shape.
#[track_caller]
fn pairs_of_shape<'a, V: Reading, T: Tree<Leaf = V>>(
    name: &str,
    x: &'a T,
    y: &'a impl Tree<Leaf = V>,
) -> Vec<(&'a V, &'a V)> {
    let pairs = pairs(name, x, y);
    if let Some(i) = pairs.iter().position(|(x, y)| !x.has_shape_of(y)) {
        let ((first, second), path) = (pairs[i], &x.paths()[i]);
        let (first, second) = (first.shape(), second.shape());
        panic!("tree::{name}: `{path}` has shape {first} in the first tree, but {second} in the second");
    }
    pairs
}
