//! The type-erased value, in which a user's primitive is written once for all readings.

use super::operation::Op;
use crate::array::{Shape, Tensor};

/// A type-erased value: a tensor, a variable, a dual number or a batch behind one type.
///
/// Each operation runs at once in the underlying reading. `Dyn` exists because a tape cannot store a function that is
/// generic over [`Reading`](crate::Reading): Rust has no generic methods behind `dyn`. A tape can store a function of
/// `Dyn`.
#[derive(Clone, Copy)]
pub struct Dyn<'a> {
    pub(crate) arena: &'a dyn Arena,
    pub(crate) id: usize,
}

/// The values of one reading, each under an index.
pub(crate) trait Arena {
    fn apply(&self, op: &Op, x: &[usize]) -> usize;
    fn shape(&self, id: usize) -> Shape;
    fn primal(&self, id: usize) -> Tensor<f64>;
    fn batch_axes(&self, id: usize) -> usize;
    fn lift(&self, like: usize, numbers: &Tensor<f64>) -> usize;
    fn full_like(&self, like: usize, c: f64) -> usize;
    fn identity(&self, like: usize, n: usize) -> usize;
}
