//! A tape of first derivatives alone: each node holds its partial derivatives by earlier nodes, and nothing else.
//!
//! [`Active`](crate::Active) numbers record on it. Unlike a [`Tape`](crate::Tape), which keeps operations, it cannot be
//! differentiated again; but its numbers may be dual numbers, for second derivatives. All partials lie in one stream, in
//! which the first partial of each node is marked. A partial of `f64` takes 12 bytes, and a node nothing besides.

use crate::algebra::Element;
use std::cell::{Cell, RefCell};

/// The partial derivative of a node by the node `source`.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub(crate) struct Partial<T> {
    value: T,
    source: u32,
}

const _: () = assert!(size_of::<Partial<f64>>() == 12);

/// The bit of a partial's source that marks the first partial of a node.
const FIRST: u32 = 1 << 31;

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

/// The partials of all nodes, in the order of recording. The inputs are the first nodes and have none.
pub(crate) struct JacobianTape<T> {
    /// The recorded partials, and then free space. The space is part of the vector, so that several partials are written
    /// after one check.
    stream: RefCell<Vec<Partial<T>>>,
    /// The number of recorded partials.
    used: Cell<usize>,
    nodes: Cell<u32>,
    /// The memory of a pass.
    adjoints: RefCell<Vec<T>>,
}

impl<T> Default for JacobianTape<T> {
    fn default() -> Self {
        Self { stream: RefCell::default(), used: Cell::new(0), nodes: Cell::new(0), adjoints: RefCell::default() }
    }
}

impl<T> JacobianTape<T> {
    /// The bytes that are held.
    pub(crate) fn bytes(&self) -> usize {
        self.stream.borrow().capacity() * size_of::<Partial<T>>() + self.adjoints.borrow().capacity() * size_of::<T>()
    }
}

impl<T: Element> JacobianTape<T> {
    /// Forgets all nodes, keeps the memory, and starts with the nodes of `n` inputs.
    pub(crate) fn restart(&mut self, n: usize) {
        self.used.set(0);
        self.nodes.set(u32::try_from(n).expect("fewer than 2³¹ inputs"));
    }

    /// Records a node with the given partials, at least one. Returns the number of the node.
    #[inline(always)]
    pub(crate) fn push<const N: usize>(&self, mut partials: [Partial<T>; N]) -> u32 {
        partials[0].source |= FIRST;
        self.append(partials);
        let node = self.nodes.get();
        self.nodes.set(node + 1);
        node
    }

    /// Adds partials to the last node.
    #[inline(always)]
    pub(crate) fn append<const N: usize>(&self, partials: [Partial<T>; N]) {
        let mut stream = self.stream.borrow_mut();
        let used = self.used.get();
        if stream.len() < used + N {
            grow(&mut stream);
        }
        for (place, partial) in stream[used..used + N].iter_mut().zip(partials) {
            *place = partial;
        }
        self.used.set(used + N);
    }

    /// The number of nodes.
    #[inline(always)]
    pub(crate) fn len(&self) -> u32 {
        self.nodes.get()
    }

    /// The derivatives of an output, given by its own partials, by the first `n` nodes: a backward pass.
    pub(crate) fn reverse(&self, output: &[Partial<T>], n: usize) -> Vec<T> {
        let mut g = self.adjoints.borrow_mut();
        g.clear();
        g.resize(self.nodes.get() as usize, T::from_f64(0.0));
        for partial in output {
            g[partial.source() as usize].accumulate(partial.value());
        }
        walk_back(&self.stream.borrow()[..self.used.get()], &mut g);
        g[..n].to_vec()
    }

    /// The derivatives of some outputs, given by their own partials, by input `i` of `n`: a forward pass.
    pub(crate) fn forward(&self, outputs: &[Vec<Partial<T>>], i: usize, n: usize) -> Vec<T> {
        let mut dx = self.adjoints.borrow_mut();
        dx.clear();
        dx.resize(n, T::from_f64(0.0));
        dx[i] = T::from_f64(1.0);
        for partial in &self.stream.borrow()[..self.used.get()] {
            if partial.source & FIRST != 0 {
                dx.push(T::from_f64(0.0));
            }
            let part = mul_strong_zero(dx[(partial.source & !FIRST) as usize], partial.value);
            dx.last_mut().expect("a node starts with a marked partial").accumulate(part);
        }
        let tangent =
            |sum: T, partial: &Partial<T>| sum + mul_strong_zero(dx[partial.source() as usize], partial.value());
        outputs.iter().map(|output| output.iter().fold(T::from_f64(0.0), tangent)).collect()
    }
}

/// Out of line, so that recording stays short if there is space.
#[cold]
#[inline(never)]
fn grow<T: Element>(stream: &mut Vec<Partial<T>>) {
    assert!(stream.len() < FIRST as usize, "a tape holds fewer than 2³¹ partial derivatives");
    stream.resize(2 * stream.len().max(512), Partial::new(0, T::default()));
}

fn walk_back<T: Element>(stream: &[Partial<T>], g: &mut [T]) {
    let mut last = g.len().wrapping_sub(1);
    let Some(&(mut gy)) = g.last() else { return };
    for &Partial { value, source } in stream.iter().rev() {
        let x = (source & !FIRST) as usize;
        let mut sum = g[x];
        sum.accumulate(mul_strong_zero(gy, value));
        g[x] = sum;
        if source & FIRST != 0 {
            last -= 1;
            // In a serial program the next node is the operand of this one. Its cotangent is still in a register, and
            // reading it back from memory would take as long as all the rest.
            gy = if x == last { sum } else { g[last] };
        }
    }
}

/// The product of the chain rule, which is 0 if a factor is. Only a plain product that is NaN can hide a zero.
#[inline(always)]
pub(crate) fn mul_strong_zero<T: Element>(g: T, partial: T) -> T {
    let product = g * partial;
    if product.has_nan() { mul_with_care(g, partial) } else { product }
}

/// By value, so that the factors of the plain product stay in registers.
#[cold]
#[inline(never)]
pub(crate) fn mul_with_care<T: Element>(g: T, partial: T) -> T {
    g.mul_strong_zero(partial)
}
