//! RustQuant, of which the derivatives are a crate of their own.

use super::{Program, Scalar};
use crate::chain::Chain;
use crate::contender::Peer;
use crate::mlp::Mlp;
use crate::rosenbrock::Rosenbrock;
use crate::task::{Outcome, Step, Task};
use RustQuant_autodiff::{Accumulate, Gradient, Graph, Powi, Variable};

pub(crate) struct RustQuant;

impl Peer for RustQuant {
    const NAME: &str = "RustQuant";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Rosenbrock => Some(gradient(Rosenbrock)),
            Task::Network => Some(gradient(Mlp::new())),
            Task::Series => Some(gradient(Chain::new())),
            _ => None,
        }
    }
}

impl Scalar for Variable<'_> {
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
        Powi::<i32>::powi(&self, 2)
    }
    #[inline]
    fn sin(self) -> Self {
        Variable::sin(self)
    }
    #[inline]
    fn tanh(self) -> Self {
        Variable::tanh(self)
    }
}

fn gradient(program: impl Program) -> Step {
    let (graph, x) = (Graph::new(), program.inputs());
    Box::new(move || {
        graph.clear();
        let x = graph.vars(&x);
        let y = program.run(&x);
        let gradient = y.accumulate().wrt(&x);
        Outcome::new(y.value(), || gradient)
    })
}
