//! The source locations of nodes, which a [traced](crate::Tape::traced) tape keeps.

use std::cell::Cell;
use std::panic::Location;

/// The source locations of the nodes of a tape.
#[derive(Default)]
pub(crate) struct Locations {
    records: Vec<Record>,
    /// The node whose derivative is being recorded.
    derivative_of: Cell<Option<u32>>,
}

struct Record {
    location: &'static Location<'static>,
    /// The node whose derivative contains this node.
    derivative_of: Option<u32>,
}

impl Locations {
    /// Records the caller's location for the next node.
    #[track_caller]
    pub(crate) fn push(&mut self) {
        self.records.push(Record { location: Location::caller(), derivative_of: self.derivative_of.get() });
    }

    /// Sets the node whose derivative is being recorded.
    pub(crate) fn set_derivative_of(&self, id: Option<u32>) {
        self.derivative_of.set(id);
    }

    pub(crate) fn clear(&mut self) {
        self.records.clear();
    }

    /// The node of the user's program to which a node belongs: the node itself, or the node whose derivative, of any
    /// order, contains it.
    pub(crate) fn root(&self, id: u32) -> u32 {
        self.outer(id).last().unwrap_or(id)
    }

    /// How many derivatives a node is inside of: 0 for a node of the user's program.
    pub(crate) fn order(&self, id: u32) -> usize {
        self.outer(id).count()
    }

    /// The nodes whose derivatives contain a node, from the inside out.
    fn outer(&self, id: u32) -> impl Iterator<Item = u32> {
        let outer = |id: &u32| self.records.get(*id as usize).and_then(|record| record.derivative_of);
        std::iter::successors(outer(&id), outer)
    }

    pub(crate) fn get(&self, id: u32) -> Option<&'static Location<'static>> {
        self.records.get(self.root(id) as usize).map(|record| record.location)
    }
}
