//! Recording: the nodes of a computation, in the order in which they came, which is an order of dependence.

use crate::cotangent::Cotangent;
use crate::edges::Edges;
use crate::moving::Moving;
use crate::names::Names;
use crate::op::{Op, Pointwise};
use crate::trace::Trace;
use crate::tree::Tree;
use crate::value::Value;
use crate::var::Var;
use smallvec::SmallVec;
use std::cell::{Ref, RefCell};
use std::collections::HashSet;
use std::fmt;

/// The operands of a node, by number.
pub(crate) type Ids = SmallVec<[u32; 3]>;

/// Where the value of a node comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    Variable,
    Constant,
    /// Zeros that stand for the derivative by an input that the output does not depend on.
    Unconnected,
    Op(Op),
}

/// One recorded value. For plain numbers it takes 32 bytes.
pub(crate) struct Node<V> {
    pub(crate) origin: Origin,
    operands: Operands,
    pub(crate) value: V,
}

const _: () = assert!(size_of::<Node<f64>>() <= 32);

/// The operands of a node: two numbers, of which those that are not needed are `NONE`; or, of more than two operands,
/// `NONE` and the place in [`Graph::links`] where they stand, after their count.
type Operands = [u32; 2];
pub(crate) const NONE: u32 = u32::MAX;

/// The nodes, and what only some of them have.
pub(crate) struct Graph<V> {
    pub(crate) nodes: Vec<Node<V>>,
    links: Vec<u32>,
    pub(crate) names: Names,
    /// Whether the source line of each node is noted.
    traced: bool,
    pub(crate) trace: Trace,
}

impl<V> Graph<V> {
    /// The operands of a node.
    #[inline(always)]
    pub(crate) fn operands(&self, id: u32) -> &[u32] {
        match &self.nodes[id as usize].operands {
            [NONE, NONE] => &[],
            [NONE, place] => self.linked(*place as usize),
            [a, NONE] => std::slice::from_ref(a),
            pair => pair,
        }
    }

    #[cold]
    fn linked(&self, place: usize) -> &[u32] {
        &self.links[place + 1..][..self.links[place] as usize]
    }

    #[inline(always)]
    pub(crate) fn value(&self, id: u32) -> &V {
        &self.nodes[id as usize].value
    }

    #[inline(always)]
    #[track_caller]
    fn push(&mut self, origin: impl FnOnce() -> Origin, operands: Operands, value: V) -> u32 {
        let id = self.nodes.len();
        if (id == self.nodes.capacity()) | (id >= NONE as usize) | self.traced {
            return self.push_apart(origin(), operands, value);
        }
        // There is room, so the node is built in its place: `push` would build it on the stack, for the case that making
        // room fails, and copy it, which takes three times as long for a number.
        self.nodes.extend(std::iter::once_with(|| Node { origin: origin(), operands, value }));
        id as u32
    }

    /// Where there is no room yet, or more is to be noted. Apart, and with nothing to come back to: a path that returned
    /// into `push` would cost it half as much again.
    #[cold]
    #[track_caller]
    fn push_apart(&mut self, origin: Origin, operands: Operands, value: V) -> u32 {
        let id = self.nodes.len();
        assert!(id < NONE as usize, "a tape holds fewer than 2³² nodes");
        if self.traced {
            self.trace.note();
        }
        self.nodes.push(Node { origin, operands, value });
        id as u32
    }

    fn link(&mut self, operands: &[u32]) -> Operands {
        let place = self.links.len() as u32;
        self.links.push(operands.len() as u32);
        self.links.extend_from_slice(operands);
        [NONE, place]
    }
}

impl<V: Value> Graph<V> {
    /// Applies an operation to nodes, and appends the result.
    #[track_caller]
    fn apply(&mut self, op: &Op, x: &[u32]) -> u32 {
        let value = V::apply(op, &x.iter().map(|&x| self.value(x)).collect::<SmallVec<[_; 3]>>());
        let operands = match *x {
            [a] => [a, NONE],
            [a, b] => [a, b],
            _ => self.link(x),
        };
        self.push(|| Origin::Op(op.clone()), operands, value)
    }

    /// As [`apply`](Graph::apply), for what scalar programs consist of.
    #[inline(always)]
    #[track_caller]
    fn pointwise(&mut self, op: Pointwise, x: &[u32]) -> u32 {
        let (value, operands) = match *x {
            [a] => (V::apply_pointwise(op, &[self.value(a)]), [a, NONE]),
            [a, b] => (V::apply_pointwise(op, &[self.value(a), self.value(b)]), [a, b]),
            _ => return self.apply(&op.into(), x),
        };
        self.push(|| Origin::Op(Op::Pointwise(op)), operands, value)
    }
}

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
    /// What scalar programs record on of which the first derivatives are asked for, or the second in one direction.
    pub(crate) edges: Edges<V>,
    pub(crate) moving: Edges<Moving<V>>,
}

impl<V> Default for Tape<V> {
    fn default() -> Self {
        let graph = Graph {
            nodes: Vec::new(),
            links: Vec::new(),
            names: Names::default(),
            traced: false,
            trace: Trace::default(),
        };
        let room = RefCell::default();
        Self { graph: RefCell::new(graph), room, edges: Edges::default(), moving: Edges::default() }
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
        self.record(|| Origin::Variable, value)
    }

    /// A constant: data, of which no cotangent is ever computed.
    #[track_caller]
    pub fn constant(&self, value: V) -> Var<'_, V> {
        self.record(|| Origin::Constant, value)
    }

    /// A variable for each leaf of a tree of values: a model on the tape. They get the leaves' paths as names.
    pub fn variables<T: Tree<Leaf = V>>(&self, tree: &T) -> T::With<Var<'_, V>> {
        tree.map(&mut |path, leaf| {
            let variable = self.variable(leaf.clone());
            if !path.is_root() {
                self.set_name(variable.id, path);
            }
            variable
        })
    }

    /// Forgets all nodes and keeps the memory.
    pub fn clear(&mut self) {
        let graph = self.graph.get_mut();
        graph.nodes.clear();
        graph.links.clear();
        graph.names.clear();
        graph.trace.clear();
    }

    /// Makes room for `n` more nodes.
    pub fn reserve(&self, n: usize) {
        self.graph.borrow_mut().nodes.reserve(n);
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
        let mut bytes = graph.nodes.capacity() * size_of::<Node<V>>() + graph.links.capacity() * size_of::<u32>();
        bytes += self.room.borrow().capacity() * size_of::<Cotangent<V>>();
        bytes += self.edges.bytes() + self.moving.bytes();
        for node in &graph.nodes {
            node.value.storage(&mut |place, size| bytes += if seen.insert(place) { size } else { 0 });
        }
        bytes
    }

    pub(crate) fn room(&self) -> &RefCell<Vec<Cotangent<V>>> {
        &self.room
    }

    /// A node without operands.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn record(&self, origin: impl FnOnce() -> Origin, value: V) -> Var<'_, V> {
        Var { tape: self, id: self.graph.borrow_mut().push(origin, [NONE; 2], value) }
    }

    /// Applies an operation to nodes of this tape, and records the result.
    #[track_caller]
    pub(crate) fn apply(&self, op: &Op, x: &[u32]) -> Var<'_, V> {
        Var { tape: self, id: self.graph.borrow_mut().apply(op, x) }
    }

    #[inline(always)]
    #[track_caller]
    pub(crate) fn pointwise(&self, op: Pointwise, x: &[u32]) -> Var<'_, V> {
        Var { tape: self, id: self.graph.borrow_mut().pointwise(op, x) }
    }

    #[inline]
    pub(crate) fn graph(&self) -> Ref<'_, Graph<V>> {
        self.graph.borrow()
    }

    pub(crate) fn set_name(&self, id: u32, name: impl fmt::Display) {
        self.graph.borrow_mut().names.set(id, name);
    }
}
