//! A tape of local derivatives: each node holds only its partial derivatives with respect to two earlier nodes.
//!
//! [`Active`](crate::Active) numbers record on it. It keeps no operations, so unlike a [`Tape`](crate::Tape) it cannot
//! be differentiated again. For second derivatives its numbers may be dual numbers. All nodes have one size, 24 bytes for
//! `f64`, so recording and walking take few instructions.

use crate::algebra::Element;
use std::cell::{Cell, RefCell};

/// The partial derivatives of a number with respect to two different earlier nodes.
///
/// Each word has a cell of its own, so that loads are as wide as the stores before them (store forwarding). With the whole
/// node in one cell, a Monte Carlo gradient takes 1.4 times as long.
#[derive(Default)]
struct Node<T> {
    partials: (Cell<T>, Cell<T>),
    sources: (Cell<u32>, Cell<u32>),
}

const _: () = assert!(size_of::<Node<f64>>() == 24);

impl<T: Copy> Node<T> {
    #[inline(always)]
    fn set(&self, partials: (T, T), sources: (u32, u32)) {
        self.partials.0.set(partials.0);
        self.partials.1.set(partials.1);
        self.sources.0.set(sources.0);
        self.sources.1.set(sources.1);
    }

    #[inline(always)]
    fn partials(&self) -> (T, T) {
        (self.partials.0.get(), self.partials.1.get())
    }

    #[inline(always)]
    fn sources(&self) -> (usize, usize) {
        (self.sources.0.get() as usize, self.sources.1.get() as usize)
    }
}

/// The largest number of nodes: an index takes 32 bits.
const MAX_NODES: usize = u32::MAX as usize;

/// The room for nodes of a new tape.
const ROOM: usize = 256;

/// The nodes in the order of recording. The inputs are the first nodes and have no partials.
pub(crate) struct JacobianTape<T> {
    /// The recorded nodes, followed by free ones. A vector without a `RefCell`, so that recording checks no borrow. It
    /// grows between two recordings.
    nodes: Vec<Node<T>>,
    /// The nodes that find no room in `nodes`.
    overflow: RefCell<Vec<Node<T>>>,
    /// The number of nodes.
    len: Cell<usize>,
    inputs: usize,
    /// The memory of a pass: a cotangent or a tangent for each node. Between passes, all are 0.
    adjoints: RefCell<Vec<T>>,
}

impl<T> Default for JacobianTape<T> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            overflow: RefCell::default(),
            len: Cell::new(0),
            inputs: 0,
            adjoints: RefCell::default(),
        }
    }
}

impl<T> JacobianTape<T> {
    /// The memory in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let nodes = self.nodes.capacity() + self.overflow.borrow().capacity();
        nodes * size_of::<Node<T>>() + self.adjoints.borrow().capacity() * size_of::<T>()
    }
}

impl<T: Element> JacobianTape<T> {
    /// Removes all nodes, keeps the memory, and begins with `n` inputs.
    #[track_caller]
    pub(crate) fn restart(&mut self, n: usize) {
        assert!(n <= MAX_NODES, "ScalarTape: {n} inputs were given, but a tape holds at most 2³² − 1 nodes");
        if self.nodes.len() < self.len.get().max(room(0, n)) {
            self.overflow = RefCell::default();
            self.nodes = Vec::new(); // before the new memory is taken
            self.nodes.resize_with(room(self.len.get(), n), Node::default);
        }
        self.len.set(n);
        self.inputs = n;
    }

    /// Records a node with partials with respect to two different nodes. Returns the number of the node.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn push(&self, partials: (T, T), sources: (u32, u32)) -> u32 {
        let number = self.len.get();
        match self.nodes.get(number) {
            Some(node) => {
                node.set(partials, sources);
                self.len.set(number + 1);
                number as u32
            }
            None => self.push_to_overflow(partials.0, partials.1, sources.0, sources.1),
        }
    }

    /// Takes its arguments one by one, because a tuple would be passed in memory.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn push_to_overflow(&self, a: T, b: T, i: u32, j: u32) -> u32 {
        let number = self.len.get();
        assert_room(number);
        let node = Node::default();
        node.set((a, b), (i, j));
        self.overflow.borrow_mut().push(node);
        self.len.set(number + 1);
        number as u32
    }

    /// Runs a backward pass from an output, given by its partial derivative with respect to a node. Appends its
    /// derivatives with respect to the inputs.
    pub(crate) fn backward(&self, partial: T, source: u32, derivatives: &mut Vec<T>) {
        let start = derivatives.len();
        self.pass(partial, source, derivatives, |g, partial| g * partial);
        // A NaN product makes all derivatives NaN that depend on it. Only then is the pass repeated, with strong-zero products.
        if derivatives[start..].iter().fold(false, |any, g| any | g.has_nan()) {
            derivatives.truncate(start);
            self.pass(partial, source, derivatives, T::mul_strong_zero);
        }
    }

    /// As [`backward`](Self::backward), with a product of a cotangent and a partial.
    fn pass(&self, partial: T, source: u32, derivatives: &mut Vec<T>, product: impl Fn(T, T) -> T + Copy) {
        let (g, overflow) = (&mut *self.adjoints.borrow_mut(), self.overflow.borrow());
        let len = (source as usize + 1).max(self.inputs);
        g.resize(g.len().max(len), T::from_f64(0.0));
        g[source as usize] = partial;
        if len > self.nodes.len() {
            walk_back(&overflow[..len - self.nodes.len()], &mut g[..len], product);
        }
        let len = len.min(self.nodes.len());
        walk_back(&self.nodes[self.inputs..len], &mut g[..len], product);
        derivatives.extend_from_slice(&g[..self.inputs]);
        g[..self.inputs].fill(T::from_f64(0.0));
    }

    /// Runs a forward pass from input `i`. Returns the derivatives of the outputs, each given by its partial derivative
    /// with respect to a node, if it has one.
    pub(crate) fn forward(&self, outputs: &[Option<(T, u32)>], i: usize) -> Vec<T> {
        let mut dx = self.adjoints.borrow_mut();
        dx.clear();
        dx.resize(self.inputs, T::from_f64(0.0));
        dx[i] = T::from_f64(1.0);
        let overflow = self.overflow.borrow();
        for node in self.nodes.iter().chain(&*overflow).take(self.len.get()).skip(self.inputs) {
            let ((a, b), (i, j)) = (node.partials(), node.sources());
            let tangent = chain_product(a, dx[i]) + chain_product(b, dx[j]);
            dx.push(tangent);
        }
        let tangent = |&(partial, source): &(T, u32)| chain_product(partial, dx[source as usize]);
        let tangents = outputs.iter().map(|output| output.as_ref().map_or(T::from_f64(0.0), tangent)).collect();
        dx.clear(); // a backward pass expects zeros
        tangents
    }
}

/// The room for nodes of a recording of `inputs`, after one of `len` nodes: an eighth more.
fn room(len: usize, inputs: usize) -> usize {
    (len + len / 8).max(inputs + ROOM).min(MAX_NODES)
}

#[track_caller]
fn assert_room(number: usize) {
    assert!(number < MAX_NODES, "ScalarTape: a tape holds at most 2³² − 1 nodes");
}

/// The loop from the last node to the first. `g` holds a cotangent for each node, and for those before `nodes`. A
/// cotangent that has been used becomes 0 while it is in the cache, so that the next pass need not clear the memory.
#[inline(always)]
fn walk_back<T: Element>(nodes: &[Node<T>], g: &mut [T], product: impl Fn(T, T) -> T) {
    let zero = T::from_f64(0.0);
    let mut nodes = nodes.iter().rev();
    let mut number = g.len();
    while let Some(mut node) = nodes.next() {
        number -= 1;
        let mut gy = g[number];
        // A branch that was not taken leaves nodes without influence.
        if gy.vanishes() {
            continue;
        }
        g[number] = zero;
        loop {
            let ((a, b), (i, j)) = (node.partials(), node.sources());
            let (gi, gj) = (g[i] + product(gy, a), g[j] + product(gy, b));
            // An operand is often the node before. Its cotangent stays in a register; reading it back from memory would
            // double the time of the loop.
            (g[i], g[j], gy) = if j + 1 == number {
                (gi, zero, gj)
            } else if i + 1 == number {
                (zero, gj, gi)
            } else {
                (g[i], g[j]) = (gi, gj);
                break;
            };
            number -= 1;
            let Some(next) = nodes.next() else {
                g[number] = gy;
                return;
            };
            node = next;
        }
    }
}

/// The strong-zero product of the chain rule: it is 0 if a factor is 0, even if the other is infinite or NaN. Such a
/// plain product is NaN, so only a NaN takes the slow path.
#[inline(always)]
pub(super) fn chain_product<T: Element>(a: T, b: T) -> T {
    /// Out of line: without a branch, both products would be computed.
    #[cold]
    #[inline(never)]
    fn slow<T: Element>(a: T, b: T) -> T {
        a.mul_strong_zero(b)
    }

    let product = a * b;
    if product.has_nan() { slow(a, b) } else { product }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_pointer_width = "64")]
    #[should_panic(expected = "ScalarTape: 4294967296 inputs were given, but a tape holds at most 2³² − 1 nodes")]
    fn more_inputs_than_nodes_are_rejected() {
        JacobianTape::<f64>::default().restart(1 << 32);
    }

    #[test]
    fn room_follows_the_last_recording_up_to_the_largest_number_of_nodes() {
        assert_eq!([room(0, 10), room(1000, 2), room(1000, 2000)], [266, 1125, 2256]);
        assert_eq!([room(MAX_NODES, 2), room(0, MAX_NODES)], [MAX_NODES; 2]);
    }

    #[test]
    #[should_panic(expected = "ScalarTape: a tape holds at most 2³² − 1 nodes")]
    fn full_tape_is_rejected() {
        assert_room(MAX_NODES);
    }

    #[test]
    fn nodes_in_the_overflow_are_walked_like_the_others() {
        let mut tape = JacobianTape::default();
        // y ← y·2 + x, from y = x, in a recording with overflow and in one without
        for _ in 0..2 {
            tape.restart(2);
            let last = (0..2 * ROOM as u32).fold(0, |y, _| tape.push((0.5, 1.0), (y, 1)));
            let mut derivatives = Vec::new();
            tape.backward(1.0, last, &mut derivatives);
            assert_eq!(derivatives, [0.5f64.powi(2 * ROOM as i32), 2.0]);
            assert_eq!(tape.forward(&[Some((3.0, last)), None], 1), [6.0, 0.0]);
        }
        assert!(tape.overflow.borrow().is_empty());
    }

    #[test]
    fn infinite_cotangent_times_zero_is_zero() {
        let mut tape = JacobianTape::default();
        tape.restart(2);
        let y = tape.push((0.0, 1.0), (0, 1));
        let mut derivatives = Vec::new();
        tape.backward(f64::INFINITY, y, &mut derivatives);
        assert_eq!(derivatives, [0.0, f64::INFINITY]);
    }

    #[test]
    fn backward_pass_does_not_see_the_nan_of_the_pass_before() {
        let mut tape = JacobianTape::default();
        tape.restart(2);
        let y = tape.push((f64::NAN, 1.0), (0, 1));
        let z = tape.push((2.0, 3.0), (y, 1));
        let mut derivatives = Vec::new();
        tape.backward(1.0, z, &mut derivatives);
        assert!(derivatives[0].is_nan() && derivatives[1] == 5.0);
        derivatives.clear();
        tape.backward(1.0, 1, &mut derivatives);
        assert_eq!(derivatives, [0.0, 1.0]);
    }
}
