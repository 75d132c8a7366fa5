//! RustQuant, by its crate RustQuant_autodiff.

use super::{Gradients, Program, Scalar};
use crate::task::{Outcome, Step};
use RustQuant_autodiff::{Accumulate, Gradient, Graph, Powi, Variable};

pub(crate) struct RustQuant;

impl Gradients for RustQuant {
    const LIBRARY: &str = "RustQuant";

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
