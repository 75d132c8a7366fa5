//! autodiff: the programs of the benches unchanged, generic over `num_traits::Float`.

use super::{Gradients, Program};
use crate::task::{Outcome, Step};
use autodiff::ScalarTape;

pub(crate) struct Ours;

impl Gradients for Ours {
    const LIBRARY: &str = "ours";

    fn gradient(program: impl Program) -> Step {
        let (mut tape, x) = (ScalarTape::new(), program.inputs());
        Box::new(move || {
            let (value, gradient) = tape.value_and_grad(&x, |x| program.program(x));
            Outcome::new(value, || gradient)
        })
    }
}
