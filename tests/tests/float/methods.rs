//! Every method of `num_traits::Float`.

use crate::harness::{bits, c, program};
use autodiff::prelude::*;
use num_traits::{Float, FloatConst, FromPrimitive, Num, NumCast, ToPrimitive};

macro_rules! methods {
    ($($name:ident at $([$($at:expr),*])+, |$x:ident| $body:expr;)*) => {
        #[test]
        fn every_smooth_method_has_correct_derivatives() {$(
            fn $name<T: Float + FloatConst>($x: &[T]) -> T { $body }
            $(program!(stringify!($name), &[$($at),*], $name).check();)+
        )*}
    };
}

methods! {
    add at [0.3, -1.2], |x| x[0] + x[1] + c(0.1) + (c::<T>(0.7) + x[0]);
    sub at [0.3, -1.2], |x| (x[0] - x[1] - c(0.1)) * (c::<T>(0.7) - x[0]);
    mul at [0.3, -1.2], |x| x[0] * x[1] * c(0.1) * (c::<T>(0.7) * x[0]);
    div at [0.3, -1.2] [3.0, 0.7], |x| x[0] / x[1] + x[0] / c(0.3) * (c::<T>(0.7) / x[1]);
    neg at [0.3], |x| -(x[0] * x[0]);
    rem at [7.3, 2.1] [-7.3, 2.1] [7.3, -2.1] [0.5, 2.1] [-20.0, 0.7],
        |x| x[0] % x[1] * (x[0] % c(2.6)) + c::<T>(9.5) % x[1];
    abs at [0.3] [-0.3], |x| x[0].abs() * x[0];
    recip at [0.3] [-2.0], |x| x[0].recip();
    fract at [2.3] [-2.3], |x| x[0].fract() * x[0];
    sqrt at [0.3], |x| x[0].sqrt();
    cbrt at [0.3] [-0.3], |x| x[0].cbrt();
    hypot at [0.3, -1.2] [-3.0, 4.0], |x| x[0].hypot(x[1]) + x[0].hypot(c(2.0)) * c::<T>(0.5).hypot(x[1]);
    powi at [0.3] [-1.7], |x| x[0].powi(3) + x[0].powi(-2) * x[0].powi(0) + x[0].powi(1);
    powf at [0.3, 1.2] [2.3, -0.7], |x| x[0].powf(x[1]) + x[0].powf(c(2.5)) * c::<T>(1.7).powf(x[1]);
    mul_add at [0.3, -1.2],
        |x| x[0].mul_add(x[1], x[0]) + x[1].mul_add(c(0.3), c(0.1)) * c::<T>(0.7).mul_add(x[0], x[1]);
    exp at [0.3] [-2.0], |x| x[0].exp();
    exp2 at [0.3] [-2.0], |x| x[0].exp2();
    exp_m1 at [1e-3] [-2.0], |x| x[0].exp_m1();
    ln at [0.3] [3.0], |x| x[0].ln();
    ln_1p at [0.01] [3.0], |x| x[0].ln_1p();
    log2 at [8.0] [0.3], |x| x[0].log2();
    log10 at [1000.0] [0.3], |x| x[0].log10();
    log at [8.0, 2.0] [0.3, 3.0], |x| x[0].log(x[1]) + x[0].log(c(3.0)) * c::<T>(5.0).log(x[1]);
    sin at [0.3] [-2.0], |x| x[0].sin();
    cos at [0.3] [-2.0], |x| x[0].cos();
    tan at [0.3] [-1.0], |x| x[0].tan();
    sin_cos at [0.3], |x| { let (sin, cos) = x[0].sin_cos(); sin * cos };
    asin at [0.3] [-0.8], |x| x[0].asin();
    acos at [0.3] [-0.8], |x| x[0].acos();
    atan at [0.3] [-2.0], |x| x[0].atan();
    atan2 at [0.3, -1.2] [-1.0, 2.0], |x| x[0].atan2(x[1]) + x[0].atan2(c(2.0)) * c::<T>(0.5).atan2(x[1]);
    sinh at [0.3] [-2.0], |x| x[0].sinh();
    cosh at [0.3] [-2.0], |x| x[0].cosh();
    tanh at [0.3] [-2.0], |x| x[0].tanh();
    asinh at [0.3] [-2.0], |x| x[0].asinh();
    acosh at [1.3] [5.0], |x| x[0].acosh();
    atanh at [0.3] [-0.8], |x| x[0].atanh();
    to_degrees at [0.3], |x| x[0].to_degrees() * x[0];
    to_radians at [40.0], |x| x[0].to_radians() * x[0];
    max at [0.3, -1.2] [-1.2, 0.3], |x| x[0].max(x[1]) * x[0] + x[1].max(c(0.1)) * c::<T>(0.2).max(x[0]);
    min at [0.3, -1.2] [-1.2, 0.3], |x| x[0].min(x[1]) * x[0] + x[1].min(c(0.1)) * c::<T>(0.2).min(x[0]);
    abs_sub at [0.3, -1.2] [-1.2, 0.3], |x| x[0].abs_sub(x[1]) * x[0] + x[1].abs_sub(c(0.1)) * x[0];
    clamp at [0.3] [-1.2] [1.7], |x| x[0].clamp(c(-1.0), T::one()) * x[0];
    copysign at [0.3, -1.2] [-0.3, -1.2] [0.3, 2.0], |x| x[0].copysign(x[1]) * x[0];
    constants at [0.3], |x| x[0] * T::PI() + T::TAU() * x[0].sin() * T::LOG10_2() - T::E() / x[0];
}

#[test]
fn rounding_returns_constants_and_records_nothing() {
    let tape = Tape::new();
    for x in [0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, 1e300, f64::INFINITY, f64::NAN] {
        let recorded = tape.variable(x).scalar();
        let nodes = tape.len();
        for (y, expected) in [
            (recorded.floor(), x.floor()),
            (recorded.ceil(), x.ceil()),
            (recorded.round(), x.round()),
            (recorded.trunc(), x.trunc()),
            (recorded.signum(), x.signum()),
        ] {
            let same = |y: f64| bits(y) == bits(expected) || y.is_nan() && x.is_nan();
            assert!(matches!(y, Scalar::Constant(y) if same(y)), "{y:?}, expected the constant {expected}");
        }
        assert_eq!(tape.len(), nodes);
    }
    assert_eq!(Float::floor(Dual::new(2.7, 1.0)).dx, 0.0);
}

#[test]
fn comparisons_and_predicates_depend_on_the_value_only() {
    let tape = Tape::new();
    let on_tape = |x: f64| tape.variable(x).scalar();
    for x in [0.0, -0.0, 1.5, -2.0, 1e-310, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        let tests = [Float::is_nan, Float::is_infinite, Float::is_finite, Float::is_normal, Float::is_subnormal];
        let signs = [Float::is_sign_positive, Float::is_sign_negative];
        let expected: Vec<bool> = tests.iter().chain(&signs).map(|test: &fn(f64) -> bool| test(x)).collect();
        let y = on_tape(x);
        let recorded = [y.is_nan(), y.is_infinite(), y.is_finite(), y.is_normal(), y.is_subnormal()];
        assert_eq!([&recorded[..], &[y.is_sign_positive(), y.is_sign_negative()]].concat(), expected, "{x}");
        assert_eq!((y.classify(), y.integer_decode()), (x.classify(), Float::integer_decode(x)));
        assert_eq!((y.to_f64().map(bits), y.to_i32(), y.to_u8()), (Some(bits(x)), x.to_i32(), x.to_u8()));
        let d = Dual::new(x, 1.0);
        assert_eq!((d.is_nan(), d.is_sign_negative(), d.to_i64()), (x.is_nan(), x.is_sign_negative(), x.to_i64()));
    }
    assert!(
        on_tape(1.0) == Scalar::Constant(1.0) && on_tape(1.0) < on_tape(2.0) && on_tape(f64::NAN) != on_tape(f64::NAN)
    );
    assert!(Dual::new(0.0, 1.0) == Dual::constant(0.0), "comparisons ignore the tangent");
}

#[test]
fn max_and_min_ignore_nan_and_share_the_derivative_at_a_tie() {
    let both = |x: f64, y: f64| ScalarTape::new().value_and_grad(&[x, y], |x| x[0].max(x[1]) + x[0].min(x[1]));
    assert_eq!(both(3.0, f64::NAN), (6.0, vec![2.0, 0.0]));
    assert_eq!(both(f64::NAN, 3.0), (6.0, vec![0.0, 2.0]));
    assert_eq!(both(3.0, 3.0), (6.0, vec![1.0, 1.0]));
    assert_eq!(ScalarTape::new().derivative(3.0, |x| x.max(3.0.into())), 0.5);
    assert_eq!(Float::max(Dual::new(3.0, 1.0), Dual::constant(3.0)).dx, 0.5);
}

#[test]
fn conversions_from_numbers_give_constants() {
    type S<'t> = Scalar<'t, f64>;
    assert_eq!(<S<'_> as NumCast>::from(7u8).unwrap().value(), 7.0);
    assert_eq!(S::from_f32(0.5).unwrap().value(), 0.5);
    assert_eq!(S::from_str_radix("1.25", 10).unwrap().value(), 1.25);
    assert_eq!((S::epsilon().value(), S::max_value().value()), (f64::EPSILON, f64::MAX));
    assert_eq!((S::LN_2().value(), S::SQRT_2().value()), (f64::LN_2(), f64::SQRT_2()));
    assert_eq!(Scalar::<'_, f32>::epsilon().value(), f32::EPSILON);
    assert_eq!(format!("{:.2} {:?}", S::PI(), S::Constant(2.0)), "3.14 Constant(2.0)");
}
