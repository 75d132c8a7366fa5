//! Known bugs of other systems, which confuse the perturbations of nested derivatives.

use crate::{d, push};
use autodiff::assert_close;
use autodiff::prelude::*;

/// Siskind and Pearlmutter, *Nesting forward-mode AD in a functional framework* (2008), section 2:
/// d/dx (x · d/dy (x + y)) at x = 1, y = 1 is 1. Perturbation confusion gives 2.
#[test]
fn example_of_siskind_and_pearlmutter_is_one() {
    assert_eq!(d(&1.0, |x| x * d(&x.constant(1.0), |y| y.constant(x) + y)), 1.0);
    assert_eq!(push(&1.0, |x| x * push(&x.full_like(1.0), |y| Dual::constant(x) + y)), 1.0);
    assert_eq!(d(&1.0, |x| x * push(&x.full_like(1.0), |y| Dual::constant(x) + y)), 1.0);
    assert_eq!(push(&1.0, |x| x * d(&x.full_like(1.0), |y| y.constant(x) + y)), 1.0);
    let tape = Tape::new();
    let (x, y) = (tape.variable(1.0), tape.variable(1.0));
    let [inner] = (x + y).grad([y]);
    assert_eq!((x * inner).grad([x])[0].value(), 1.0);
    assert_eq!((x * (x + y).jvp([y], [x.constant(1.0)])).grad([x])[0].value(), 1.0);
}

/// The second example of the same paper: d/dx (x · d/dy (x · y)) at x = 2 is d/dx x² = 4, for any y.
#[test]
fn inner_derivative_that_equals_the_outer_variable_is_differentiated() {
    assert_eq!(d(&2.0, |x| x * d(&x.constant(5.0), |y| y.constant(x) * y)), 4.0);
    assert_eq!(push(&2.0, |x| x * push(&x.full_like(5.0), |y| Dual::constant(x) * y)), 4.0);
    assert_eq!(d(&2.0, |x| x * push(&x.constant(5.0), |y| Dual::constant(x) * y)), 4.0);
    assert_eq!(push(&2.0, |x| x * d(&x.full_like(5.0), |y| y.constant(x) * y)), 4.0);
}

/// ForwardDiff issue 83: the inner function captures the outer variable and is evaluated at the outer variable.
/// f(x) = d/dy (y²·x³) at y = x is 2x⁴, so f′(2) = 64.
#[test]
fn outer_variable_may_be_captured_and_be_the_point_too() {
    assert_eq!(d(&2.0, |x| d(&x, |y| y.square() * y.constant(x).powi(3))), 64.0);
    assert_eq!(push(&2.0, |x| push(&x, |y| y.square() * Dual::constant(x).powi(3))), 64.0);
    assert_eq!(d(&2.0, |x| push(&x, |y| y.square() * Dual::constant(x).powi(3))), 64.0);
    assert_eq!(push(&2.0, |x| d(&x, |y| y.square() * y.constant(x).powi(3))), 64.0);
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let y = tape.variable(2.0);
    let [inner] = (y.square() * x.powi(3)).grad([y]); // 2y·x³, whose derivative with respect to x is 6y·x² = 48
    assert_eq!(inner.grad([x])[0].value(), 48.0);
    assert_eq!(inner.grad([y])[0].value(), 16.0);
}

#[test]
fn mixing_variables_of_two_tapes_panics() {
    let (a, b) = (Tape::new(), Tape::new());
    let (x, y) = (a.variable(1.0), b.variable(1.0));
    let together = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (x + y).value()));
    assert!(together.is_err());
    let seeded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.grad_with(y, [x])[0].value()));
    assert!(seeded.is_err());
    let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.grad([y])[0].value()));
    assert!(asked.is_err());
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.backward().of(&y)));
    assert!(read.is_err());
}

/// Manzyuk, Pearlmutter, Radul, Rush and Siskind, *Perturbation confusion in forward automatic differentiation of
/// higher-order functions* (2019), section 4: s(u) = f ↦ (x ↦ f(x + u)) returns functions. Its derivative D̂ at u = 0,
/// applied twice, must give h″(y). Perturbation confusion gives 0.
#[test]
fn derivative_of_a_shift_applied_twice_is_the_second_derivative() {
    fn shifted<V: Value>(h: &dyn Fn(&Dual<V>) -> Dual<V>, y: &V) -> V {
        push(&y.full_like(0.0), |u| h(&(Dual::constant(y.clone()) + u)))
    }
    let second = shifted(&|x: &Dual<f64>| shifted(&|x: &Dual<Dual<f64>>| x.exp() * x, x), &0.7);
    assert!((second - 2.7 * 0.7f64.exp()).abs() < 1e-14);
}

/// A dual number with value 0 may have a nonzero tangent, so a shortcut for zeros must look at both.
#[test]
fn dual_elements_with_value_zero_keep_their_tangents() {
    fn f<V: Value>(x: &V) -> V {
        (x.log_softmax(0).index_axis(0, 0) * (x.index_axis(0, 0) - x.index_axis(0, 1))).sum()
    }
    let x = Tensor::from(vec![Dual::new(1.0, 1.0), Dual::constant(1.0)]);
    let tangents: Vec<f64> = grad(&x, |x| f(&x)).iter().map(|g| g.tangent()).collect();
    let row = hvp(&Tensor::from([1.0, 1.0]), &Tensor::from([1.0, 0.0]), |x| f(&x));
    assert_close(&Tensor::from(tangents), &row, 1e-15);
    assert_ne!(row.to_vec(), [0.0, 0.0]);
}
