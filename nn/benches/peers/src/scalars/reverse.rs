//! reverse.

use super::{Program, Scalar};
use crate::chain::Chain;
use crate::contender::Peer;
use crate::mlp::Mlp;
use crate::rosenbrock::Rosenbrock;
use crate::task::{Outcome, Step, Task};
use ::reverse::{Gradient, Tape, Var};

pub(crate) struct Reverse;

impl Peer for Reverse {
    const NAME: &str = "reverse";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Rosenbrock => Some(gradient(Rosenbrock)),
            Task::Network => Some(gradient(Mlp::new())),
            Task::Series => Some(gradient(Chain::new())),
            _ => None,
        }
    }
}

impl Scalar for Var<'_> {
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
        Var::sin(&self)
    }
    #[inline]
    fn tanh(self) -> Self {
        Var::tanh(&self)
    }
}

fn gradient(program: impl Program) -> Step {
    let (tape, x) = (Tape::new(), program.inputs());
    Box::new(move || {
        tape.clear();
        let x = tape.add_vars(&x);
        let y = program.run(&x);
        let gradient = y.grad().wrt(&x);
        Outcome::new(y.val(), || gradient)
    })
}
