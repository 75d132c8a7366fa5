//! A value of any reading: how a user's primitive, written once, reaches all of them.

use crate::element::Element;
use crate::op::Op;
use crate::operators::operators;
use crate::shape::Shape;
use crate::tensor::Tensor;
use crate::value::Value;
use std::cell::RefCell;

/// A value whose reading is not known where the code is written: a number, a variable, a dual number or a batch.
///
/// Operations on it are carried out at once, by whatever is behind it. It exists because a function that is generic
/// over [`Value`] cannot be stored in a tape (Rust has no generic methods behind `dyn`), but a function of `Dyn` can.
#[derive(Clone, Copy)]
pub struct Dyn<'a> {
    world: &'a dyn World,
    id: usize,
}

/// The values of one reading, by number.
trait World {
    fn apply(&self, op: &Op, x: &[usize]) -> usize;
    fn shape(&self, id: usize) -> Shape;
    fn primal(&self, id: usize) -> Tensor<f64>;
    fn hidden_axes(&self, id: usize) -> usize;
    fn lift(&self, like: usize, numbers: &Tensor<f64>) -> usize;
    fn full_like(&self, like: usize, c: f64) -> usize;
}

struct Stack<V>(RefCell<Vec<V>>);

impl<V: Value> Stack<V> {
    fn get(&self, id: usize) -> V {
        self.0.borrow()[id].clone()
    }

    fn push(&self, value: V) -> usize {
        let mut values = self.0.borrow_mut();
        values.push(value);
        values.len() - 1
    }
}

impl<V: Value> World for Stack<V> {
    #[track_caller]
    fn apply(&self, op: &Op, x: &[usize]) -> usize {
        let x: Vec<V> = x.iter().map(|&id| self.get(id)).collect();
        self.push(V::apply(op, &x.iter().collect::<Vec<_>>()))
    }

    fn shape(&self, id: usize) -> Shape {
        self.get(id).shape()
    }

    fn primal(&self, id: usize) -> Tensor<f64> {
        self.get(id).primal().map(|x| x.to_f64())
    }

    fn hidden_axes(&self, id: usize) -> usize {
        self.get(id).hidden_axes()
    }

    fn lift(&self, like: usize, numbers: &Tensor<f64>) -> usize {
        let like = self.get(like);
        self.push(like.lift(&numbers.map(|&x| V::Elem::from_f64(x))))
    }

    fn full_like(&self, like: usize, c: f64) -> usize {
        let like = self.get(like);
        self.push(like.full_like(c))
    }
}

/// Runs a function of `Dyn` values on values of some reading.
#[track_caller]
pub(crate) fn run<V: Value>(x: &[&V], f: impl for<'a> FnOnce(&[Dyn<'a>]) -> Vec<Dyn<'a>>) -> Vec<V> {
    let stack = Stack(RefCell::new(x.iter().map(|&x| x.clone()).collect()));
    let operands: Vec<Dyn<'_>> = (0..x.len()).map(|id| Dyn { world: &stack, id }).collect();
    f(&operands).iter().map(|y| stack.get(y.id)).collect()
}

impl<'a> Value for Dyn<'a> {
    type Elem = f64;

    #[track_caller]
    fn apply(op: &Op, x: &[&Self]) -> Self {
        let world = x[0].world;
        assert!(x.iter().all(|x| std::ptr::addr_eq(x.world, world)), "{op}: operands of different functions meet");
        let ids: smallvec::SmallVec<[usize; 3]> = x.iter().map(|x| x.id).collect();
        Self { world, id: world.apply(op, &ids) }
    }

    fn shape(&self) -> Shape {
        self.world.shape(self.id)
    }

    fn primal(&self) -> Tensor<f64> {
        self.world.primal(self.id)
    }

    fn hidden_axes(&self) -> usize {
        self.world.hidden_axes(self.id)
    }

    fn lift(&self, numbers: &Tensor<f64>) -> Self {
        Self { world: self.world, id: self.world.lift(self.id, numbers) }
    }

    fn full_like(&self, c: f64) -> Self {
        Self { world: self.world, id: self.world.full_like(self.id, c) }
    }
}

operators!(['a] Dyn<'a>);
