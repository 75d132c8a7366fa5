//! A part of a tree.

use autodiff::prelude::*;

/// The leaves of one group as a tree, under the paths that they have in the whole tree.
pub(super) struct Part<'a, M> {
    pub(super) tree: &'a mut M,
    /// The group of each leaf of the whole tree.
    pub(super) members: &'a [usize],
    pub(super) group: usize,
}

impl<M: Tree> Tree for Part<'_, M> {
    type Leaf = M::Leaf;
    type With<W: Reading> = Vec<W>;

    fn map_at<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &M::Leaf) -> W) -> Vec<W> {
        let mut mapped = Vec::new();
        self.visit_at(path, &mut |path, leaf| mapped.push(f(path, leaf)));
        mapped
    }

    fn visit_at<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a M::Leaf)) {
        let mut members = self.members.iter();
        self.tree.visit_at(path, &mut |path, leaf| {
            if members.next() == Some(&self.group) {
                f(path, leaf);
            }
        });
    }

    fn visit_mut_at(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut M::Leaf)) {
        let (mut members, group) = (self.members.iter(), self.group);
        self.tree.visit_mut_at(path, &mut |path, leaf| {
            if members.next() == Some(&group) {
                f(path, leaf);
            }
        });
    }
}
