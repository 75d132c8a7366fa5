//! The names of nodes.

/// Names by number, in memory that is used again after a clear: a step of training names all the weights.
#[derive(Default)]
pub(crate) struct Names {
    text: String,
    /// Which node, and where its name ends in the text; it begins where the one before ends.
    ends: Vec<(u32, usize)>,
}

impl Names {
    /// Gives a node the name that `append` writes.
    pub(crate) fn set(&mut self, id: u32, append: impl FnOnce(&mut String)) {
        append(&mut self.text);
        self.ends.push((id, self.text.len()));
    }

    /// The name that the node was given last.
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
