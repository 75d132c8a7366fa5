//! The tape: a graph of recorded operations, and the memory that passes reuse.

use super::adjoints::Adjoints;
use crate::algebra::{Cotangent, Op, Pointwise, Reading};
use crate::tape::graph::{Graph, NONE, Origin};
use std::cell::{Ref, RefCell};
use std::collections::HashSet;

/// A record of operations on values of type `V`. A pass over it computes derivatives.
///
/// The user owns the tape; variables on it are [`Var`](crate::Var) handles. Derivatives that are requested as variables
/// are recorded on the same tape, so they can be differentiated again. [`clear`](Tape::clear) removes all nodes and
/// keeps the memory for the next step; it compiles only if no handle is left.
///
/// ```
/// use autodiff::prelude::*;
/// let tape = Tape::new();
/// let x = tape.variable(Tensor::from([1.0, 2.0, 3.0]));
/// let y = (x * x).sum();
/// assert_eq!(y.backward().of(&x).to_vec(), [2.0, 4.0, 6.0]);
/// ```
///
/// A handle cannot be used after a clear:
///
/// ```compile_fail
/// use autodiff::prelude::*;
/// let mut tape = Tape::new();
/// let x = tape.variable(1.0);
/// tape.clear();
/// x.value();
/// ```
pub struct Tape<V> {
    graph: RefCell<Graph<V>>,
    /// The memory of a backward pass over values with axes.
    cotangents: RefCell<Vec<Cotangent<V>>>,
    /// The memory of a backward pass over plain numbers.
    adjoints: RefCell<Adjoints<V>>,
}

impl<V> Default for Tape<V> {
    fn default() -> Self {
        Self { graph: RefCell::default(), cotangents: RefCell::default(), adjoints: RefCell::default() }
    }
}

impl<V: Reading> Tape<V> {
    /// An empty tape.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty tape that keeps the source line of each node, for [`Var::location`](crate::Var::location),
    /// [`Var::first_not_finite`](crate::Var::first_not_finite),
    /// [`Var::indeterminate_forms`](crate::Var::indeterminate_forms) and
    /// [`check_grads`](crate::check::check_grads). A line costs 16 bytes and some nanoseconds a node; other tapes pay
    /// nothing.
    pub fn traced() -> Self {
        let mut tape = Self::new();
        tape.graph.get_mut().traced = true;
        tape
    }

    /// Removes all nodes and keeps the memory.
    pub fn clear(&mut self) {
        self.graph.get_mut().clear();
    }

    /// Reserves memory for `n` more nodes.
    ///
    /// # Panics
    /// Panics if the tape would hold more than 2³² − 1 nodes.
    pub fn reserve(&self, n: usize) {
        self.graph.borrow_mut().reserve(n);
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.graph.borrow().nodes.len()
    }

    /// Whether the tape has no nodes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The memory of the tape in bytes: its nodes, and the storage of their values. Shared storage is counted once.
    pub fn bytes(&self) -> usize {
        let graph = self.graph.borrow();
        let mut seen = HashSet::new();
        let mut bytes = graph.bytes();
        bytes += self.cotangents.borrow().capacity() * size_of::<Cotangent<V>>() + self.adjoints.borrow().bytes();
        graph.storage(&mut |place, size| bytes += if seen.insert(place) { size } else { 0 });
        bytes
    }

    #[inline]
    pub(crate) fn graph(&self) -> Ref<'_, Graph<V>> {
        self.graph.borrow()
    }

    pub(crate) fn cotangents(&self) -> &RefCell<Vec<Cotangent<V>>> {
        &self.cotangents
    }

    pub(crate) fn adjoints(&self) -> &RefCell<Adjoints<V>> {
        &self.adjoints
    }

    /// Records a variable. Like the methods below, it returns the number of the new node.
    #[track_caller]
    pub(crate) fn record_variable(&self, value: V) -> u32 {
        let mut graph = self.graph.borrow_mut();
        let id = graph.push(Origin::Variable, [NONE; 2], value);
        graph.inputs_end = id as usize + 1;
        id
    }

    /// Records a node without operands.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn record_leaf(&self, origin: Origin, value: V) -> u32 {
        self.graph.borrow_mut().push(origin, [NONE; 2], value)
    }

    /// Applies an operation to nodes and records the result.
    #[track_caller]
    pub(crate) fn record(&self, op: &Op, x: &[u32]) -> u32 {
        self.graph.borrow_mut().apply(op, x)
    }

    /// As [`record`](Tape::record), for a pointwise operation.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn record_pointwise(&self, op: Pointwise, x: &[u32]) -> u32 {
        self.graph.borrow_mut().pointwise(op, x)
    }

    /// As [`record_pointwise`](Tape::record_pointwise), for a factor of a derivative, which is recorded once.
    #[track_caller]
    pub(crate) fn record_slope(&self, op: Pointwise, x: &[u32]) -> u32 {
        self.graph.borrow_mut().slope(op, x)
    }

    pub(crate) fn note_slope(&self, id: u32) {
        self.graph.borrow_mut().note_slope(id);
    }

    pub(crate) fn set_name(&self, id: u32, append: impl FnOnce(&mut String)) {
        self.graph.borrow_mut().names.set(id, append);
    }
}
