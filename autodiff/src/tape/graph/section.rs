//! A table over a part of the nodes.

/// An entry for each node from `start` on. A pass looks at the nodes between its inputs and its output only, so that a
/// recorded derivative costs the same on a long tape as on a short one.
pub(crate) struct Section<T> {
    pub(crate) start: u32,
    pub(crate) entries: Vec<T>,
}

impl<T> Section<T> {
    /// The entry of a node, if the node belongs to the section.
    #[inline]
    pub(crate) fn get(&self, id: u32) -> Option<&T> {
        self.entries.get(id.checked_sub(self.start)? as usize)
    }

    /// As [`get`](Section::get), to be changed.
    #[inline]
    pub(crate) fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        self.entries.get_mut(id.checked_sub(self.start)? as usize)
    }

    /// The numbers of the nodes.
    pub(crate) fn ids(&self) -> std::ops::Range<u32> {
        self.start..self.start + self.entries.len() as u32
    }
}
