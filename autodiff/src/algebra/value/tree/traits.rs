//! Trees of values: the arguments of a function of several values, and the weights of a model.

use super::path::Path;
use crate::algebra::value::traits::Reading;
use std::fmt;

/// A structure whose leaves are values of one type, such as the weights of a model.
///
/// | a tree is | its parts, in order | a part's name in the [path](Path) |
/// |---|---|---|
/// | a value | itself | none |
/// | `Vec<T>`, `[T; N]` of trees | the elements | 0, 1, … |
/// | a tuple of two to eight trees | the elements | 0, 1, … |
/// | `BTreeMap<String, T>` of trees | the entries, in the order of the keys | the key |
/// | `Option<T>` of a tree, nested or not | the tree, if there is one | none |
/// | a struct or an enum that [`tree!`](crate::tree!) names | the fields, as listed | the name or the number of the field |
///
/// [`With`](Tree::With) is the same structure with other leaves. It turns a model of tensors into a model of variables,
/// and the gradient of the model is again a model of tensors.
///
/// Three types are no trees. The unit `()` and an enum without data have no leaves, so their type of leaves would be
/// unknown; list them as settings of a struct, after the bar in [`tree!`](crate::tree!). For `Box<T>`, Rust cannot exclude
/// that the box itself is a value; use a `Vec` of one element instead.
///
/// An implementation by hand must visit the same leaves in the same order in all three required methods.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tree of values",
    label = "a tree is a value, a container of trees, or a struct or an enum named by `tree!`",
    note = "after a struct that is generic over its values, add `autodiff::tree!(Name {{ field, … }});`",
    note = "a field without values is a setting, after a bar: `autodiff::tree!(Name {{ field, … | setting, … }});`"
)]
pub trait Tree: Sized {
    /// The type of the leaves.
    type Leaf: Reading;

    /// The same structure with leaves of another type.
    type With<W: Reading>: Tree<Leaf = W>;

    /// Replaces each leaf by `f(path, leaf)`. `path` is the path of this structure in the tree that encloses it.
    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &Self::Leaf) -> W) -> Self::With<W>;

    /// Calls `f(path, leaf)` for each leaf. `path` is the path of this structure in the tree that encloses it.
    fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a Self::Leaf));

    /// Calls `f(path, leaf)` for each leaf, which `f` may change. `path` is the path of this structure in the tree that
    /// encloses it.
    fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut Self::Leaf));

    /// Calls `f(path, setting)` for each field that holds no values, such as a transfer function. `path` is the path of
    /// this structure in the tree that encloses it. An implementation by hand has no settings unless it overrides this.
    fn visit_settings_at(&self, _path: &Path<'_>, _f: &mut dyn FnMut(&Path<'_>, &dyn fmt::Debug)) {}

    /// Replaces each leaf by `f(path, leaf)`. A path has the form `encoder.layers.0.weight`; a single value has the
    /// empty path.
    #[inline(always)]
    fn map<W: Reading>(&self, f: &mut dyn FnMut(&Path<'_>, &Self::Leaf) -> W) -> Self::With<W> {
        self.map_at(&Path::ROOT, f)
    }

    /// Calls `f(path, leaf)` for each leaf.
    #[inline(always)]
    fn visit<'a>(&'a self, f: &mut dyn FnMut(&Path<'_>, &'a Self::Leaf)) {
        self.visit_at(&Path::ROOT, f);
    }

    /// Calls `f(path, leaf)` for each leaf, which `f` may change.
    fn visit_mut(&mut self, f: &mut dyn FnMut(&Path<'_>, &mut Self::Leaf)) {
        self.visit_mut_at(&Path::ROOT, f);
    }

    /// Calls `f(path, setting)` for each field that holds no values. A file of the tree can store them as text, so that
    /// a tree with other settings is recognised.
    fn visit_settings(&self, f: &mut dyn FnMut(&Path<'_>, &dyn fmt::Debug)) {
        self.visit_settings_at(&Path::ROOT, f);
    }

    /// The leaves, in order.
    fn leaves(&self) -> Vec<Self::Leaf> {
        let mut leaves = Vec::new();
        self.visit(&mut |_, leaf| leaves.push(leaf.clone()));
        leaves
    }

    /// The same structure with other leaves, in the order of [`leaves`](Tree::leaves).
    ///
    /// ```
    /// use autodiff::prelude::*;
    /// let model = (Tensor::from([1.0, 2.0]), vec![Tensor::scalar(3.0)]);
    /// assert_eq!(model.with_leaves(model.leaves()), model);
    /// ```
    ///
    /// # Panics
    /// Panics if the list does not have as many leaves as the tree.
    #[track_caller]
    fn with_leaves<W: Reading>(&self, leaves: Vec<W>) -> Self::With<W> {
        let (given, mut expected) = (leaves.len(), 0);
        self.visit(&mut |_, _| expected += 1);
        assert!(given == expected, "with_leaves: the tree has {expected} leaves, but {given} were given");
        let mut leaves = leaves.into_iter();
        self.map(&mut |_, _| leaves.next().expect("as many as leaves: that was checked"))
    }

    /// The paths of the leaves, in order.
    fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.visit(&mut |path, _| paths.push(path.to_string()));
        paths
    }
}

#[diagnostic::do_not_recommend]
impl<V: Reading> Tree for V {
    type Leaf = V;
    type With<W: Reading> = W;

    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &V) -> W) -> W {
        f(path, self)
    }

    fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a V)) {
        f(path, self);
    }

    fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut V)) {
        f(path, self);
    }
}
