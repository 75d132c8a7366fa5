//! Many values side by side: the reading «batch».

use crate::algebra::{
    Custom, Dyn, Linear, LinearAlgebra, Matmul, Op, Primitive, Structural, Value, broadcast, operators,
};
use crate::array::{Axes, OrPanic, Shape, Tensor};
use std::sync::Arc;

/// Values of one shape along a leading axis that the program does not see: it works on one, and all are computed.
///
/// A value that is the same for the whole batch is held once, and stays so until it meets one that is not. This is how
/// a Jacobian takes one walk: the rows of the identity are a batch of cotangents.
///
/// Only values with axes can be batched: over plain numbers the first operation that needs the batch axis panics.
#[derive(Clone, Debug)]
pub struct Batched<V> {
    value: V,
    rows: Option<usize>,
}

impl<V: Value> Batched<V> {
    /// The slices of a value along its first axis, as a batch.
    ///
    /// # Panics
    /// If the value has no axis.
    #[track_caller]
    pub fn from_batch(value: V) -> Self {
        let Some(&rows) = value.shape().first() else { panic!("batch: []: a scalar has no rows") };
        Self { value, rows: Some(rows) }
    }

    /// A value that is the same for the whole batch.
    pub fn shared(value: V) -> Self {
        Self { value, rows: None }
    }

    /// The values along a leading axis of `rows`: the batch made visible again.
    pub fn into_batch(self, rows: usize) -> V {
        self.with_rows(rows)
    }

    /// How many values there are, or `None` if one is shared by the whole batch.
    pub(crate) fn rows(&self) -> Option<usize> {
        self.rows
    }

    fn with_rows(&self, rows: usize) -> V {
        match self.rows {
            Some(_) => self.value.clone(),
            None => broadcast(&self.value, &self.value.shape().insert(0, rows)),
        }
    }
}

impl<V: Value> Value for Batched<V> {
    type Elem = V::Elem;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        if let Some(y) = apply_indexed(op, x[0]) {
            return y;
        }
        let Some(rows) = common_rows(x) else {
            let x: Vec<&V> = x.iter().map(|x| &x.value).collect();
            return Self::shared(V::apply(op, &x));
        };
        let value = match op {
            Op::Pointwise(_) => apply_all(op, x, rows),
            Op::Linear(linear) => match linear {
                Linear::Concat(axis) => apply_all(&Linear::Concat(axis + 1).into(), x, rows),
                linear => apply_linear(linear, x[0], rows),
            },
            Op::Matmul(matmul) => {
                let product = Self { value: apply_matmul(*matmul, x[0], x[1], rows), rows: Some(rows) };
                return if let Some(&addend) = x.get(2) { product + addend } else { product };
            }
            Op::LogSoftmax { axis } => V::apply(&Op::LogSoftmax { axis: axis + 1 }, &[&x[0].value]),
            Op::Custom(custom) => {
                let mapped = x.iter().map(|x| x.rows.is_some()).collect();
                let batched = BatchedPrimitive { custom: custom.clone(), mapped, rows };
                let op = Op::Custom(Arc::new(Custom::new(batched)));
                V::apply(&op, &x.iter().map(|x| &x.value).collect::<Vec<_>>())
            }
        };
        Self { value, rows: Some(rows) }
    }

    fn shape(&self) -> Shape {
        let shape = self.value.shape();
        if self.rows.is_some() { shape.remove(0) } else { shape }
    }

    /// The numbers of all values, along a hidden axis; it has size 1 if one value is shared.
    fn primal(&self) -> Tensor<Self::Elem> {
        let numbers = self.value.primal();
        match self.rows {
            Some(_) => numbers,
            None => numbers.reshape_view(&numbers.shape().insert(self.value.batch_axes(), 1)),
        }
    }

    fn batch_axes(&self) -> usize {
        self.value.batch_axes() + 1
    }

    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self {
        Self::shared(self.value.lift(numbers))
    }

    fn storage(&self, show: &mut dyn FnMut(usize, usize)) {
        self.value.storage(show);
    }
}

operators!([V: Value] Batched<V>);

#[track_caller]
fn common_rows<V>(x: &[&Batched<V>]) -> Option<usize> {
    let mut rows = x.iter().filter_map(|x| x.rows);
    let first = rows.next()?;
    if let Some(other) = rows.find(|&rows| rows != first) {
        panic!("batches of {first} and {other} values meet: they come from different batches");
    }
    Some(first)
}

/// Applies an operation that the leading axis changes nothing about, to operands that all have it.
#[track_caller]
fn apply_all<V: Value>(op: &Op, x: &[&Batched<V>], rows: usize) -> V {
    let x: Vec<V> = x.iter().map(|x| x.with_rows(rows)).collect();
    V::apply(op, &x.iter().collect::<Vec<_>>())
}

#[track_caller]
fn apply_linear<V: Value>(op: &Linear, x: &Batched<V>, rows: usize) -> V {
    // Checked here, so that a message shows the shapes that the program sees.
    Op::from(op.clone()).infer(&[&x.shape()]).or_panic();
    let (value, rank) = (&x.value, x.shape().rank());
    let with_rows = |shape: &Shape| shape.insert(0, rows);
    let op = match op {
        // Axes are aligned at the last one: where the rank changes, the batch axis must be moved out of the way.
        Linear::Broadcast(to) => {
            let ones = vec![1; to.rank() - rank];
            let aligned: Shape = [rows].into_iter().chain(ones).chain(x.shape().iter().copied()).collect();
            return broadcast(&value.reshape(aligned), &with_rows(to));
        }
        Linear::SumTo(to) => {
            let ones = vec![1; rank - to.rank()];
            let aligned: Shape = [rows].into_iter().chain(ones).chain(to.iter().copied()).collect();
            return value.sum_to(aligned).reshape(with_rows(to));
        }
        Linear::Reshape(to) => Linear::Reshape(with_rows(to)),
        Linear::Permute(axes) => {
            Linear::Permute([0].into_iter().chain(axes.iter().map(|axis| axis + 1)).collect::<Axes<usize>>())
        }
        &Linear::Slice { axis, start, len, step } => Linear::Slice { axis: axis + 1, start, len, step },
        &Linear::Pad { axis, start, size, step } => Linear::Pad { axis: axis + 1, start, size, step },
        Linear::Flip(axis) => Linear::Flip(axis + 1),
        &Linear::CumSum { axis, reverse } => Linear::CumSum { axis: axis + 1, reverse },
        Linear::Gather { .. } | Linear::ScatterAdd { .. } => unreachable!("is applied by its index"),
        Linear::Concat(_) => unreachable!("has several operands"),
    };
    V::apply(&op.into(), &[value])
}

/// Gathers or scatters: here the index, too, may be one for each value. An index that was made from the numbers of
/// this batch (a sort) has their hidden axes, of which the last one is this batch's. One that was given as data, or
/// made outside of this batch (a walk that is batched, over a tape that is not), lacks it, and is shared.
#[track_caller]
fn apply_indexed<V: Value>(op: &Op, x: &Batched<V>) -> Option<Batched<V>> {
    let Op::Linear(linear) = op else { return None };
    let (axis, index, size) = match linear {
        Linear::Gather { axis, index } => (*axis, index, None),
        Linear::ScatterAdd { axis, index, size } => (*axis, index, Some(*size)),
        _ => return None,
    };
    let with_index = |axis, index: Tensor<usize>| match (size, index.into()) {
        (None, index) => Op::from(Linear::Gather { axis, index }),
        (Some(size), index) => Linear::ScatterAdd { axis, index, size }.into(),
    };
    let hidden = index.shape().rank().saturating_sub(x.shape().rank());
    if hidden == 0 {
        op.infer(&[&x.shape()]).or_panic();
    }
    let (index, place) = match hidden == x.batch_axes() {
        true => (Tensor::clone(index), hidden - 1),
        false => (index.reshape_view(&index.shape().insert(hidden, 1)), hidden),
    };
    let rows = x.rows.or_else(|| Some(index.shape()[place]).filter(|&rows| rows != 1));
    let value = match rows {
        Some(rows) => {
            let index = index.broadcast_view(&index.shape().with(place, rows));
            V::apply(&with_index(axis + 1, index), &[&x.with_rows(rows)])
        }
        None => V::apply(&with_index(axis, index.reshape_view(&index.shape().remove(place))), &[&x.value]),
    };
    Some(Batched { value, rows })
}

/// One product for the whole batch where the right operand is shared, else a product for each value.
#[track_caller]
fn apply_matmul<V: Value>(op: Matmul, lhs: &Batched<V>, rhs: &Batched<V>, rows: usize) -> V {
    if rhs.rows.is_none() && rhs.value.shape().rank() == 2 && !op.transpose_lhs {
        return if op.transpose_rhs { lhs.value.matmul_t(&rhs.value) } else { lhs.value.matmul(&rhs.value) };
    }
    V::apply(&Op::Matmul(op), &[&lhs.with_rows(rows), &rhs.with_rows(rows)])
}

/// A primitive over a batch, as a primitive: so its own pullback serves, batched too. Operands that are not `mapped` are
/// shared by the batch.
struct BatchedPrimitive {
    custom: Arc<Custom>,
    mapped: Vec<bool>,
    rows: usize,
}

impl BatchedPrimitive {
    fn operands<'a>(&self, x: &[Dyn<'a>]) -> Vec<Batched<Dyn<'a>>> {
        let batched = |(x, mapped): (&Dyn<'a>, &bool)| match mapped {
            true => Batched::from_batch(*x),
            false => Batched::shared(*x),
        };
        x.iter().zip(&self.mapped).map(batched).collect()
    }
}

impl Primitive for BatchedPrimitive {
    fn name(&self) -> &str {
        self.custom.primitive().name()
    }

    fn differentiable(&self, i: usize) -> bool {
        self.custom.primitive().differentiable(i)
    }

    fn eval<'a>(&self, x: &[Dyn<'a>]) -> Dyn<'a> {
        self.custom.eval(&self.operands(x).iter().collect::<Vec<_>>()).into_batch(self.rows)
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let (y, g) = (Batched::from_batch(y), Batched::from_batch(g));
        let parts = self.custom.pull(&self.operands(x).iter().collect::<Vec<_>>(), &y, &g);
        let unbatch = |(part, mapped): (Batched<Dyn<'a>>, &bool)| {
            let rows = part.into_batch(self.rows);
            if *mapped { rows } else { rows.sum_axis(0) }
        };
        parts.into_iter().zip(&self.mapped).map(unbatch).collect()
    }

    fn push<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        let (x, dx) = (self.operands(x), self.operands(dx));
        let tangent = self.custom.push(&x.iter().collect::<Vec<_>>(), &Batched::from_batch(y), &dx);
        Some(tangent.into_batch(self.rows))
    }
}
