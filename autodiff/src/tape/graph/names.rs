//! The names of nodes.

/// The names of nodes, in one string. A clear keeps its memory, because each training step names all weights again.
#[derive(Default)]
pub(crate) struct Names {
    text: String,
    /// A node, and the end of its name in `text`. The name begins at the end of the previous one.
    ends: Vec<(u32, usize)>,
}

impl Names {
    /// Gives a node the name that `append` writes.
    pub(crate) fn set(&mut self, id: u32, append: impl FnOnce(&mut String)) {
        append(&mut self.text);
        self.ends.push((id, self.text.len()));
    }

    /// The latest name of a node.
    pub(crate) fn get(&self, id: u32) -> Option<&str> {
        let place = self.ends.iter().rposition(|(named, _)| *named == id)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before].1);
        Some(&self.text[start..self.ends[place].1])
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}
