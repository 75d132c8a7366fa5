//! The nodes of a tape, in the order of recording. Every operand precedes its result.

use super::locations::Locations;
use super::names::Names;
use super::section::Section;
use super::slopes::{Known, Slopes, is_factor, is_worth_keeping};
use crate::algebra::{Op, Pointwise, Reading, per_operand};

/// The origin of a node's value. Unlike an [`Op`], it owns no memory, so nodes of numbers need no destructor when they
/// are overwritten or cleared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    Variable,
    Constant,
    /// Zeros: the derivative with respect to an input on which the output does not depend.
    Unconnected,
    Pointwise(Pointwise),
    /// Any other operation, by its index in [`Graph::operations`].
    Operation(u32),
}

/// A recorded value. A node of a plain number takes 32 bytes.
pub(crate) struct Node<V> {
    pub(crate) origin: Origin,
    pub(crate) operands: OperandIds,
    pub(crate) value: V,
}

const _: () = assert!(size_of::<Node<f64>>() <= 32 && !std::mem::needs_drop::<Node<f64>>());

/// The operands of a node: `[NONE, NONE]`, `[a, NONE]` or `[a, b]`. For more than two operands, `NONE` and the index in
/// [`Graph::operand_lists`] at which their count and their numbers begin.
pub(crate) type OperandIds = [u32; 2];
pub(crate) const NONE: u32 = u32::MAX;

/// The capacity of a new tape: most small programs, such as a function whose gradient is a step of another program, grow no
/// further.
const FEW: usize = 32;

/// The nodes, and the data that only some nodes have.
pub(crate) struct Graph<V> {
    pub(crate) nodes: Vec<Node<V>>,
    operand_lists: Vec<u32>,
    /// The operations that are not pointwise.
    operations: Vec<Op>,
    /// The number of nodes up to and including the last variable.
    pub(crate) inputs_end: usize,
    pub(crate) names: Names,
    slopes: Slopes,
    /// Whether `locations` holds the source line of each node.
    pub(crate) traced: bool,
    pub(crate) locations: Locations,
}

impl<V> Default for Graph<V> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            operand_lists: Vec::new(),
            operations: Vec::new(),
            inputs_end: 0,
            names: Names::default(),
            slopes: Slopes::default(),
            traced: false,
            locations: Locations::default(),
        }
    }
}

impl<V> Graph<V> {
    /// Removes all nodes and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.operand_lists.clear();
        self.operations.clear();
        self.inputs_end = 0;
        self.names.clear();
        self.slopes.clear();
        self.locations.clear();
    }

    /// Reserves memory for `n` more nodes. The capacity never exceeds 2³² − 1, so every node within it has a number.
    pub(crate) fn reserve(&mut self, n: usize) {
        let (len, room) = (self.nodes.len(), self.nodes.capacity() - self.nodes.len());
        assert!(n <= NONE as usize - len, "Tape: a tape holds at most 2³² − 1 nodes");
        if room < n {
            self.nodes.reserve_exact(n.max(len).max(FEW).min(NONE as usize - len));
        }
    }

    /// The memory in bytes, without the storage of the values.
    pub(crate) fn bytes(&self) -> usize {
        let operations = self.operations.capacity() * size_of::<Op>();
        self.nodes.capacity() * size_of::<Node<V>>()
            + self.operand_lists.capacity() * size_of::<u32>()
            + operations
            + self.slopes.bytes()
    }

    /// The operands of a node.
    #[inline(always)]
    pub(crate) fn operands(&self, id: u32) -> &[u32] {
        match &self.nodes[id as usize].operands {
            [NONE, NONE] => &[],
            [NONE, start] => self.operand_list(*start as usize),
            [a, NONE] => std::slice::from_ref(a),
            pair => pair,
        }
    }

    #[cold]
    fn operand_list(&self, start: usize) -> &[u32] {
        &self.operand_lists[start + 1..][..self.operand_lists[start] as usize]
    }

    /// Marks the nodes from which the outputs were computed, and the outputs themselves: from the node `start` up to the
    /// last output.
    pub(crate) fn ancestors(&self, outputs: &[u32], start: u32) -> Section<bool> {
        let end = outputs.iter().max().map_or(0, |&last| last + 1);
        let mut marks = Section { start, entries: vec![false; end.saturating_sub(start) as usize] };
        let mark = |marks: &mut Section<bool>, ids: &[u32]| {
            ids.iter().for_each(|&id| marks.get_mut(id).into_iter().for_each(|mark| *mark = true));
        };
        mark(&mut marks, outputs);
        for id in marks.ids().rev() {
            if marks.get(id) == Some(&true) {
                mark(&mut marks, self.operands(id));
            }
        }
        marks
    }

    #[inline(always)]
    pub(crate) fn value(&self, id: u32) -> &V {
        &self.nodes[id as usize].value
    }

    /// The operation of a node. A leaf has none.
    pub(crate) fn op(&self, id: u32) -> Option<Op> {
        self.with_op(id, Op::clone)
    }

    /// Calls `f` with the operation of a node. Returns `None` for a leaf. Passes use it at every node, because
    /// returning an operation would copy it twice.
    #[inline(always)]
    pub(crate) fn with_op<R>(&self, id: u32, f: impl FnOnce(&Op) -> R) -> Option<R> {
        let pointwise;
        let op = match self.nodes[id as usize].origin {
            Origin::Pointwise(op) => {
                pointwise = op.into();
                &pointwise
            }
            Origin::Operation(index) => &self.operations[index as usize],
            Origin::Variable | Origin::Constant | Origin::Unconnected => return None,
        };
        Some(f(op))
    }

    /// Whether a node is differentiable with respect to its operand `i`.
    #[inline]
    pub(crate) fn is_differentiable(&self, id: u32, i: usize) -> bool {
        match self.nodes[id as usize].origin {
            Origin::Pointwise(op) => op.differentiable(i),
            Origin::Operation(index) => self.operations[index as usize].differentiable(i),
            Origin::Variable | Origin::Constant | Origin::Unconnected => false,
        }
    }

    #[inline(always)]
    #[track_caller]
    pub(crate) fn push(&mut self, origin: Origin, operands: OperandIds, value: V) -> u32 {
        let id = self.nodes.len();
        if id == self.nodes.capacity() || self.traced {
            return self.push_slow(origin, operands, value);
        }
        // `extend` builds the node in place. `Vec::push` would build it on the stack and copy it with loads that do not
        // match the stores, which triples the time of recording.
        self.nodes.extend(std::iter::once_with(|| Node { origin, operands, value }));
        id as u32
    }

    /// As [`push`](Graph::push), if the vector must grow or the tape is traced. With a path that returned
    /// here, `push` would take half as long again.
    #[cold]
    #[track_caller]
    fn push_slow(&mut self, origin: Origin, operands: OperandIds, value: V) -> u32 {
        self.reserve(1);
        if self.traced {
            self.locations.push();
        }
        self.nodes.push(Node { origin, operands, value });
        self.nodes.len() as u32 - 1
    }

    fn push_operand_list(&mut self, operands: &[u32]) -> OperandIds {
        let start = self.operand_lists.len() as u32;
        self.operand_lists.push(operands.len() as u32);
        self.operand_lists.extend_from_slice(operands);
        [NONE, start]
    }
}

impl<V: Reading> Graph<V> {
    /// Reports the address and the size of each storage that the values hold, or that custom operations keep for a
    /// backward pass.
    pub(crate) fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.nodes.iter().for_each(|node| node.value.storage(report));
        for op in &self.operations {
            if let Op::Custom(custom) = op {
                custom.primitive().storage(report);
            }
        }
    }

    /// Applies an operation to nodes and appends the result.
    #[track_caller]
    pub(crate) fn apply(&mut self, op: &Op, x: &[u32]) -> u32 {
        let value = V::apply(op, &per_operand(x, |&x| self.value(x)));
        let operands = match *x {
            [a] => [a, NONE],
            [a, b] => [a, b],
            _ => self.push_operand_list(x),
        };
        let origin = match op {
            Op::Pointwise(op) => Origin::Pointwise(*op),
            op => {
                self.operations.push(op.clone());
                Origin::Operation(self.operations.len() as u32 - 1)
            }
        };
        self.push(origin, operands, value)
    }

    /// Like [`apply`](Graph::apply), but for a factor of a derivative, which is computed once.
    #[inline(never)]
    #[track_caller]
    pub(crate) fn slope(&mut self, op: Pointwise, x: &[u32]) -> u32 {
        let operands = match *x {
            // On a traced tape, each derivative records its own factors, with its own source line.
            _ if self.traced || !is_worth_keeping(self.value(x[0])) => return self.apply(&op.into(), x),
            [a] => [a, NONE],
            [a, b] => [a, b],
            _ => return self.apply(&op.into(), x),
        };
        let id = match self.slopes.get(op, operands) {
            Some(Known::Factor(id)) => return id,
            Some(Known::Value(id)) => self.push(Origin::Pointwise(op), operands, self.value(id).clone()),
            None => self.apply(&op.into(), x),
        };
        self.slopes.insert_factor(op, operands, id);
        id
    }

    /// Notes a node whose rule runs, because the rules of its factors may need its value.
    pub(crate) fn note_slope(&mut self, id: u32) {
        let Node { origin, operands, value } = &self.nodes[id as usize];
        if let Origin::Pointwise(op) = *origin
            && V::PLAIN
            && is_factor(op)
            && is_worth_keeping(value)
        {
            self.slopes.note(op, *operands, id);
        }
    }

    /// Like [`apply`](Graph::apply), but for pointwise operations only. Scalar programs consist of them.
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
