//! Runs a function of [`Dyn`] values on the values of a reading.

use super::traits::Reading;
use crate::algebra::op::{Arena, Dyn, Linear, Op};
use crate::array::{Number, OrPanic, Shape, Tensor};
use std::cell::RefCell;

/// The operands of a function of [`Dyn`] values, and the values that it has computed so far.
struct Values<V>(RefCell<Vec<V>>);

impl<V: Reading> Values<V> {
    fn get(&self, id: usize) -> V {
        self.0.borrow()[id].clone()
    }

    fn push(&self, value: V) -> usize {
        let mut values = self.0.borrow_mut();
        values.push(value);
        values.len() - 1
    }
}

impl<V: Reading> Arena for Values<V> {
    #[track_caller]
    fn apply(&self, op: &Op, x: &[usize]) -> usize {
        let x: Vec<V> = x.iter().map(|&id| self.get(id)).collect();
        self.push(V::apply(op, &x.iter().collect::<Vec<_>>()))
    }

    fn shape(&self, id: usize) -> Shape {
        self.0.borrow()[id].shape()
    }

    fn primal(&self, id: usize) -> Tensor<f64> {
        self.get(id).primal().map(|x| x.to_f64())
    }

    fn batch_axes(&self, id: usize) -> usize {
        self.get(id).batch_axes()
    }

    fn lift(&self, like: usize, numbers: &Tensor<f64>) -> usize {
        let like = self.get(like);
        self.push(like.lift(&numbers.map(|&x| V::Elem::from_f64(x))))
    }

    fn full_like(&self, like: usize, c: f64) -> usize {
        let like = self.get(like);
        self.push(like.full_like(c))
    }

    fn identity(&self, like: usize, n: usize) -> usize {
        let like = self.get(like);
        self.push(like.identity(n))
    }
}

/// Runs a function of `Dyn` values on the values of a reading.
#[track_caller]
pub(crate) fn run<V: Reading>(x: &[&V], f: impl for<'a> FnOnce(&[Dyn<'a>]) -> Vec<Dyn<'a>>) -> Vec<V> {
    let values = Values(RefCell::new(x.iter().map(|&x| x.clone()).collect()));
    let operands: Vec<Dyn<'_>> = (0..x.len()).map(|id| Dyn { arena: &values, id }).collect();
    f(&operands).iter().map(|y| values.get(y.id)).collect()
}

/// Checks the shapes before the call of a trait object, which loses the caller's line.
#[track_caller]
fn check_shapes(op: &Op, x: &[&Dyn<'_>]) {
    let is_by_rows = match op {
        // In a batch, an index may have rows of its own, which only the batch can check.
        Op::Linear(Linear::Gather { .. } | Linear::ScatterAdd { .. }) => x[0].batch_axes() > 0,
        Op::Pointwise(_) | Op::Linear(_) | Op::Matmul(_) | Op::LogSoftmax { .. } => false,
        #[cfg(feature = "linalg")]
        Op::Decomposition(_) => false,
        Op::Custom(_) => return,
    };
    if !is_by_rows {
        let shapes: Vec<Shape> = x.iter().map(|x| x.shape()).collect();
        op.infer(&shapes.iter().collect::<Vec<_>>()).or_panic();
    }
}

impl<'a> Reading for Dyn<'a> {
    type Elem = f64;
    type Tangent = Option<Self>;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        op.check_any_operand(x);
        let arena = x[0].arena;
        assert!(
            x.iter().all(|x| std::ptr::addr_eq(x.arena, arena)),
            "{op}: the operands belong to different primitives"
        );
        check_shapes(op, x);
        let ids: smallvec::SmallVec<[usize; 3]> = x.iter().map(|x| x.id).collect();
        Self { arena, id: arena.apply(op, &ids) }
    }

    fn shape(&self) -> Shape {
        self.arena.shape(self.id)
    }

    fn primal(&self) -> Tensor<f64> {
        self.arena.primal(self.id)
    }

    fn lift(&self, numbers: &Tensor<f64>) -> Self {
        Self { arena: self.arena, id: self.arena.lift(self.id, numbers) }
    }

    fn full_like(&self, c: f64) -> Self {
        Self { arena: self.arena, id: self.arena.full_like(self.id, c) }
    }

    fn identity(&self, n: usize) -> Self {
        Self { arena: self.arena, id: self.arena.identity(self.id, n) }
    }

    fn batch_axes(&self) -> usize {
        self.arena.batch_axes(self.id)
    }
}

crate::operators!(['a] Dyn<'a>);
