//! Derivatives of functions of type-erased values.
//!
//! A function is a trait object, which can be called on the values of any reading. So the code that differentiates it is
//! compiled once, in this crate: as generic code, it would be compiled for each fused formula in the user's crate.

use crate::algebra::{Dual, Dyn, Reading, run};
use crate::tape::{Tape, Var};

pub(crate) type Function<'f> = &'f dyn for<'a> Fn(&[Dyn<'a>]) -> Dyn<'a>;

/// Pulls the cotangent `g` back through a function, which is recorded on a new tape for this. `check` gets its value.
pub(crate) fn pull_on_tape<'a>(x: &[Dyn<'a>], g: Dyn<'a>, f: Function<'_>, check: &dyn Fn(Dyn<'a>)) -> Vec<Dyn<'a>> {
    let tape = Tape::new();
    let x: Vec<Var<'_, Dyn<'a>>> = x.iter().map(|&x| tape.variable(x)).collect();
    let y = call(f, &x);
    check(y.value());
    y.backward_with(g).of(&x)
}

/// Pushes the tangents `dx` forward through a function.
pub(crate) fn push_dual<'a>(x: &[Dyn<'a>], dx: &[Dyn<'a>], f: Function<'_>) -> Dyn<'a> {
    let x: Vec<Dual<Dyn<'a>>> = x.iter().zip(dx).map(|(&x, &dx)| Dual::new(x, dx)).collect();
    call(f, &x).tangent()
}

/// Calls a function on the values of a reading.
pub(crate) fn call<V: Reading>(f: Function<'_>, x: &[V]) -> V {
    run(&x.iter().collect::<Vec<_>>(), |x| vec![f(x)]).pop().expect("the function returns one value")
}
