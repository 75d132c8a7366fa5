//! Batches of values, the reading that vectorises a program over a leading axis.

#[cfg(feature = "linalg")]
use crate::algebra::Decomposition;
use crate::algebra::{
    Custom, Dyn, Linear, LinearAlgebra, Matmul, Op, Primitive, Reading, Structural, Tree, broadcast, folds, from_end,
    tensor_operators,
};
use crate::array::{Axes, OrPanic, Shape, ShapeError, Tensor};
use std::iter::{Product, Sum, empty};
use std::sync::Arc;

/// A batch of values of one shape, along a leading axis that is hidden from the program.
///
/// The program is written for one value, and each operation computes the whole batch. A value that is the same for the
/// whole batch is stored once, until it meets a batched value. A Jacobian takes one backward pass, with the rows of the
/// identity as a batch of cotangents.
///
/// Only values with axes can be batched: over plain numbers, the first operation that needs the batch axis panics.
#[derive(Clone, Debug)]
pub struct Batched<V> {
    value: V,
    rows: Option<usize>,
}

impl<V: Reading> Batched<V> {
    /// The slices of a value along its first axis, as a batch.
    ///
    /// # Panics
    /// Panics if the value is a scalar.
    #[track_caller]
    pub fn from_batch(value: V) -> Self {
        let Some(&rows) = value.shape().first() else { panic!("from_batch: []: a scalar has no rows") };
        Self { value, rows: Some(rows) }
    }

    /// A value shared by the whole batch.
    pub fn shared(value: V) -> Self {
        Self { value, rows: None }
    }

    /// A tree of values that the whole batch shares, such as a model.
    pub fn constants<T: Tree<Leaf = V>>(&self, tree: &T) -> T::With<Self> {
        tree.map(&mut |_, leaf| Self::shared(leaf.clone()))
    }

    /// The values of the batch along a leading axis of size `rows`.
    ///
    /// # Panics
    /// Panics if the batch has another number of values.
    #[track_caller]
    pub fn into_batch(self, rows: usize) -> V {
        if let Some(found) = self.rows.filter(|&found| found != rows) {
            panic!("into_batch: {}: the batch has {found} values, not {rows}", self.value.shape());
        }
        self.with_rows(rows)
    }

    /// Numbers or places of the value, with the axis of this batch: it has size 1 if the value is shared.
    fn in_batch<T: Copy + Default + Send + Sync + 'static>(&self, numbers: Tensor<T>) -> Tensor<T> {
        match self.rows {
            Some(_) => numbers,
            None => numbers.reshape_view(&numbers.shape().insert(self.value.batch_axes(), 1)),
        }
    }

    #[track_caller]
    fn with_rows(&self, rows: usize) -> V {
        match self.rows {
            Some(_) => self.value.clone(),
            None => broadcast(&self.value, &self.value.shape().insert(0, rows)),
        }
    }
}

impl<V: Reading> Reading for Batched<V> {
    type Elem = V::Elem;
    type Tangent = Option<Self>;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        op.check_number_of_operands(x.len());
        if let Some(y) = apply_indexed(op, x[0]) {
            return y;
        }
        let Some(rows) = common_rows(op, x) else {
            let x: Vec<&V> = x.iter().map(|x| &x.value).collect();
            return Self::shared(V::apply(op, &x));
        };
        check_shapes(op, x);
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
            #[cfg(feature = "linalg")]
            Op::Decomposition(decomposition) => apply_decomposition(decomposition, x, rows),
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

    /// The numbers of the whole batch along a batch axis, which has size 1 for a shared value.
    fn primal(&self) -> Tensor<Self::Elem> {
        self.in_batch(self.value.primal())
    }

    fn batch_axes(&self) -> usize {
        self.value.batch_axes() + 1
    }

    fn lift(&self, numbers: &Tensor<Self::Elem>) -> Self {
        Self::shared(self.value.lift(numbers))
    }

    fn identity(&self, n: usize) -> Self {
        Self::shared(self.value.identity(n))
    }

    #[track_caller]
    fn argsort(&self, axis: isize) -> Tensor<usize> {
        self.in_batch(self.value.argsort(from_end("argsort", axis, &self.shape())))
    }

    #[track_caller]
    fn top_k_indices(&self, axis: isize, k: usize) -> Tensor<usize> {
        self.in_batch(self.value.top_k_indices(from_end("top_k_indices", axis, &self.shape()), k))
    }

    fn storage(&self, report: &mut dyn FnMut(usize, usize)) {
        self.value.storage(report);
    }
}

crate::operators!([V: Reading] Batched<V>);
tensor_operators!([V: Reading] Batched<V>, Tensor<V::Elem>);
folds!([V: Reading + Sum + Product] Batched<V>, Self::shared(empty::<V>().sum()), Self::shared(empty::<V>().product()));

#[track_caller]
fn common_rows<V>(op: &Op, x: &[&Batched<V>]) -> Option<usize> {
    let mut rows = x.iter().filter_map(|x| x.rows);
    let first = rows.next()?;
    if let Some(other) = rows.find(|&rows| rows != first) {
        panic!("{}: the operands are from different batches, of {first} and {other} values", op.name());
    }
    Some(first)
}

/// Checks the shapes before the batch axis is added, so that messages show them without it. Pointwise operations have been
/// broadcast, and a custom primitive checks its own operands.
#[track_caller]
fn check_shapes<V: Reading>(op: &Op, x: &[&Batched<V>]) {
    if !matches!(op, Op::Pointwise(_) | Op::Custom(_)) {
        let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
        op.infer(&shapes.iter().collect::<Vec<_>>()).or_panic();
    }
}

/// Applies an operation that needs no change for a batch axis, to operands that all have the axis.
#[track_caller]
fn apply_all<V: Reading>(op: &Op, x: &[&Batched<V>], rows: usize) -> V {
    let x: Vec<V> = x.iter().map(|x| x.with_rows(rows)).collect();
    V::apply(op, &x.iter().collect::<Vec<_>>())
}

#[track_caller]
fn apply_linear<V: Reading>(op: &Linear, x: &Batched<V>, rows: usize) -> V {
    let (value, rank) = (&x.value, x.shape().rank());
    let with_rows = |shape: &Shape| shape.insert(0, rows);
    let op = match op {
        // Shapes are aligned at the last axis, so insert axes of size 1 behind the batch axis if the rank changes.
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
        &Linear::Unfold { axis, size, step } => Linear::Unfold { axis: axis + 1, size, step },
        &Linear::Fold { axis, size, step } => Linear::Fold { axis: axis + 1, size, step },
        Linear::Gather { .. } | Linear::ScatterAdd { .. } => {
            unreachable!("apply_indexed applies gather and scatter-add")
        }
        Linear::Concat(_) => unreachable!("apply_all applies concat"),
    };
    V::apply(&op.into(), &[value])
}

/// Applies gather and scatter-add, whose index may be batched too; `None` for other operations.
///
/// An index computed from the numbers of this batch, as by a sort, has their batch axes; the last is this
/// batch's. An index from data, or from a tape that is not batched, lacks that axis and is shared.
#[track_caller]
fn apply_indexed<V: Reading>(op: &Op, x: &Batched<V>) -> Option<Batched<V>> {
    let Op::Linear(linear) = op else { return None };
    let (axis, index, size) = linear.index()?;
    let with_index = |axis, index: Tensor<usize>| match (size, index.into()) {
        (None, index) => Op::from(Linear::Gather { axis, index }),
        (Some(size), index) => Linear::ScatterAdd { axis, index, size }.into(),
    };
    let index_batch_axes = index.shape().rank().saturating_sub(x.shape().rank());
    match index_batch_axes {
        0 => op.infer(&[&x.shape()]).or_panic(),
        // The shape of an index without batch axes must fit, and all entries must be in range.
        _ => {
            let sample = Tensor::full(&index.shape()[index_batch_axes..], 0);
            with_index(axis, sample).infer(&[&x.shape()]).or_panic()
        }
    };
    let bound = size.unwrap_or_else(|| x.shape()[axis]);
    if let Some(i) = index.first_outside(bound) {
        panic!("{}", ShapeError::out_of_range(&op.name(), &x.shape(), i, bound));
    }
    let rows_of_index = (index_batch_axes == x.batch_axes()).then(|| index.shape()[index_batch_axes - 1]);
    let other_rows = |rows: usize| x.rows.is_some_and(|own| rows != own && rows != 1);
    if index_batch_axes > x.batch_axes() || rows_of_index.is_some_and(other_rows) {
        let reason = format!("the index has shape {}, which does not fit into the batch", index.shape());
        panic!("{}", ShapeError::new(op.name(), [&x.shape()], reason));
    }
    let (index, batch_axis) = match index_batch_axes == x.batch_axes() {
        true => (Tensor::clone(index), index_batch_axes - 1),
        false => (index.reshape_view(&index.shape().insert(index_batch_axes, 1)), index_batch_axes),
    };
    let rows = x.rows.or_else(|| Some(index.shape()[batch_axis]).filter(|&rows| rows != 1));
    let value = match rows {
        Some(rows) => {
            let index = index.broadcast_view(&index.shape().with(batch_axis, rows));
            V::apply(&with_index(axis + 1, index), &[&x.with_rows(rows)])
        }
        None => V::apply(&with_index(axis, index.reshape_view(&index.shape().remove(batch_axis))), &[&x.value]),
    };
    Some(Batched { value, rows })
}

/// One product for the whole batch if the right operand is a shared matrix, otherwise a product for each value.
#[track_caller]
fn apply_matmul<V: Reading>(op: Matmul, lhs: &Batched<V>, rhs: &Batched<V>, rows: usize) -> V {
    if rhs.rows.is_none() && rhs.value.shape().rank() == 2 && !op.transpose_lhs {
        return if op.transpose_rhs { lhs.value.matmul_t(&rhs.value) } else { lhs.value.matmul(&rhs.value) };
    }
    V::apply(&Op::Matmul(op), &[&lhs.with_rows(rows), &rhs.with_rows(rows)])
}

/// Decomposes each matrix of the batch. If the batch shares the matrix of a system of equations, all right sides become
/// columns of one.
#[cfg(feature = "linalg")]
#[track_caller]
fn apply_decomposition<V: Reading>(op: &Decomposition, x: &[&Batched<V>], rows: usize) -> V {
    let op = op.clone().into();
    let [a, b] = x else { return apply_all(&op, x, rows) };
    if a.rows.is_some() {
        return apply_all(&op, x, rows);
    }
    let shape = b.value.shape();
    let (last, columns) = (shape.rank() - 1, shape[shape.rank() - 1]);
    let behind_rows: Axes<usize> = (1..last).chain([0, last]).collect();
    let in_front: Axes<usize> = [last - 1].into_iter().chain(0..last - 1).chain([last]).collect();
    let all = b.value.permute(&behind_rows);
    let all = all.reshape(b.shape().with(last - 1, rows * columns));
    let y = V::apply(&op, &[&a.value, &all]);
    y.reshape(shape.iter().copied().skip(1).take(last - 1).chain([rows, columns]).collect::<Shape>()).permute(&in_front)
}

/// A primitive that applies another one, and its pullback, to a batch. Operands that are not `mapped` are shared.
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

    fn is_in_f64(&self) -> bool {
        self.custom.primitive().is_in_f64()
    }

    fn pull<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, g: Dyn<'a>) -> Vec<Dyn<'a>> {
        let (y, g) = (Batched::from_batch(y), Batched::from_batch(g));
        let cotangents = self.custom.pull(&self.operands(x).iter().collect::<Vec<_>>(), &y, &g);
        let unbatch = |(cotangent, mapped): (Batched<Dyn<'a>>, &bool)| {
            let rows = cotangent.into_batch(self.rows);
            if *mapped { rows } else { rows.sum_axis(0) }
        };
        cotangents.into_iter().zip(&self.mapped).map(unbatch).collect()
    }

    fn push<'a>(&self, x: &[Dyn<'a>], y: Dyn<'a>, dx: &[Dyn<'a>]) -> Option<Dyn<'a>> {
        let (x, dx) = (self.operands(x), self.operands(dx));
        let tangent = self.custom.push(&x.iter().collect::<Vec<_>>(), &Batched::from_batch(y), &dx);
        Some(tangent.into_batch(self.rows))
    }
}
