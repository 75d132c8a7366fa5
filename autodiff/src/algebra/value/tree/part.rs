//! The parts of a struct or an enum that [`tree!`](crate::tree!) names.

use super::path::Path;
use super::traits::Tree;
use crate::algebra::value::traits::Reading;

/// A tree with leaves of type `V`, as a field of a tree. The trait exists for its message: a field of another type would
/// otherwise be reported as a closure of the wrong type.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tree of values of type `{V}`",
    label = "the fields before the bar are trees of `{V}`",
    note = "a field without values is a setting, after a bar: `autodiff::tree!(Name {{ field, … | setting, … }});`",
    note = "a struct in a field needs a line of its own: `autodiff::tree!(Other {{ field, … }});`"
)]
pub trait PartOf<V> {
    /// As [`Tree::With`].
    type With<W: Reading>;

    /// As [`Tree::map_at`].
    fn map_part<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &V) -> W) -> Self::With<W>;

    /// As [`Tree::visit_at`].
    fn visit_part<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a V));

    /// As [`Tree::visit_mut_at`].
    fn visit_part_mut(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut V));
}

#[diagnostic::do_not_recommend]
impl<V: Reading, P: Tree<Leaf = V>> PartOf<V> for P {
    type With<W: Reading> = P::With<W>;

    #[inline(always)]
    fn map_part<W: Reading>(&self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &V) -> W) -> P::With<W> {
        self.map_at(path, f)
    }

    #[inline(always)]
    fn visit_part<'a>(&'a self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &'a V)) {
        self.visit_at(path, f);
    }

    #[inline(always)]
    fn visit_part_mut(&mut self, path: &Path<'_>, f: &mut dyn FnMut(&Path<'_>, &mut V)) {
        self.visit_mut_at(path, f);
    }
}
