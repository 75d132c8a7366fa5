//! Ours: the programs as the benches have them, generic over `num_traits::Float`.

use crate::chain::Chain;
use crate::contender::Peer;
use crate::mlp::Mlp;
use crate::rosenbrock::Rosenbrock;
use crate::task::{Outcome, Step, Task};
use crate::workload::Workload;
use autodiff::Tape;

pub(crate) struct Ours;

impl Peer for Ours {
    const NAME: &str = "ours";

    fn step(task: Task) -> Option<Step> {
        match task {
            Task::Rosenbrock => Some(gradient(Rosenbrock)),
            Task::Network => Some(gradient(Mlp::new())),
            Task::Series => Some(gradient(Chain::new())),
            _ => None,
        }
    }
}

fn gradient(workload: impl Workload + 'static) -> Step {
    let (mut tape, x) = (Tape::new(), workload.inputs());
    Box::new(move || {
        let (value, gradient) = tape.value_and_grad(&x, |x| workload.program(x));
        Outcome::new(value, || gradient)
    })
}
