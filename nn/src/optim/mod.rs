//! Optimisers: how a gradient changes a model.
//!
//! An optimiser's state is a list of tensors, in the order of the model's leaves, and the optimiser is itself a
//! [`Tree`] of them: what saves a model saves an optimiser. Its settings are public fields, so that a schedule is an
//! assignment: `adam.rate = …`. They and the counts of steps are its [`Scalars`]; tensors and scalars together are all
//! of it, bit for bit.

mod adagrad;
mod adam;
mod clip;
mod lbfgs;
mod line_search;
mod rms_prop;
mod scalars;
mod sgd;

pub use adagrad::Adagrad;
pub use adam::Adam;
pub use clip::{clip_norm, clip_value};
pub use lbfgs::Lbfgs;
pub use rms_prop::RmsProp;
pub use scalars::Scalars;
pub use sgd::Sgd;

use autodiff::prelude::*;
use std::borrow::Borrow;

/// A rule that moves the leaves of a model against their gradient, in place.
pub trait Optimizer<T: Element> {
    /// One step. The gradient has the leaves of the model, in its order: it is another model, or a list.
    ///
    /// # Panics
    /// If the shapes of the leaves are not those of the model, or of the one that the optimiser was made for.
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = Tensor<T>>, gradient: &impl Tree<Leaf = Tensor<T>>);
}

/// Zeros for each leaf of a model.
fn zeros<T: Element>(model: &impl Tree<Leaf = Tensor<T>>) -> Vec<Tensor<T>> {
    leaves(model).into_iter().map(|leaf| Tensor::zeros(leaf.shape())).collect()
}

/// Calls `f` for each leaf of the model with its number, to be written, and with its gradient.
#[track_caller]
fn zip<T: Element>(
    model: &mut impl Tree<Leaf = Tensor<T>>,
    gradient: &impl Tree<Leaf = Tensor<T>>,
    mut f: impl FnMut(usize, &mut Tensor<T>, &Tensor<T>),
) {
    let gradient = leaves(gradient);
    check("the gradient", model, &gradient);
    let mut numbered = gradient.into_iter().enumerate();
    model.visit_mut(&mut |_, leaf| {
        let (i, g) = numbered.next().expect("as many as leaves: that was checked");
        f(i, leaf, g);
    });
}

/// The leaves of a tree, where they are.
fn leaves<V: Value>(tree: &impl Tree<Leaf = V>) -> Vec<&V> {
    let mut leaves = Vec::new();
    tree.visit(&mut |_, leaf| leaves.push(leaf));
    leaves
}

#[track_caller]
fn check<T: Element>(what: &str, model: &impl Tree<Leaf = Tensor<T>>, other: &[impl Borrow<Tensor<T>>]) {
    let (mut n, mut mismatch) = (0, None);
    model.visit(&mut |path, leaf| {
        if let Some(other) = other.get(n).map(Borrow::borrow).filter(|other| other.shape() != leaf.shape()) {
            mismatch.get_or_insert_with(|| (path.to_string(), leaf.shape().clone(), other.shape()));
        }
        n += 1;
    });
    let given = other.len();
    assert!(n == given, "step: the model has {n} leaves, {what} {given}");
    if let Some((path, shape, given)) = mismatch {
        panic!("step: {path} has shape {shape} in the model, {given} in {what}");
    }
}

#[cfg(test)]
mod tests;
