//! Trees of values: the arguments of a function of several values, and the weights of a model.

use super::traits::Reading;
use std::fmt;

/// A structure whose leaves are values: one value; an array, a vector, a tuple or an option of trees; or a model.
///
/// [`With`](Tree::With) is the same structure with other leaves. It turns a model of tensors into a model of variables,
/// and the gradient of the model is again a model of tensors.
///
/// [`tree!`](crate::tree!) implements this trait for a struct. An implementation by hand must visit the same leaves in
/// the same order in all three required methods.
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
    fn map<W: Reading>(&self, f: &mut dyn FnMut(&Path<'_>, &Self::Leaf) -> W) -> Self::With<W> {
        self.map_at(&Path::ROOT, f)
    }

    /// Calls `f(path, leaf)` for each leaf.
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

    /// The paths of the leaves, in order.
    fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.visit(&mut |path, _| paths.push(path.to_string()));
        paths
    }
}

/// The path from the root of a tree to one of its parts. It prints as `encoder.layers.0.weight`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: Name<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Name<'a> {
    Field(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    const ROOT: Self = Self { parent: None, name: Name::Index(0) };

    /// The path of a field of the structure at this path.
    pub fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), name: Name::Field(name) }
    }

    /// The path of an element of the sequence at this path.
    pub fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), name: Name::Index(index) }
    }

    /// Appends the path to a text.
    ///
    /// Does not use `Display`: each training step names all weights, and formatting took 5 % of a small step.
    pub(crate) fn append_to(&self, text: &mut String) {
        let Some(parent) = self.parent else { return };
        parent.append_to(text);
        if !parent.is_root() {
            text.push('.');
        }
        match self.name {
            Name::Field(name) => text.push_str(name),
            Name::Index(index @ ..10) => text.push((b'0' + index as u8) as char),
            Name::Index(index) => text.push_str(&index.to_string()),
        }
    }

    /// Whether this is the path of the root. A single value has this path.
    pub fn is_root(&self) -> bool {
        self.parent.is_none()
    }
}

/// The names joined by dots: `encoder.layers.0.weight`. The path of the root is empty.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.append_to(&mut text);
        f.write_str(&text)
    }
}

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

impl<T: Tree> Tree for Vec<T> {
    type Leaf = T::Leaf;
    type With<W: Reading> = Vec<T::With<W>>;

    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &T::Leaf) -> W) -> Vec<T::With<W>> {
        self.iter().enumerate().map(|(i, part)| part.map_at(&path.index(i), f)).collect()
    }

    fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a T::Leaf)) {
        self.iter().enumerate().for_each(|(i, part)| part.visit_at(&path.index(i), f));
    }

    fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut T::Leaf)) {
        self.iter_mut().enumerate().for_each(|(i, part)| part.visit_mut_at(&path.index(i), f));
    }

    fn visit_settings_at(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &dyn fmt::Debug)) {
        self.iter().enumerate().for_each(|(i, part)| part.visit_settings_at(&path.index(i), f));
    }
}

impl<T: Tree, const N: usize> Tree for [T; N] {
    type Leaf = T::Leaf;
    type With<W: Reading> = [T::With<W>; N];

    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &T::Leaf) -> W) -> [T::With<W>; N] {
        std::array::from_fn(|i| self[i].map_at(&path.index(i), f))
    }

    fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a T::Leaf)) {
        self.iter().enumerate().for_each(|(i, part)| part.visit_at(&path.index(i), f));
    }

    fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut T::Leaf)) {
        self.iter_mut().enumerate().for_each(|(i, part)| part.visit_mut_at(&path.index(i), f));
    }

    fn visit_settings_at(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &dyn fmt::Debug)) {
        self.iter().enumerate().for_each(|(i, part)| part.visit_settings_at(&path.index(i), f));
    }
}

impl<T: Tree> Tree for Option<T> {
    type Leaf = T::Leaf;
    type With<W: Reading> = Option<T::With<W>>;

    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &T::Leaf) -> W) -> Option<T::With<W>> {
        self.as_ref().map(|part| part.map_at(path, f))
    }

    fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a T::Leaf)) {
        self.iter().for_each(|part| part.visit_at(path, f));
    }

    fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut T::Leaf)) {
        self.iter_mut().for_each(|part| part.visit_mut_at(path, f));
    }

    fn visit_settings_at(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &dyn fmt::Debug)) {
        self.iter().for_each(|part| part.visit_settings_at(path, f));
    }
}

macro_rules! tuple {
    ($($name:ident $i:tt),*) => {
        impl<V: Reading, $($name: Tree<Leaf = V>),*> Tree for ($($name,)*) {
            type Leaf = V;
            type With<W: Reading> = ($($name::With<W>,)*);

            fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &V) -> W) -> Self::With<W> {
                ($(self.$i.map_at(&path.index($i), f),)*)
            }

            fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a V)) {
                $(self.$i.visit_at(&path.index($i), f);)*
            }

            fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut V)) {
                $(self.$i.visit_mut_at(&path.index($i), f);)*
            }

            fn visit_settings_at(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &dyn fmt::Debug)) {
                $(self.$i.visit_settings_at(&path.index($i), f);)*
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);

/// Implements [`Tree`] for a struct that is generic over its values: `tree!(Linear { weight, bias })`.
///
/// Fields without values follow a bar, are cloned, and are [settings](crate::Tree::visit_settings), so they need
/// `Debug`: `tree!(Mlp { layers | transfer })`.
///
/// ```
/// use autodiff::prelude::*;
/// #[derive(Clone)]
/// struct Line<V> { slope: V, offset: V }
/// autodiff::tree!(Line { slope, offset });
///
/// let line = Line { slope: 2.0, offset: 1.0 };
/// let (loss, gradient) = value_and_grad(&line, |_, line| (line.slope * 3.0 + line.offset - 5.0).square());
/// assert_eq!((loss, gradient.slope, gradient.offset), (4.0, 12.0, 4.0));
/// assert_eq!(line.paths(), ["slope", "offset"]);
/// ```
#[macro_export]
macro_rules! tree {
    ($name:ident { $($field:ident),* $(| $($plain:ident),*)? }) => {
        impl<V: $crate::Reading> $crate::Tree for $name<V> {
            type Leaf = V;
            type With<W: $crate::Reading> = $name<W>;

            fn map_at<W: $crate::Reading>(
                &self,
                path: &$crate::Path<'_>,
                f: &mut dyn FnMut(&$crate::Path<'_>, &V) -> W,
            ) -> $name<W> {
                $name {
                    $($field: $crate::Tree::map_at(&self.$field, &path.field(stringify!($field)), f),)*
                    $($($plain: self.$plain.clone(),)*)?
                }
            }

            fn visit_at<'a>(&'a self, path: &$crate::Path<'_>, f: &mut dyn FnMut(&$crate::Path<'_>, &'a V)) {
                $($crate::Tree::visit_at(&self.$field, &path.field(stringify!($field)), f);)*
            }

            fn visit_mut_at(&mut self, path: &$crate::Path<'_>, f: &mut dyn FnMut(&$crate::Path<'_>, &mut V)) {
                $($crate::Tree::visit_mut_at(&mut self.$field, &path.field(stringify!($field)), f);)*
            }

            fn visit_settings_at(
                &self,
                path: &$crate::Path<'_>,
                f: &mut dyn FnMut(&$crate::Path<'_>, &dyn ::std::fmt::Debug),
            ) {
                $($crate::Tree::visit_settings_at(&self.$field, &path.field(stringify!($field)), f);)*
                $($(f(&path.field(stringify!($plain)), &self.$plain);)*)?
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone)]
    struct Line<V> {
        slope: V,
        offset: Option<V>,
    }
    tree!(Line { slope, offset });

    struct Drawn<V> {
        lines: Vec<Line<V>>,
        width: f64,
    }
    tree!(Drawn { lines | width });

    #[test]
    fn settings_of_a_tree_have_paths() {
        let drawn = |width| Drawn { lines: vec![Line { slope: 1.0, offset: None }], width };
        let tree = (0.0, vec![drawn(0.5), drawn(2.0)], [Some(drawn(1e-3))]);
        let mut settings = Vec::new();
        tree.visit_settings(&mut |path, setting| settings.push(format!("{path} = {setting:?}")));
        assert_eq!(settings, ["1.0.width = 0.5", "1.1.width = 2.0", "2.0.width = 0.001"]);
        assert_eq!(tree.leaves(), [0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn map_and_both_visits_pass_the_same_leaves_in_the_same_order() {
        let line = |x: f64, offset| Line { slope: x, offset };
        let lines = vec![line(3.0, Some(4.0)), line(5.0, None)];
        let mut tree = ([1.0, 2.0], lines, (6.0, 7.0, Some(8.0)));
        let (mut mapped, mut seen, mut written) = (Vec::new(), Vec::new(), Vec::new());
        let doubled = tree.map(&mut |path, x| {
            mapped.push((path.to_string(), *x));
            2.0 * x
        });
        tree.visit(&mut |path, x| seen.push((path.to_string(), *x)));
        tree.visit_mut(&mut |path, x| {
            written.push((path.to_string(), *x));
            *x *= 2.0;
        });
        let paths = ["0.0", "0.1", "1.0.slope", "1.0.offset", "1.1.slope", "2.0", "2.1", "2.2"];
        let expected: Vec<_> = paths.into_iter().map(str::to_owned).zip((1..).map(f64::from)).collect();
        assert_eq!([&mapped, &seen, &written], [&expected; 3]);
        assert_eq!(tree.leaves(), [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0]);
        assert_eq!(doubled.leaves(), tree.leaves());
    }
}
