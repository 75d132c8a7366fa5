//! A tape of local derivatives: each node holds only its partial derivatives with respect to earlier nodes.
//!
//! [`Active`](crate::Active) numbers record on it. It keeps no operations, so unlike a [`Tape`](crate::Tape) it cannot
//! be differentiated again. For second derivatives its numbers may be dual numbers. All partials form one stream, in
//! which a mark on the first partial of each node separates the nodes. A partial of `f64` takes 12 bytes; a node takes
//! no more than its partials.

use crate::algebra::Element;
use std::cell::{Cell, RefCell};

/// The partial derivative of a node with respect to the node `source`.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub(crate) struct Partial<T> {
    value: T,
    source: u32,
}

const _: () = assert!(size_of::<Partial<f64>>() == 12);

/// The bit of a partial's source that marks the first partial of a node.
const FIRST: u32 = 1 << 31;

/// The largest number of nodes: their numbers leave the marked bit free.
const MAX_NODES: usize = FIRST as usize - 1;

/// The largest number of partials that are recorded at a time.
const MAX_PARTIALS: usize = 4;

impl<T> Partial<T> {
    #[inline(always)]
    pub(crate) fn new(source: u32, value: T) -> Self {
        Self { value, source }
    }

    #[inline(always)]
    pub(crate) fn source(&self) -> u32 {
        self.source
    }

    #[inline(always)]
    pub(crate) fn value(&self) -> T
    where
        T: Copy,
    {
        self.value
    }
}

/// The partials of all nodes, in the order of recording. The inputs are the first nodes and have no partials.
pub(crate) struct JacobianTape<T> {
    /// The recorded partials, followed by free entries. Free entries are part of the vector, so that one bounds check
    /// serves several partials.
    stream: RefCell<Vec<Partial<T>>>,
    /// The number of recorded partials.
    used: Cell<usize>,
    nodes: Cell<u32>,
    /// The memory of a pass: a cotangent or a tangent for each node.
    adjoints: RefCell<Vec<T>>,
}

impl<T> Default for JacobianTape<T> {
    fn default() -> Self {
        Self { stream: RefCell::default(), used: Cell::new(0), nodes: Cell::new(0), adjoints: RefCell::default() }
    }
}

impl<T> JacobianTape<T> {
    /// The memory in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.stream.borrow().capacity() * size_of::<Partial<T>>() + self.adjoints.borrow().capacity() * size_of::<T>()
    }
}

impl<T: Element> JacobianTape<T> {
    /// Removes all nodes, keeps the memory, and begins with `n` inputs.
    #[track_caller]
    pub(crate) fn restart(&mut self, n: usize) {
        assert!(n <= MAX_NODES, "ScalarTape: {n} inputs were given, but a tape holds at most 2³¹ − 1 nodes");
        self.used.set(0);
        self.nodes.set(n as u32);
        self.stream.get_mut().truncate(MAX_NODES - n); // each free entry may become a node
    }

    /// Records a node with at least one partial. Returns the number of the node.
    #[inline(always)]
    pub(crate) fn push<const N: usize>(&self, mut partials: [Partial<T>; N]) -> u32 {
        partials[0].source |= FIRST;
        self.append(partials);
        self.count_node()
    }

    /// Records a node with the first `a_len` partials of `a` and the first `b_len` partials of `b`, each one or two.
    /// Returns the number of the node.
    #[inline(always)]
    pub(crate) fn push_sum(&self, a: [Partial<T>; 2], a_len: usize, b: [Partial<T>; 2], b_len: usize) -> u32 {
        let (mut stream, used) = (self.stream.borrow_mut(), self.used.get());
        let Some(places) = stream.get_mut(used..used + MAX_PARTIALS) else {
            drop(stream);
            return self.push_sum_after_growth(a, a_len, b, b_len);
        };
        // Without branches: an absent partial is overwritten, or not counted.
        places[0] = Partial::new(a[0].source | FIRST, a[0].value);
        places[1] = a[1];
        places[a_len] = b[0];
        places[a_len + 1] = b[1];
        self.used.set(used + a_len + b_len);
        self.count_node()
    }

    /// Out of line, like [`append_after_growth`](Self::append_after_growth), which keeps the recording of a node short.
    #[cold]
    #[inline(never)]
    fn push_sum_after_growth(&self, a: [Partial<T>; 2], a_len: usize, b: [Partial<T>; 2], b_len: usize) -> u32 {
        self.grow();
        self.push_sum(a, a_len, b, b_len)
    }

    /// Adds partials to the last node.
    #[inline(always)]
    pub(crate) fn append<const N: usize>(&self, partials: [Partial<T>; N]) {
        let (mut stream, used) = (self.stream.borrow_mut(), self.used.get());
        let Some(places) = stream.get_mut(used..used + N) else {
            drop(stream);
            return self.append_after_growth(partials);
        };
        places.copy_from_slice(&partials);
        self.used.set(used + N);
    }

    #[cold]
    #[inline(never)]
    fn append_after_growth<const N: usize>(&self, partials: [Partial<T>; N]) {
        self.grow();
        self.append(partials);
    }

    /// Doubles the stream.
    fn grow(&self) {
        let mut stream = self.stream.borrow_mut();
        let len = stream.len() + growth(stream.len(), self.nodes.get() as usize);
        stream.resize(len, Partial::new(0, T::default()));
    }

    #[inline(always)]
    fn count_node(&self) -> u32 {
        let node = self.nodes.get();
        self.nodes.set(node + 1);
        node
    }

    /// The number of nodes.
    #[inline(always)]
    pub(crate) fn len(&self) -> u32 {
        self.nodes.get()
    }

    /// Runs a backward pass from an output, given by its partials. Appends its derivatives with respect to the first `n`
    /// nodes.
    pub(crate) fn backward(&self, output: impl Iterator<Item = Partial<T>>, n: usize, derivatives: &mut Vec<T>) {
        let mut g = self.adjoints.borrow_mut();
        g.clear();
        g.resize(self.nodes.get() as usize, T::from_f64(0.0));
        for partial in output {
            g[partial.source() as usize].accumulate(partial.value());
        }
        walk_back(&self.stream.borrow()[..self.used.get()], &mut g);
        derivatives.extend_from_slice(&g[..n]);
    }

    /// Runs a forward pass from input `i` of `n`. Returns the derivatives of the outputs, each given by its partials.
    pub(crate) fn forward(&self, outputs: &[Vec<Partial<T>>], i: usize, n: usize) -> Vec<T> {
        let mut dx = self.adjoints.borrow_mut();
        dx.clear();
        dx.resize(n, T::from_f64(0.0));
        dx[i] = T::from_f64(1.0);
        for partial in &self.stream.borrow()[..self.used.get()] {
            if partial.source & FIRST != 0 {
                dx.push(T::from_f64(0.0));
            }
            let contribution = chain_product(dx[(partial.source & !FIRST) as usize], partial.value);
            dx.last_mut().expect("the first partial of a node is marked").accumulate(contribution);
        }
        let tangent =
            |sum: T, partial: &Partial<T>| sum + chain_product(dx[partial.source() as usize], partial.value());
        outputs.iter().map(|output| output.iter().fold(T::from_f64(0.0), tangent)).collect()
    }
}

/// The number of new entries for a stream of `len` partials. Each entry may become a node, and so may those that are still
/// free, fewer than are recorded at a time.
fn growth(len: usize, nodes: usize) -> usize {
    let room = MAX_NODES.saturating_sub(nodes + MAX_PARTIALS);
    assert!(room >= MAX_PARTIALS, "ScalarTape: a tape holds at most 2³¹ − 1 nodes");
    len.max(1024).min(room)
}

/// The loop from the last node to the first that has partials. `g` holds a cotangent for each node.
fn walk_back<T: Element>(stream: &[Partial<T>], g: &mut [T]) {
    let mut partials = stream.iter().rev();
    let mut node = g.len().wrapping_sub(1);
    let Some(&(mut gy)) = g.last() else { return };
    loop {
        let (x, sum) = loop {
            let Some(&Partial { value, source }) = partials.next() else { return };
            let x = (source & !FIRST) as usize;
            let mut sum = g[x];
            sum.accumulate(chain_product(gy, value));
            g[x] = sum;
            if source & FIRST != 0 {
                break (x, sum);
            }
        };
        node -= 1;
        // In a serial program the next node is the operand of this one. Its cotangent is still in a register;
        // reading it back from memory would double the time of the loop.
        gy = if x == node { sum } else { g[node] };
    }
}

/// The strong-zero product of the chain rule: it is 0 if a factor is 0, even if the other is infinite or NaN. Such a
/// plain product is NaN, so only a NaN takes the slow path.
#[inline(always)]
fn chain_product<T: Element>(g: T, partial: T) -> T {
    /// Out of line: without a branch, both products would be computed.
    #[cold]
    #[inline(never)]
    fn slow<T: Element>(g: T, partial: T) -> T {
        g.mul_strong_zero(partial)
    }

    let product = g * partial;
    if product.has_nan() { slow(g, partial) } else { product }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "ScalarTape: 2147483648 inputs were given, but a tape holds at most 2³¹ − 1 nodes")]
    fn more_inputs_than_nodes_are_rejected() {
        JacobianTape::<f64>::default().restart(1 << 31);
    }

    #[test]
    fn stream_grows_while_each_new_entry_may_become_a_node() {
        assert_eq!([growth(0, 10), growth(1024, 800), growth(1 << 20, 1 << 30)], [1024, 1024, 1 << 20]);
        assert_eq!(growth(1 << 20, MAX_NODES - 10), 6);
        let mut tape = JacobianTape::<f64>::default();
        tape.push([Partial::new(0, 1.0)]);
        tape.restart(MAX_NODES - 8);
        assert_eq!(tape.stream.get_mut().len(), 8);
    }

    #[test]
    #[should_panic(expected = "ScalarTape: a tape holds at most 2³¹ − 1 nodes")]
    fn full_tape_is_rejected() {
        growth(1 << 20, MAX_NODES - 7);
    }
}
