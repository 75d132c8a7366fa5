//! num-dual, which has forward mode only, so it takes part only in the task with few inputs.

use super::{Program, Scalar};
use crate::chain::Chain;
use crate::contender::Peer;
use crate::task::{Outcome, Step, Task};
use crate::workload::Workload;
use ::num_dual::{DualNum, DualSVec64};
use nalgebra::SVector;

pub(crate) struct NumDual;

impl Peer for NumDual {
    const NAME: &str = "num-dual";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Series => Some(gradient(Chain::new())),
            _ => None,
        }
    }
}

impl<const D: usize> Scalar for DualSVec64<D> {
    #[inline]
    fn plus(self, c: f64) -> Self {
        self + c
    }
    #[inline]
    fn times(self, c: f64) -> Self {
        self * c
    }
    #[inline]
    fn square(self) -> Self {
        self.powi(2)
    }
    #[inline]
    fn sin(self) -> Self {
        DualNum::sin(&self)
    }
    #[inline]
    fn tanh(self) -> Self {
        DualNum::tanh(&self)
    }
}

/// The gradient with respect to the three inputs of the chain.
fn gradient(chain: Chain) -> Step {
    let x = SVector::<f64, 3>::from_vec(chain.inputs());
    Box::new(move || {
        let (value, gradient) = ::num_dual::gradient(|x: SVector<DualSVec64<3>, 3>| chain.run(x.as_slice()), &x);
        Outcome::new(value, move || gradient.as_slice().to_vec())
    })
}
