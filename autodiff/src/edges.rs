//! A tape of first derivatives alone: of each node its partial derivatives by earlier nodes, and nothing else.
//!
//! What [`Pending`](crate::Pending) numbers record on. It cannot be differentiated again, as the [`Tape`](crate::Tape)
//! itself can, which keeps operations; but its element may be a dual number, for second derivatives. The nodes stand in
//! one stream of edges, of which the first of each node is marked: an edge of `f64` takes 12 bytes, and a node nothing
//! besides.

use crate::element::Element;
use crate::op::Pointwise;
use crate::value::binary;
use std::cell::{Cell, RefCell};

/// The derivative of a node by the node `source`.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub(crate) struct Edge<T> {
    weight: T,
    source: u32,
}

const _: () = assert!(size_of::<Edge<f64>>() == 12);

/// The bit of an edge's source that says that a node begins here.
const FIRST: u32 = 1 << 31;

impl<T> Edge<T> {
    #[inline(always)]
    pub(crate) fn new(source: u32, weight: T) -> Self {
        Self { weight, source }
    }

    #[inline(always)]
    pub(crate) fn source(&self) -> u32 {
        self.source
    }
}

/// The edges of all nodes, in the order of recording. The inputs are the first nodes and have no edges.
pub(crate) struct Edges<T> {
    stream: RefCell<Vec<Edge<T>>>,
    nodes: Cell<u32>,
    /// Room for the cotangents of a walk.
    room: RefCell<Vec<T>>,
}

impl<T> Default for Edges<T> {
    fn default() -> Self {
        Self { stream: RefCell::default(), nodes: Cell::new(0), room: RefCell::default() }
    }
}

impl<T> Edges<T> {
    /// The bytes that are held.
    pub(crate) fn bytes(&self) -> usize {
        self.stream.borrow().capacity() * size_of::<Edge<T>>() + self.room.borrow().capacity() * size_of::<T>()
    }
}

impl<T: Copy> Edges<T> {
    /// Forgets all nodes, keeps the memory, and begins with the nodes of `n` inputs.
    pub(crate) fn restart(&mut self, n: usize) {
        self.stream.get_mut().clear();
        self.nodes.set(u32::try_from(n).expect("fewer than 2³¹ inputs"));
    }

    /// A node with the given edges, of which there is at least one. It gives the node's number.
    #[inline(always)]
    pub(crate) fn push<const N: usize>(&self, mut edges: [Edge<T>; N]) -> u32 {
        edges[0].source |= FIRST;
        self.append(edges);
        let node = self.nodes.get();
        self.nodes.set(node + 1);
        node
    }

    /// More edges of the last node.
    #[inline(always)]
    pub(crate) fn append<const N: usize>(&self, edges: [Edge<T>; N]) {
        let mut stream = self.stream.borrow_mut();
        if stream.capacity() - stream.len() < N {
            grow(&mut stream);
        }
        // One by one, each built in its place: an array would be built on the stack and copied, which waits for stores
        // to be read back.
        for edge in edges {
            stream.extend(std::iter::once_with(|| edge));
        }
    }

    /// The number of nodes.
    #[inline(always)]
    pub(crate) fn len(&self) -> u32 {
        self.nodes.get()
    }
}

/// Out of the way of what is recorded when there is room.
#[cold]
#[inline(never)]
fn grow<T>(stream: &mut Vec<Edge<T>>) {
    assert!(stream.len() < FIRST as usize, "a tape holds fewer than 2³¹ edges");
    stream.reserve(stream.len().max(1024));
}

impl<T: Element> Edges<T> {
    /// Walks back from an output, given by its own edges, to the first `n` nodes: its derivatives by them.
    pub(crate) fn reverse(&self, output: &[Edge<T>], n: usize) -> Vec<T> {
        let mut g = self.room.borrow_mut();
        g.clear();
        g.resize(self.nodes.get() as usize, T::from_f64(0.0));
        for &Edge { weight, source } in output {
            g[source as usize].accumulate(weight);
        }
        walk_back(&self.stream.borrow(), &mut g);
        g[..n].to_vec()
    }
}

fn walk_back<T: Element>(stream: &[Edge<T>], g: &mut [T]) {
    let mut last = g.len().wrapping_sub(1);
    let Some(&(mut gy)) = g.last() else { return };
    for &Edge { weight, source } in stream.iter().rev() {
        let x = (source & !FIRST) as usize;
        let mut sum = g[x];
        sum.accumulate(chain(&gy, &weight));
        g[x] = sum;
        if source & FIRST != 0 {
            last -= 1;
            // In a serial program the next node is the operand of this one. Its cotangent is in a register still: to
            // read it back from memory would take as long as all the rest.
            gy = if x == last { sum } else { g[last] };
        }
    }
}

/// The product of the chain rule, see [`Math::chain`](crate::Math::chain).
#[inline(always)]
pub(crate) fn chain<T: Element>(g: &T, partial: &T) -> T {
    binary(Pointwise::Chain, g, partial)
}
