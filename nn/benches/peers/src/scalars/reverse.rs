//! The crate reverse.

use super::{Gradients, Program, Scalar};
use crate::task::{Outcome, Step};
use ::reverse::{Gradient, Tape, Var};

pub(crate) struct Reverse;

impl Gradients for Reverse {
    const LIBRARY: &str = "reverse";

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
