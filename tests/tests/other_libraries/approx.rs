//! Equality up to rounding.

use approx::{AbsDiffEq, RelativeEq, UlpsEq, assert_abs_diff_eq, assert_relative_eq, assert_ulps_eq};
use autodiff::prelude::*;
use num_traits::Float;

/// The square root by Newton's method, iterated until two steps agree by one of the traits.
fn newton<T: Float>(x: T, agree: fn(&T, &T) -> bool) -> T {
    let (mut y, half) = (x, T::from(0.5).unwrap());
    loop {
        let next = (y + x / y) * half;
        if agree(&next, &y) {
            return next;
        }
        y = next;
    }
}

#[test]
fn programs_that_stop_at_a_tolerance_are_differentiated() {
    fn absolute<T: Float + AbsDiffEq<Epsilon = T>>(x: T) -> T {
        newton(x, |a, b| a.abs_diff_eq(b, T::from(1e-9).unwrap()))
    }
    fn relative<T: Float + RelativeEq<Epsilon = T>>(x: T) -> T {
        newton(x, |a, b| a.relative_eq(b, T::default_epsilon(), T::from(1e-9).unwrap()))
    }
    fn ulps<T: Float + UlpsEq<Epsilon = T>>(x: T) -> T {
        newton(x, |a, b| a.ulps_eq(b, T::zero(), 4))
    }
    macro_rules! check {
        ($($program:ident)*) => {$(
            let (y, dy, d2y) = ($program(9.0), 1.0 / 6.0, -1.0 / 108.0);
            assert_eq!(ScalarTape::new().value_and_grad(&[9.0], |x| $program(x[0])).0, y);
            assert_relative_eq!(ScalarTape::new().derivative(9.0, $program), dy, max_relative = 1e-8);
            assert_relative_eq!(ScalarTape::new().nth_derivative(2, 9.0, $program), d2y, max_relative = 1e-7);
            let dual = $program(Dual::new(Dual::new(9.0, 1.0), Dual::constant(1.0)));
            assert_eq!(dual.x.x, y);
            assert_relative_eq!(dual.tangent().tangent(), d2y, max_relative = 1e-7);
        )*};
    }
    check!(absolute relative ulps);
}

#[test]
fn dual_numbers_are_compared_by_value() {
    let (x, y) = (Dual::new(1.0, 3.0), Dual::constant(1.0 + 1e-12));
    assert_relative_eq!(x, y, max_relative = Dual::constant(1e-11));
    assert_abs_diff_eq!(x, y, epsilon = Dual::new(1e-11, 5.0));
    assert_ulps_eq!(x, Dual::constant(1.0 + f64::EPSILON));
    assert!(x.relative_ne(&y, Dual::constant(0.0), Dual::constant(1e-13)));
    assert!(x.abs_diff_ne(&y, Dual::constant(1e-13)));
    assert!(x.ulps_ne(&y, Dual::constant(0.0), 10));
}

#[test]
fn tensors_are_compared_by_shape_and_elements() {
    let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
    let y = x.clone() * (1.0 + 1e-12);
    assert_relative_eq!(x, y, max_relative = 1e-11);
    assert_abs_diff_eq!(x.t(), y.t(), epsilon = 1e-11);
    assert_ulps_eq!(x, x.clone() * (1.0 + f64::EPSILON));
    assert!(x.relative_ne(&y, 0.0, 1e-13) && x.abs_diff_ne(&y, 1e-13) && x.ulps_ne(&y, 0.0, 10));
    assert!(x.abs_diff_ne(&x.reshape([4]), 1e9), "the shapes differ");
    assert!(x.abs_diff_ne(&Tensor::from([[1.0, 2.0], [3.0, f64::NAN]]), 1e9), "NaN equals nothing");
    let single: Tensor<f32> = Tensor::from([1.0, 2.0]);
    assert_relative_eq!(single, single.clone() + 1e-7f64);
    let dual = x.map(|&x| Dual::new(x, 1.0));
    assert_relative_eq!(dual, x.map(|&x| Dual::constant(x)));
}
