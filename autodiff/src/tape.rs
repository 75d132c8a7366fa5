//! Recording: operations on variables become nodes.

use crate::cotangent::Cotangent;
use crate::edges::Edges;
use crate::moving::Moving;
use crate::nodes::{Graph, NONE, Origin};
use crate::op::{Op, Pointwise};
use crate::sums::Sums;
use crate::tree::Tree;
use crate::value::Value;
use crate::var::Var;
use std::cell::{Ref, RefCell};
use std::collections::HashSet;

/// A tree of values on a tape: a model of tensors as a model of variables. For closures that take one.
pub type OnTape<'t, T> = <T as Tree>::With<Var<'t, <T as Tree>::Leaf>>;

/// A record of operations on values of type `V`, to be walked back (or forward) for derivatives.
///
/// The user owns the tape; variables on it are [`Var`] handles. Derivatives that were asked for as variables are
/// recorded on the same tape, so they can be differentiated again. [`clear`](Tape::clear) forgets all nodes and keeps
/// the memory for the next step; it compiles only where no handle is left.
///
/// ```
/// use autodiff::prelude::*;
/// let tape = Tape::new();
/// let x = tape.variable(Tensor::from([1.0, 2.0, 3.0]));
/// let y = (x * x).sum();
/// assert_eq!(y.backward().of(&x).to_vec(), [2.0, 4.0, 6.0]);
/// ```
///
/// Handles cannot outlive a clear:
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
    /// Room for the cotangents of a walk.
    room: RefCell<Vec<Cotangent<V>>>,
    /// The same where the values are plain numbers.
    sums: RefCell<Sums<V>>,
    /// What scalar programs record on of which the first derivatives are asked for, or the second in one direction.
    pub(crate) edges: Edges<V>,
    pub(crate) moving: Edges<Moving<V>>,
}

impl<V> Default for Tape<V> {
    fn default() -> Self {
        Self {
            graph: RefCell::default(),
            room: RefCell::default(),
            sums: RefCell::default(),
            edges: Edges::default(),
            moving: Edges::default(),
        }
    }
}

impl<V: Value> Tape<V> {
    /// An empty tape.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty tape that keeps the source line of each node, for reports: [`Var::location`],
    /// [`Var::first_not_finite`], [`check_grads`](crate::check::check_grads). It costs 16 bytes a node, and some
    /// nanoseconds; on other tapes nothing.
    pub fn traced() -> Self {
        let mut tape = Self::new();
        tape.graph.get_mut().traced = true;
        tape
    }

    /// A new variable: an input by which derivatives can be taken.
    #[track_caller]
    pub fn variable(&self, value: V) -> Var<'_, V> {
        let mut graph = self.graph.borrow_mut();
        let id = graph.push(Origin::Variable, [NONE; 2], value);
        graph.inputs = id as usize + 1;
        Var::at(self, id)
    }

    /// A constant: data, of which no cotangent is ever computed.
    #[track_caller]
    pub fn constant(&self, value: V) -> Var<'_, V> {
        self.record(Origin::Constant, value)
    }

    /// A variable for each leaf of a tree of values: a model on the tape. They get the leaves' paths as names.
    pub fn variables<T: Tree<Leaf = V>>(&self, tree: &T) -> T::With<Var<'_, V>> {
        tree.map(&mut |path, leaf| {
            let variable = self.variable(leaf.clone());
            if !path.is_root() {
                self.set_name(variable.id(), |text| path.append_to(text));
            }
            variable
        })
    }

    /// Forgets all nodes and keeps the memory.
    pub fn clear(&mut self) {
        self.graph.get_mut().clear();
    }

    /// Makes room for `n` more nodes.
    pub fn reserve(&self, n: usize) {
        self.graph.borrow_mut().reserve(n);
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.graph.borrow().nodes.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes that the tape holds: its nodes, and the storage of their values, each storage counted once.
    pub fn bytes(&self) -> usize {
        let graph = self.graph.borrow();
        let mut seen = HashSet::new();
        let mut bytes = graph.bytes();
        bytes += self.room.borrow().capacity() * size_of::<Cotangent<V>>() + self.sums.borrow().bytes();
        bytes += self.edges.bytes() + self.moving.bytes();
        graph.storage(&mut |place, size| bytes += if seen.insert(place) { size } else { 0 });
        bytes
    }

    pub(crate) fn room(&self) -> &RefCell<Vec<Cotangent<V>>> {
        &self.room
    }

    pub(crate) fn sums(&self) -> &RefCell<Sums<V>> {
        &self.sums
    }

    /// A node without operands.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn record(&self, origin: Origin, value: V) -> Var<'_, V> {
        Var::at(self, self.graph.borrow_mut().push(origin, [NONE; 2], value))
    }

    /// Applies an operation to nodes of this tape, and records the result.
    #[track_caller]
    pub(crate) fn apply(&self, op: &Op, x: &[u32]) -> Var<'_, V> {
        Var::at(self, self.graph.borrow_mut().apply(op, x))
    }

    #[inline(always)]
    #[track_caller]
    pub(crate) fn pointwise(&self, op: Pointwise, x: &[u32]) -> Var<'_, V> {
        Var::at(self, self.graph.borrow_mut().pointwise(op, x))
    }

    #[inline]
    pub(crate) fn graph(&self) -> Ref<'_, Graph<V>> {
        self.graph.borrow()
    }

    pub(crate) fn set_name(&self, id: u32, append: impl FnOnce(&mut String)) {
        self.graph.borrow_mut().names.set(id, append);
    }
}
