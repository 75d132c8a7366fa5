//! Where other systems confuse one derivative with another.

use crate::{d, push};
use autodiff::prelude::*;

/// Siskind and Pearlmutter, *Nesting forward-mode AD in a functional framework* (2008), section 2:
/// d/dx (x · d/dy (x + y)) at x = 1, y = 1 is 1; who confuses the perturbations gets 2.
#[test]
fn siskind_and_pearlmutter() {
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

/// Their second case: d/dx (x · d/dy (x · y)) at x = 2 is d/dx x² = 4, whatever y is.
#[test]
fn an_inner_slope_that_is_the_outer_variable() {
    assert_eq!(d(&2.0, |x| x * d(&x.constant(5.0), |y| y.constant(x) * y)), 4.0);
    assert_eq!(push(&2.0, |x| x * push(&x.full_like(5.0), |y| Dual::constant(x) * y)), 4.0);
    assert_eq!(d(&2.0, |x| x * push(&x.constant(5.0), |y| Dual::constant(x) * y)), 4.0);
    assert_eq!(push(&2.0, |x| x * d(&x.full_like(5.0), |y| y.constant(x) * y)), 4.0);
}

/// ForwardDiff issue 83: D(x → D(y → x·y)(x)·…) where the inner function closes over the outer variable and is taken at
/// the outer variable too. With f(x) = d/dy (y²·x³) at y = x, which is 2x⁴: f′(2) = 64.
#[test]
fn the_outer_variable_captured_and_as_the_point() {
    assert_eq!(d(&2.0, |x| d(&x, |y| y.square() * y.constant(x).powi(3))), 64.0);
    assert_eq!(push(&2.0, |x| push(&x, |y| y.square() * Dual::constant(x).powi(3))), 64.0);
    assert_eq!(d(&2.0, |x| push(&x, |y| y.square() * Dual::constant(x).powi(3))), 64.0);
    assert_eq!(push(&2.0, |x| d(&x, |y| y.square() * y.constant(x).powi(3))), 64.0);
    let tape = Tape::new();
    let x = tape.variable(2.0);
    let y = tape.variable(2.0);
    let [inner] = (y.square() * x.powi(3)).grad([y]); // 2y·x³, by x alone: 6y·x² = 48
    assert_eq!(inner.grad([x])[0].value(), 48.0);
    assert_eq!(inner.grad([y])[0].value(), 16.0);
}

/// A tape on a tape on a tape shares nothing: handles of different tapes never meet in silence.
#[test]
fn the_same_numbers_on_two_tapes_do_not_meet() {
    let (a, b) = (Tape::new(), Tape::new());
    let (x, y) = (a.variable(1.0), b.variable(1.0));
    let together = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (x + y).value()));
    assert!(together.is_err());
    let seeded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.grad_from(y, [x])[0].value()));
    assert!(seeded.is_err());
    let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.grad([y])[0].value()));
    assert!(asked.is_err());
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| x.backward().of(&y)));
    assert!(read.is_err());
}

/// Manzyuk, Pearlmutter, Radul, Rush and Siskind, *Perturbation confusion in forward automatic differentiation of
/// higher-order functions* (2019), section 4: the derivative of a function that returns functions, s(u) = f ↦ (x ↦
/// f(x + u)), at u = 0, used twice: D̂(D̂ h)(y) must be h″(y); confused, it is 0.
#[test]
fn a_derivative_of_a_shift_used_twice() {
    fn shifted<V: Value>(h: &dyn Fn(&Dual<V>) -> Dual<V>, y: &V) -> V {
        push(&y.full_like(0.0), |u| h(&(Dual::constant(y.clone()) + u)))
    }
    let second = shifted(&|x: &Dual<f64>| shifted(&|x: &Dual<Dual<f64>>| x.exp() * x, x), &0.7);
    assert!((second - 2.7 * 0.7f64.exp()).abs() < 1e-14);
}

/// A number of value 0 that moves: what tells by the value alone whether it is 0 would lose its tangent.
#[test]
fn elements_that_are_dual_keep_the_tangents_of_zeros() {
    fn f<V: Value>(x: &V) -> V {
        (x.log_softmax(0).at(0, 0) * (x.at(0, 0) - x.at(0, 1))).sum()
    }
    let x = Tensor::from(vec![Dual::new(1.0, 1.0), Dual::constant(1.0)]);
    let moved: Vec<f64> = grad(&x, |x| f(&x)).iter().map(|g| g.tangent()).collect();
    let row = hvp(&Tensor::from([1.0, 1.0]), &Tensor::from([1.0, 0.0]), |x| f(&x));
    assert!(Tensor::from(moved).approx(&row, 1e-15).is_ok() && row.to_vec() != [0.0, 0.0], "{row}");
}
