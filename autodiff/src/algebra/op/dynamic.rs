//! A value of any reading: lets a user's primitive, written once, run in all of them.

use super::operation::Op;
use crate::array::{Shape, Tensor};

/// A value whose reading is not known where the code is written: a number, a variable, a dual number or a batch.
///
/// Each operation is carried out at once by the reading behind it. `Dyn` exists because a tape cannot store a function
/// that is generic over [`Value`](crate::Value) (Rust has no generic methods behind `dyn`), but it can store a function of
/// `Dyn`.
#[derive(Clone, Copy)]
pub struct Dyn<'a> {
    pub(crate) arena: &'a dyn Arena,
    pub(crate) id: usize,
}

/// The values of one reading, by number.
pub(crate) trait Arena {
    fn apply(&self, op: &Op, x: &[usize]) -> usize;
    fn shape(&self, id: usize) -> Shape;
    fn primal(&self, id: usize) -> Tensor<f64>;
    fn batch_axes(&self, id: usize) -> usize;
    fn lift(&self, like: usize, numbers: &Tensor<f64>) -> usize;
    fn full_like(&self, like: usize, c: f64) -> usize;
}
