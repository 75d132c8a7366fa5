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

    #[inline(always)]
    pub(crate) fn weight(&self) -> T
    where
        T: Copy,
    {
        self.weight
    }
}

/// The edges of all nodes, in the order of recording. The inputs are the first nodes and have no edges.
pub(crate) struct Edges<T> {
    /// What is recorded, and then room. (Room is a part of the vector, so that several edges are written after one check.)
    stream: RefCell<Vec<Edge<T>>>,
    /// How many edges are recorded.
    used: Cell<usize>,
    nodes: Cell<u32>,
    /// Room for the cotangents of a walk.
    room: RefCell<Vec<T>>,
}

impl<T> Default for Edges<T> {
    fn default() -> Self {
        Self { stream: RefCell::default(), used: Cell::new(0), nodes: Cell::new(0), room: RefCell::default() }
    }
}

impl<T> Edges<T> {
    /// The bytes that are held.
    pub(crate) fn bytes(&self) -> usize {
        self.stream.borrow().capacity() * size_of::<Edge<T>>() + self.room.borrow().capacity() * size_of::<T>()
    }
}

impl<T: Element> Edges<T> {
    /// Forgets all nodes, keeps the memory, and begins with the nodes of `n` inputs.
    pub(crate) fn restart(&mut self, n: usize) {
        self.used.set(0);
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
        let used = self.used.get();
        if stream.len() < used + N {
            grow(&mut stream);
        }
        for (room, edge) in stream[used..used + N].iter_mut().zip(edges) {
            *room = edge;
        }
        self.used.set(used + N);
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
fn grow<T: Element>(stream: &mut Vec<Edge<T>>) {
    assert!(stream.len() < FIRST as usize, "a tape holds fewer than 2³¹ edges");
    stream.resize(2 * stream.len().max(512), Edge::new(0, T::default()));
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
        walk_back(&self.stream.borrow()[..self.used.get()], &mut g);
        g[..n].to_vec()
    }
}

fn walk_back<T: Element>(stream: &[Edge<T>], g: &mut [T]) {
    let mut last = g.len().wrapping_sub(1);
    let Some(&(mut gy)) = g.last() else { return };
    for &Edge { weight, source } in stream.iter().rev() {
        let x = (source & !FIRST) as usize;
        let mut sum = g[x];
        sum.accumulate(chain_one(gy, weight));
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

/// As [`chain`], for one product at a time: only where the plain product is not a number is there a zero to look for.
#[inline(always)]
pub(crate) fn chain_one<T: Element>(g: T, partial: T) -> T {
    let product = g * partial;
    if product.has_nan() { chain_with_care(g, partial) } else { product }
}

/// (By value: what is referred to stands in memory and not in registers.)
#[cold]
#[inline(never)]
pub(crate) fn chain_with_care<T: Element>(g: T, partial: T) -> T {
    chain(&g, &partial)
}
