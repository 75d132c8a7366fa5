//! ad_trait in reverse mode, with one global graph.

use super::{Gradients, Program, Scalar};
use crate::task::{Outcome, Step};
use ::ad_trait::AD;
use ::ad_trait::reverse_ad::adr::{GlobalComputationGraph, adr};

pub(crate) struct AdTrait;

impl Gradients for AdTrait {
    const LIBRARY: &str = "ad_trait";

    fn gradient(program: impl Program) -> Step {
        let x = program.inputs();
        Box::new(move || {
            GlobalComputationGraph::get().reset();
            let x: Vec<adr> = x.iter().map(|&x| adr::new_variable(x, false)).collect();
            let y = program.run(&x);
            let all = y.get_backwards_mode_grad();
            let gradient = x.iter().map(|x| all.wrt(x)).collect();
            Outcome::new(y.value(), || gradient)
        })
    }
}

impl Scalar for adr {
    #[inline]
    fn plus(self, c: f64) -> Self {
        self + adr::constant(c)
    }
    #[inline]
    fn times(self, c: f64) -> Self {
        self * adr::constant(c)
    }
    #[inline]
    fn square(self) -> Self {
        self * self // faster than its `powi`, which calls `pow`
    }
    #[inline]
    fn sin(self) -> Self {
        fn sin<T: AD>(x: T) -> T {
            x.sin()
        }
        sin(self)
    }
    #[inline]
    fn tanh(self) -> Self {
        fn tanh<T: AD>(x: T) -> T {
            x.tanh()
        }
        tanh(self)
    }
}
