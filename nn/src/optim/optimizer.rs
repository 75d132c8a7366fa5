//! The interface of optimisers, and walks over the leaves of a model and its gradient.

use autodiff::prelude::*;
use std::borrow::Borrow;

/// A rule that moves the leaves of a model against their gradient, in place.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an optimiser of weights of type `{V}`",
    label = "an optimiser is an `Sgd`, `Adam`, `Adagrad`, `RmsProp`, or a type with `impl Optimizer<{V}>`",
    note = "a learning rate is given to an optimiser, as in `Sgd::new(0.1)`",
    note = "`Lbfgs` needs the loss at several points, so it is called by `Lbfgs::step`"
)]
pub trait Optimizer<V: Value> {
    /// Takes one step. The gradient has the leaves of the model in the same order: it is another model, or a list.
    ///
    /// # Panics
    /// Panics if the shapes of the leaves are not those of the model, or of the model in the first step.
    #[track_caller]
    fn step(&mut self, model: &mut impl Tree<Leaf = V>, gradient: &impl Tree<Leaf = V>);

    /// The learning rate.
    fn rate(&self) -> f64;

    /// Sets the learning rate, for a [schedule](crate::schedule).
    ///
    /// # Panics
    /// Panics if the rate is negative or not finite.
    #[track_caller]
    fn set_rate(&mut self, rate: f64);

    /// Sets the gradient of the leaves that no step moves to 0, so that they do not count in its norm. Unless an optimiser
    /// overrides this, each step moves all leaves.
    #[track_caller]
    fn clear_frozen(&mut self, _gradient: &mut impl Tree<Leaf = V>) {}
}

/// Fills an empty list with zeros for each leaf of a model.
pub(super) fn fill<V: Value>(slots: &mut Vec<V>, model: &impl Tree<Leaf = V>) {
    if slots.is_empty() {
        *slots = leaves(model).into_iter().map(|leaf| leaf.full_like(0.0)).collect();
    }
}

/// Calls `f` for each leaf of the model with its number and its gradient.
#[track_caller]
pub(super) fn zip<V: Value>(
    model: &mut impl Tree<Leaf = V>,
    gradient: &impl Tree<Leaf = V>,
    mut f: impl FnMut(usize, &mut V, &V),
) {
    let gradient = leaves(gradient);
    check("the gradient", model, &gradient);
    let mut numbered = gradient.into_iter().enumerate();
    model.visit_mut(&mut |_, leaf| {
        let (i, g) = numbered.next().expect("as many as leaves: that was checked");
        f(i, leaf, g);
    });
}

/// References to the leaves of a tree.
pub(crate) fn leaves<V: Value>(tree: &impl Tree<Leaf = V>) -> Vec<&V> {
    let mut leaves = Vec::new();
    tree.visit(&mut |_, leaf| leaves.push(leaf));
    leaves
}

/// The largest absolute value, 0 if there are no numbers, or NaN if one of them is NaN.
pub(super) fn largest_absolute(numbers: &[f64]) -> f64 {
    let larger = |peak: f64, x: &f64| if peak.is_nan() || x.is_nan() { f64::NAN } else { peak.max(x.abs()) };
    numbers.iter().fold(0.0, larger)
}

#[track_caller]
pub(super) fn check<V: Value>(what: &str, model: &impl Tree<Leaf = V>, other: &[impl Borrow<V>]) {
    let (mut n, mut alike) = (0, true);
    model.visit(&mut |_, leaf| {
        alike &= other.get(n).is_none_or(|other| other.borrow().shape() == leaf.shape());
        n += 1;
    });
    if n != other.len() || !alike {
        refuse(what, model, other);
    }
}

/// Names the first leaf that `other` does not fit.
#[cold]
#[track_caller]
fn refuse<V: Value>(what: &str, model: &impl Tree<Leaf = V>, other: &[impl Borrow<V>]) -> ! {
    let (leaves, given) = (leaves(model), other.len());
    assert!(leaves.len() == given, "step: the model has {} leaves, but {what} has {given}", leaves.len());
    let differ = |i: &usize| leaves[*i].shape() != other[*i].borrow().shape();
    let i = (0..given).find(differ).expect("a leaf does not fit");
    let (path, shape, given) = (&model.paths()[i], leaves[i].shape(), other[i].borrow().shape());
    panic!("step: {path} has shape {shape} in the model, but {given} in {what}");
}
