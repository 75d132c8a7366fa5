//! Trees of the standard library's containers.

use super::path::Path;
use super::traits::Tree;
use crate::algebra::value::traits::Reading;
use std::collections::BTreeMap;
use std::fmt;

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

// Inlined, so that the calls of `f` are direct: a small program may spend most of its time in them.
impl<T: Tree, const N: usize> Tree for [T; N] {
    type Leaf = T::Leaf;
    type With<W: Reading> = [T::With<W>; N];

    #[inline(always)]
    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &T::Leaf) -> W) -> [T::With<W>; N] {
        std::array::from_fn(|i| self[i].map_at(&path.index(i), f))
    }

    #[inline(always)]
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

impl<K: Ord + Clone + AsRef<str>, T: Tree> Tree for BTreeMap<K, T> {
    type Leaf = T::Leaf;
    type With<W: Reading> = BTreeMap<K, T::With<W>>;

    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &T::Leaf) -> W) -> Self::With<W> {
        self.iter().map(|(key, part)| (key.clone(), part.map_at(&path.field(key.as_ref()), f))).collect()
    }

    fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a T::Leaf)) {
        self.iter().for_each(|(key, part)| part.visit_at(&path.field(key.as_ref()), f));
    }

    fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut T::Leaf)) {
        self.iter_mut().for_each(|(key, part)| part.visit_mut_at(&path.field(key.as_ref()), f));
    }

    fn visit_settings_at(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &dyn fmt::Debug)) {
        self.iter().for_each(|(key, part)| part.visit_settings_at(&path.field(key.as_ref()), f));
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
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
