//! The nodes of a tape, in the order in which they came, which is an order of dependence.

use super::locations::Locations;
use super::names::Names;
use crate::algebra::{Op, Pointwise, Value, per_operand};

/// Where the value of a node comes from. (Not an `Op`, which may own memory: nodes of numbers own none, so that they are
/// written, and forgotten, without looking at what was there before.)
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    Variable,
    Constant,
    /// Zeros that stand for the derivative by an input that the output does not depend on.
    Unconnected,
    Pointwise(Pointwise),
    /// Any other operation, by its place in [`Graph::others`].
    Other(u32),
}

/// One recorded value. For plain numbers it takes 32 bytes.
pub(crate) struct Node<V> {
    pub(crate) origin: Origin,
    pub(crate) operands: OperandIds,
    pub(crate) value: V,
}

const _: () = assert!(size_of::<Node<f64>>() <= 32 && !std::mem::needs_drop::<Node<f64>>());

/// The operands of a node: two numbers, of which those that are not needed are `NONE`; or, of more than two operands,
/// `NONE` and the place in [`Graph::links`] where they stand, after their count.
pub(crate) type OperandIds = [u32; 2];
pub(crate) const NONE: u32 = u32::MAX;

/// The nodes, and what only some of them have.
pub(crate) struct Graph<V> {
    pub(crate) nodes: Vec<Node<V>>,
    links: Vec<u32>,
    /// The operations that are not pointwise.
    others: Vec<Op>,
    /// The last variable and all before it are so many nodes.
    pub(crate) inputs: usize,
    pub(crate) names: Names,
    /// Whether the source line of each node is noted.
    pub(crate) traced: bool,
    pub(crate) locations: Locations,
}

impl<V> Default for Graph<V> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            links: Vec::new(),
            others: Vec::new(),
            inputs: 0,
            names: Names::default(),
            traced: false,
            locations: Locations::default(),
        }
    }
}

impl<V> Graph<V> {
    /// Forgets all nodes and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.links.clear();
        self.others.clear();
        self.inputs = 0;
        self.names.clear();
        self.locations.clear();
    }

    /// Makes room for `n` more nodes, and never for more than can be numbered: so where there is room there is a number.
    pub(crate) fn reserve(&mut self, n: usize) {
        let (len, room) = (self.nodes.len(), self.nodes.capacity() - self.nodes.len());
        assert!(n <= NONE as usize - len, "a tape holds fewer than 2³² nodes");
        if room < n {
            self.nodes.reserve_exact(n.max(len).max(4).min(NONE as usize - len));
        }
    }

    /// The bytes that are held, without those that the values hold elsewhere.
    pub(crate) fn bytes(&self) -> usize {
        let others = self.others.capacity() * size_of::<Op>();
        self.nodes.capacity() * size_of::<Node<V>>() + self.links.capacity() * size_of::<u32>() + others
    }

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

    /// The operation of a node; none of a leaf.
    pub(crate) fn op(&self, id: u32) -> Option<Op> {
        self.with_op(id, Op::clone)
    }

    /// `f` of the operation of a node; nothing for a leaf. (A walk asks at each node: an operation that is handed out would
    /// be copied twice on its way, each time before it has arrived.)
    #[inline(always)]
    pub(crate) fn with_op<R>(&self, id: u32, f: impl FnOnce(&Op) -> R) -> Option<R> {
        let pointwise;
        let op = match self.nodes[id as usize].origin {
            Origin::Pointwise(op) => {
                pointwise = op.into();
                &pointwise
            }
            Origin::Other(place) => &self.others[place as usize],
            Origin::Variable | Origin::Constant | Origin::Unconnected => return None,
        };
        Some(f(op))
    }

    /// Whether a node has a derivative by its operand `i`.
    #[inline]
    pub(crate) fn is_differentiable(&self, id: u32, i: usize) -> bool {
        match self.nodes[id as usize].origin {
            Origin::Pointwise(op) => op.differentiable(i),
            Origin::Other(place) => self.others[place as usize].differentiable(i),
            Origin::Variable | Origin::Constant | Origin::Unconnected => false,
        }
    }

    #[inline(always)]
    #[track_caller]
    pub(crate) fn push(&mut self, origin: Origin, operands: OperandIds, value: V) -> u32 {
        let id = self.nodes.len();
        if id == self.nodes.capacity() || self.traced {
            return self.push_apart(origin, operands, value);
        }
        // The node is built in its place: `push` would build it on the stack and copy it in other parts than it was
        // written in, for which a processor waits twice as long as the rest takes.
        self.nodes.extend(std::iter::once_with(|| Node { origin, operands, value }));
        id as u32
    }

    /// Where there is no room yet, or more is to be noted. Apart, and with nothing to come back to: a path that returned
    /// into `push` would cost it half as much again.
    #[cold]
    #[track_caller]
    fn push_apart(&mut self, origin: Origin, operands: OperandIds, value: V) -> u32 {
        self.reserve(1);
        if self.traced {
            self.locations.push();
        }
        self.nodes.push(Node { origin, operands, value });
        self.nodes.len() as u32 - 1
    }

    fn link(&mut self, operands: &[u32]) -> OperandIds {
        let place = self.links.len() as u32;
        self.links.push(operands.len() as u32);
        self.links.extend_from_slice(operands);
        [NONE, place]
    }
}

impl<V: Value> Graph<V> {
    /// Shows the memory of the values, and of what operations keep for a walk back.
    pub(crate) fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
        self.nodes.iter().for_each(|node| node.value.storage(show));
        for op in &self.others {
            if let Op::Custom(custom) = op {
                custom.primitive().storage(show);
            }
        }
    }

    /// Applies an operation to nodes, and appends the result.
    #[track_caller]
    pub(crate) fn apply(&mut self, op: &Op, x: &[u32]) -> u32 {
        let value = V::apply(op, &per_operand(x, |&x| self.value(x)));
        let operands = match *x {
            [a] => [a, NONE],
            [a, b] => [a, b],
            _ => self.link(x),
        };
        let origin = match op {
            Op::Pointwise(op) => Origin::Pointwise(*op),
            other => {
                self.others.push(other.clone());
                Origin::Other(self.others.len() as u32 - 1)
            }
        };
        self.push(origin, operands, value)
    }

    /// As [`apply`](Graph::apply), for what scalar programs consist of.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn pointwise(&mut self, op: Pointwise, x: &[u32]) -> u32 {
        let (value, operands) = match *x {
            [a] => (V::apply_pointwise(op, &[self.value(a)]), [a, NONE]),
            [a, b] => (V::apply_pointwise(op, &[self.value(a), self.value(b)]), [a, b]),
            _ => return self.apply(&op.into(), x),
        };
        self.push(Origin::Pointwise(op), operands, value)
    }
}
