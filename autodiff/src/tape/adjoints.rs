//! The cotangents of a backward pass over plain numbers.

/// A cotangent for each node of a tape of numbers, and a flag that says whether a contribution has arrived.
///
/// For plain numbers, adding to a zero is faster than branching on an enum, and two parallel vectors are smaller than
/// one vector of pairs. Between passes all entries are zero: a pass resets each entry after its last use, which is
/// faster than filling the vectors before the next pass.
pub(crate) struct Adjoints<V> {
    pub(crate) g: Vec<V>,
    pub(crate) arrived: Vec<bool>,
}

impl<V> Default for Adjoints<V> {
    fn default() -> Self {
        Self { g: Vec::new(), arrived: Vec::new() }
    }
}

impl<V> Adjoints<V> {
    /// The memory in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.g.capacity() * size_of::<V>() + self.arrived.capacity()
    }
}
