//! The source lines of nodes, which a tape keeps that was asked to, see [`Tape::traced`](crate::Tape::traced).

use crate::nodes::NONE;
use std::cell::Cell;
use std::panic::Location;

/// The source lines of a tape's nodes.
pub(crate) struct Lines {
    places: Vec<Place>,
    /// The node that a recorded walk looks at just now, or `NONE`.
    walked: Cell<u32>,
}

struct Place {
    location: &'static Location<'static>,
    /// The node of whose derivative this one is a part, or `NONE`.
    derivative_of: u32,
}

impl Default for Lines {
    fn default() -> Self {
        Self { places: Vec::new(), walked: Cell::new(NONE) }
    }
}

impl Lines {
    #[track_caller]
    pub(crate) fn note(&mut self) {
        self.places.push(Place { location: Location::caller(), derivative_of: self.walked.get() });
    }

    pub(crate) fn walk(&self, id: Option<u32>) {
        self.walked.set(id.unwrap_or(NONE));
    }

    pub(crate) fn clear(&mut self) {
        self.places.clear();
    }

    /// The node of the user's program that a node belongs to: itself, or the one whose derivative, of any order, it is
    /// a part of.
    pub(crate) fn root(&self, mut id: u32) -> u32 {
        while let Some(place) = self.places.get(id as usize).filter(|place| place.derivative_of != NONE) {
            id = place.derivative_of;
        }
        id
    }

    pub(crate) fn location(&self, id: u32) -> Option<&'static Location<'static>> {
        self.places.get(self.root(id) as usize).map(|place| place.location)
    }
}
