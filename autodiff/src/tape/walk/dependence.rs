//! Which elements of an input each element of an output depends on, by a walk of index sets over the tape.
//!
//! The sets hold for every value of the inputs and of the constants, as long as the same operations run: an operation
//! counts as dependent on each operand by which it is differentiable, even where the derivative is 0 at this point. A
//! custom primitive, a checkpoint, a fused formula or a decomposition makes each element of its result depend on all
//! elements of its operands.

use crate::algebra::{Linear, Matmul, Op, Reading};
use crate::array::{Shape, Tensor};
use crate::tape::graph::{Graph, Section};
use std::rc::Rc;

/// The elements of the input on which an element depends, in ascending order. Elements that were only moved share them.
pub(crate) type Indices = Rc<[u32]>;

/// The sets of a node's elements in row-major order, or `None` if no element depends on the input.
type Sets = Option<Vec<Indices>>;

/// A set for each element of the node `y`: the elements of the node `x` on which it depends.
pub(crate) fn dependence<V: Reading>(graph: &Graph<V>, y: u32, x: u32) -> Vec<Indices> {
    let mut sets = Section { start: x, entries: Vec::<Sets>::new() };
    for id in x..=y {
        let entry = match id == x {
            true => Some((0..graph.value(x).shape().size() as u32).map(|i| Rc::from([i])).collect()),
            false => of_node(graph, id, &sets),
        };
        sets.entries.push(entry);
    }
    let independent = || vec![Rc::from([]); graph.value(y).shape().size()];
    sets.get_mut(y).and_then(Option::take).unwrap_or_else(independent)
}

fn of_node<V: Reading>(graph: &Graph<V>, id: u32, sets: &Section<Sets>) -> Sets {
    let operand = |(i, &operand): (usize, &u32)| Operand {
        shape: graph.value(operand).shape(),
        sets: sets.get(operand).and_then(Option::as_deref).filter(|_| graph.is_differentiable(id, i)),
    };
    let x: Vec<Operand<'_>> = graph.operands(id).iter().enumerate().map(operand).collect();
    if x.iter().all(|x| x.sets.is_none()) {
        return None;
    }
    let shape = graph.value(id).shape();
    graph.with_op(id, |op| match op {
        Op::Pointwise(_) => (0..shape.size()).map(|i| union(x.iter().filter_map(|x| x.get(i)))).collect(),
        Op::Linear(linear) => of_linear(linear, &x, &shape),
        Op::Matmul(matmul) => of_matmul(*matmul, &x, &shape),
        Op::LogSoftmax { axis } => along(&shape, *axis, |line, y| {
            let all = union(line.iter().filter_map(|&i| x[0].get(i)));
            line.iter().for_each(|&i| y[i] = all.clone());
        }),
        Op::Custom(_) => of_all(&x, &shape),
        #[cfg(feature = "linalg")]
        Op::Decomposition(_) => of_all(&x, &shape),
    })
}

/// An operand of a node.
struct Operand<'a> {
    shape: Shape,
    /// Absent if no element depends on the input, or if the operation is not differentiable with respect to the
    /// operand.
    sets: Option<&'a [Indices]>,
}

impl Operand<'_> {
    fn get(&self, i: usize) -> Option<&Indices> {
        self.sets.map(|sets| &sets[i])
    }
}

fn of_linear(op: &Linear, x: &[Operand<'_>], shape: &Shape) -> Vec<Indices> {
    match op {
        Linear::Broadcast(_)
        | Linear::Reshape(_)
        | Linear::Permute(_)
        | Linear::Slice { .. }
        | Linear::Pad { .. }
        | Linear::Flip(_)
        | Linear::Unfold { .. }
        | Linear::Gather { .. }
        | Linear::Concat(_) => moved(op, x),
        Linear::SumTo(_) => added(&x[0], &Linear::Broadcast(x[0].shape.clone()), shape),
        &Linear::Fold { axis, step, .. } => {
            added(&x[0], &Linear::Unfold { axis, size: x[0].shape[x[0].shape.rank() - 1], step }, shape)
        }
        Linear::ScatterAdd { axis, index, .. } => {
            added(&x[0], &Linear::Gather { axis: *axis, index: index.clone() }, shape)
        }
        Linear::CumSum { axis, reverse } => along(shape, *axis, |line, y| {
            let mut sum: Indices = Rc::from([]);
            let mut step = |i: usize| {
                sum = union([Some(&sum), x[0].get(i)].into_iter().flatten());
                y[i] = sum.clone();
            };
            if *reverse { line.iter().rev().for_each(|&i| step(i)) } else { line.iter().for_each(|&i| step(i)) }
        }),
    }
}

/// The sets after an operation that moves and repeats elements. The operation itself says where they go, applied to the
/// numbers of the elements from 1 on; 0 is the padding.
fn moved(op: &Linear, x: &[Operand<'_>]) -> Vec<Indices> {
    let mut start = 0;
    let numbers: Vec<Tensor<f64>> = x
        .iter()
        .map(|x| {
            start += x.shape.size();
            numbered(&x.shape, start - x.shape.size() + 1)
        })
        .collect();
    let none: Indices = Rc::from([]);
    let sets: Vec<&Indices> = x.iter().flat_map(|x| (0..x.shape.size()).map(|i| x.get(i).unwrap_or(&none))).collect();
    let sources = Tensor::apply(&op.clone().into(), &numbers.iter().collect::<Vec<_>>());
    let set = |source: f64| if source == 0.0 { none.clone() } else { sets[source as usize - 1].clone() };
    sources.iter().map(set).collect()
}

/// The sets after an operation that adds elements. Its transpose, applied to the numbers of the results, says to which
/// result each element is added.
fn added(x: &Operand<'_>, transpose: &Linear, shape: &Shape) -> Vec<Indices> {
    let targets = Tensor::apply(&transpose.clone().into(), &[&numbered(shape, 0)]);
    let mut terms = vec![Vec::new(); shape.size()];
    for (i, target) in targets.iter().enumerate() {
        terms[target as usize].extend(x.get(i));
    }
    terms.into_iter().map(union).collect()
}

/// The elements numbered from `first` on, in row-major order.
fn numbered(shape: &Shape, first: usize) -> Tensor<f64> {
    Tensor::from_vec(shape.clone(), (first..first + shape.size()).map(|i| i as f64).collect())
}

/// An element of a matrix product depends on a row of the left factor, on a column of the right one, and on an addend.
fn of_matmul(op: Matmul, x: &[Operand<'_>], shape: &Shape) -> Vec<Indices> {
    let (rank, size) = (shape.rank(), shape.size());
    let [rows, columns] = [shape[rank - 2], shape[rank - 1]];
    let inner = x[0].shape[if op.transpose_lhs { rank - 2 } else { rank - 1 }];
    let lines = |x: &Operand<'_>, count: usize, across: bool| -> Vec<Indices> {
        let place = |batch: usize, line: usize, k: usize| {
            batch * count * inner + if across { k * count + line } else { line * inner + k }
        };
        let lines = (0..size / (rows * columns)).flat_map(|batch| (0..count).map(move |line| (batch, line)));
        lines.map(|(batch, line)| union((0..inner).filter_map(|k| x.get(place(batch, line, k))))).collect()
    };
    if size == 0 {
        return Vec::new();
    }
    let of_rows = lines(&x[0], rows, op.transpose_lhs);
    let of_columns = lines(&x[1], columns, !op.transpose_rhs);
    let addend = x.get(2).map(|addend| moved(&Linear::Broadcast(shape.clone()), std::slice::from_ref(addend)));
    let element = |i: usize| {
        let (batch, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
        let factors = [&of_rows[batch * rows + row], &of_columns[batch * columns + column]];
        union(factors.into_iter().chain(addend.as_ref().map(|addend| &addend[i])))
    };
    (0..size).map(element).collect()
}

/// The sets of a result whose elements all depend on all elements of the operands.
fn of_all(x: &[Operand<'_>], shape: &Shape) -> Vec<Indices> {
    vec![union(x.iter().flat_map(|x| x.sets.into_iter().flatten())); shape.size()]
}

/// The sets of a result that are computed line by line: `f` gets the places of the elements of a line along an axis.
fn along(shape: &Shape, axis: usize, mut f: impl FnMut(&[usize], &mut [Indices])) -> Vec<Indices> {
    let mut sets = vec![Rc::from([]); shape.size()];
    let stride: usize = shape[axis + 1..].iter().product();
    for first in (0..shape.size()).filter(|i| (i / stride).is_multiple_of(shape[axis])) {
        let line: Vec<usize> = (0..shape[axis]).map(|k| first + k * stride).collect();
        f(&line, &mut sets);
    }
    sets
}

/// The union of sets. A union of equal sets is the set itself, so that results which depend on the same elements share
/// it.
fn union<'a>(sets: impl IntoIterator<Item = &'a Indices>) -> Indices {
    let mut distinct: Vec<&Indices> = Vec::new();
    for set in sets {
        if !set.is_empty() && distinct.last().is_none_or(|last| !Rc::ptr_eq(last, set)) {
            distinct.push(set);
        }
    }
    if let [set] = &*distinct {
        return Rc::clone(set);
    }
    let mut all: Vec<u32> = distinct.iter().flat_map(|set| set.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    match distinct.into_iter().find(|set| set.len() == all.len()) {
        Some(whole) => whole.clone(),
        None => all.into(),
    }
}
