//! The source location of each node, on a tape that keeps them: see [`Tape::traced`](crate::Tape::traced).

use std::cell::Cell;
use std::panic::Location;

/// The source locations of a tape's nodes.
#[derive(Default)]
pub(crate) struct Locations {
    places: Vec<Place>,
    /// The node whose derivative is being recorded.
    derivative_of: Cell<Option<u32>>,
}

struct Place {
    location: &'static Location<'static>,
    /// The node whose derivative this one is a part of.
    derivative_of: Option<u32>,
}

impl Locations {
    /// Adds the caller's location for the next node.
    #[track_caller]
    pub(crate) fn push(&mut self) {
        self.places.push(Place { location: Location::caller(), derivative_of: self.derivative_of.get() });
    }

    /// Sets the node whose derivative is recorded from now on.
    pub(crate) fn set_derivative_of(&self, id: Option<u32>) {
        self.derivative_of.set(id);
    }

    pub(crate) fn clear(&mut self) {
        self.places.clear();
    }

    /// The node of the user's program that a node belongs to: itself, or the one whose derivative, of any order, it is a
    /// part of.
    pub(crate) fn root(&self, mut id: u32) -> u32 {
        while let Some(outer) = self.places.get(id as usize).and_then(|place| place.derivative_of) {
            id = outer;
        }
        id
    }

    pub(crate) fn get(&self, id: u32) -> Option<&'static Location<'static>> {
        self.places.get(self.root(id) as usize).map(|place| place.location)
    }
}
