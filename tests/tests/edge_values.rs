//! Values of the pointwise operations at extreme arguments, compared with the standard library. The operands are plain
//! numbers, and tensors long enough for the vectorised loops.

use autodiff::prelude::*;
use rand::{SeedableRng, rngs::StdRng};

/// Zeros, subnormals, numbers whose square or exponential overflows, infinities, NaN and ordinary numbers.
const GRID: &[f64] = &[
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    1e-310,
    1e-45,
    -1e-40,
    f64::MIN_POSITIVE,
    -1e-20,
    1e-8,
    -0.3,
    0.5,
    -0.5,
    0.999_999,
    1.0,
    -1.0,
    1.5,
    -2.0,
    3.0,
    10.0,
    -17.3,
    88.5,
    -88.5,
    104.0,
    -104.0,
    709.0,
    -709.0,
    710.0,
    -746.0,
    1e10,
    -1e10,
    1e154,
    -1e154,
    1e300,
    f64::MAX,
    f64::MIN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Asserts that a function of numbers and of tensors agrees with a reference up to a few units in the last place.
fn same<T: Element>(
    name: &str,
    of_tensors: &dyn Fn(&Tensor<T>) -> Tensor<T>,
    of_numbers: &dyn Fn(&T) -> T,
    reference: &dyn Fn(T) -> T,
    [epsilon, smallest]: [f64; 2],
) {
    let grid: Vec<T> = GRID.iter().map(|&x| T::from_f64(x)).collect();
    let y = of_tensors(&Tensor::from(grid.repeat(50)));
    for (i, x) in grid.iter().enumerate() {
        let expected = reference(*x).to_f64();
        for (y, from) in [(of_numbers(x), "number"), (y[[i]], "tensor"), (y[[49 * grid.len() + i]], "end of a tensor")]
        {
            let y = y.to_f64();
            // `<`, because an infinite tolerance must not allow an infinite error.
            let near = (y - expected).abs() < 4.0 * epsilon * expected.abs() + smallest;
            let same = y == expected || y.is_nan() && expected.is_nan() || near;
            assert!(same, "{name} of {x:e} ({from}): {y:e}, expected {expected:e}", x = x.to_f64());
        }
    }
}

/// Each line holds a name, a generic function and its reference.
macro_rules! same {
    ($type:ident: $($name:literal, |$x:ident| $y:expr, |$r:ident| $reference:expr;)*) => {
        let limits = [$type::EPSILON as f64, $type::MIN_POSITIVE as f64];
        $(same::<$type>($name, &|$x| $y, &|$x| $y, &|$r| $reference, limits);)*
    };
}

macro_rules! unary {
    ($type:ident) => {
        same! { $type:
            "neg", |x| x.neg(), |r| -r;
            "scale", |x| x.scale(3.0), |r| r * 3.0;
            "shift", |x| x.shift(3.0), |r| r + 3.0;
            "recip", |x| x.recip(), |r| 1.0 / r;
            "square", |x| x.square(), |r| r * r;
            "sqrt", |x| x.sqrt(), |r| r.sqrt();
            "cbrt", |x| x.cbrt(), |r| r.cbrt();
            "powi", |x| x.powi(3), |r| r.powi(3);
            "powi", |x| x.powi(-2), |r| r.powi(-2);
            "powf", |x| x.powf(1.7), |r| r.powf(1.7);
            "exp", |x| x.exp(), |r| r.exp();
            "expm1", |x| x.expm1(), |r| r.exp_m1();
            "ln", |x| x.ln(), |r| r.ln();
            "ln1p", |x| x.ln1p(), |r| r.ln_1p();
            "sin", |x| x.sin(), |r| r.sin();
            "cos", |x| x.cos(), |r| r.cos();
            "tan", |x| x.tan(), |r| r.tan();
            "asin", |x| x.asin(), |r| r.asin();
            "acos", |x| x.acos(), |r| r.acos();
            "atan", |x| x.atan(), |r| r.atan();
            "sinh", |x| x.sinh(), |r| r.sinh();
            "cosh", |x| x.cosh(), |r| r.cosh();
            "tanh", |x| x.tanh(), |r| r.tanh();
            "asinh", |x| x.asinh(), |r| if r.abs() < 1e30 { r.asinh() } else { r.signum() * (r.abs().ln() + std::$type::consts::LN_2) };
            "acosh", |x| x.acosh(), |r| if r < 1e30 { r.acosh() } else { r.ln() + std::$type::consts::LN_2 };
            "atanh", |x| x.atanh(), |r| r.atanh();
            "sigmoid", |x| x.sigmoid(), |r| if r < 0.0 { r.exp() / (1.0 + r.exp()) } else { 1.0 / (1.0 + (-r).exp()) };
            "softplus", |x| x.softplus(), |r| if r.is_nan() { r } else { r.max(0.0) + (-r.abs()).exp().ln_1p() };
            "relu", |x| x.relu(), |r| if r.is_nan() { r } else { r.max(0.0) };
            "abs", |x| x.abs(), |r| r.abs();
            "clamp_min", |x| x.clamp_min(-1.0), |r| if r.is_nan() { r } else { r.max(-1.0) };
            "clamp_max", |x| x.clamp_max(2.0), |r| if r.is_nan() { r } else { r.min(2.0) };
            "sign", |x| x.sign(), |r| if r == 0.0 { 0.0 } else { r.signum() };
            "step", |x| x.step(), |r| if r >= 0.0 { 1.0 } else { 0.0 };
            "floor", |x| x.floor(), |r| r.floor();
            "detach", |x| x.detach(), |r| r;
        }
    };
}

#[test]
fn functions_of_one_operand_match_the_standard_library_in_double_precision() {
    unary!(f64);
}

#[test]
fn functions_of_one_operand_match_the_standard_library_in_single_precision() {
    unary!(f32);
}

#[test]
fn functions_of_two_operands_match_the_standard_library() {
    for &b in GRID {
        same! { f64:
            "add", |x| x + x.full_like(b), |r| r + b;
            "sub", |x| x - x.full_like(b), |r| r - b;
            "mul", |x| x * x.full_like(b), |r| r * b;
            "mul_strong_zero", |x| x.mul_strong_zero(b), |r| if r == 0.0 || b == 0.0 { 0.0 } else { r * b };
            "div", |x| x / x.full_like(b), |r| r / b;
            "pow", |x| x.pow(b), |r| r.powf(b);
            "atan2", |x| x.atan2(b), |r| r.atan2(b);
            "hypot", |x| x.hypot(b), |r| r.hypot(b);
            "maximum", |x| x.maximum(b), |r| if r.is_nan() || b.is_nan() { f64::NAN } else { r.max(b) };
            "minimum", |x| x.minimum(b), |r| if r.is_nan() || b.is_nan() { f64::NAN } else { r.min(b) };
            "greater", |x| x.greater(b), |r| f64::from(r > b);
            "greater_equal", |x| x.greater_equal(b), |r| f64::from(r >= b);
            "less", |x| x.less(b), |r| f64::from(r < b);
            "less_equal", |x| x.less_equal(b), |r| f64::from(r <= b);
            "not_equal", |x| x.not_equal(b), |r| f64::from(r != b);
            "equal", |x| x.equal(b), |r| f64::from(r == b);
            "select", |x| x.full_like(b).select(x, &x.full_like(7.0)), |r| if b != 0.0 { r } else { 7.0 };
        }
    }
}

/// Abramowitz and Stegun, table 7.1, and the limits.
#[test]
fn erf_matches_the_published_table() {
    let known = [(0.0, 0.0), (0.5, 0.520_499_877_8), (1.0, 0.842_700_792_9), (2.0, 0.995_322_265_0)];
    for (x, y) in known {
        assert!((Math::erf(&x) - y).abs() < 1e-10, "{x}");
        assert!((Math::erf(&-x) + y).abs() < 1e-10, "{x}");
    }
    assert_eq!([Math::erf(&f64::INFINITY), Math::erf(&f64::NEG_INFINITY), Math::erf(&1e300)], [1.0, -1.0, 1.0]);
    assert!(Math::erf(&f64::NAN).is_nan());
    assert_eq!(Tensor::from([0.3f32; 99]).erf().to_vec(), [Math::erf(&0.3f32); 99]);
}

/// Those of the standard library are wrong by 4 % at the first point, by 4·10⁻⁹ at the second, and infinite at the third.
#[test]
fn inverse_hyperbolic_functions_keep_their_digits_at_the_edges() {
    let close = |y: f64, expected: f64| assert!((y / expected - 1.0).abs() < 4e-16, "{y:e}, not {expected:e}");
    close(Math::atanh(&(-1.0 + f64::EPSILON / 2.0)), -18.714973875118524);
    close(Math::acosh(&(1.0 + f64::EPSILON)), 2.1073424255447014e-8);
    close(Math::asinh(&1e308), 709.889355822726);
    close(Math::acosh(&1e308), 709.889355822726);
}

/// The entries are b²/r³, −ab/r³ and a²/r³. As 1/r − a²/r³, the first one has no digits left.
#[test]
fn hessian_of_hypot_does_not_cancel() {
    for (a, b, expected) in [
        (1.0, 1e-20, [1e-40, -1e-20, 1.0]),
        (700.0, 1.0, [2.9154429702137594e-9, -2.0408100791496316e-6, 0.0014285670554047422]),
    ] {
        let h: Tensor<f64> = hessian(&Tensor::from([a, b]), |x| x.index_axis(0, 0).hypot(x.index_axis(0, 1)));
        for (place, expected) in [[0, 0], [0, 1], [1, 1]].into_iter().zip(expected) {
            assert!((h[place] / expected - 1.0).abs() < 2e-15, "{place:?} at ({a}, {b}): {:e}", h[place]);
        }
    }
}

/// Radii whose squares overflow or vanish, and subnormal operands.
#[test]
fn slopes_of_atan2_and_hypot_survive_huge_and_tiny_radii() {
    for r in [5e-160, 5e-300, 5e200, 5e300] {
        let x = Tensor::from([3.0 * r / 5.0, 4.0 * r / 5.0]);
        let slopes = grad(&x, |x| x.index_axis(0, 0).atan2(x.index_axis(0, 1)).scale(r));
        autodiff::assert_close(&slopes, &Tensor::from([0.8, -0.6]), 1e-15);
    }
    let single = grad(&Tensor::from([3e-30f32, 4e-30]), |x| x.index_axis(0, 0).atan2(x.index_axis(0, 1)));
    assert!((single[[0]] / 1.6e29 - 1.0).abs() < 1e-6, "{single}");
    for r in [5e-310, 5e300] {
        let x = Tensor::from([3.0 * r / 5.0, 4.0 * r / 5.0]);
        let slopes = grad(&x, |x| x.index_axis(0, 0).hypot(x.index_axis(0, 1)));
        autodiff::assert_close(&slopes, &Tensor::from([0.6, 0.8]), 1e-13); // 14 digits are left of a subnormal
    }
}

/// Values, gradients and Hessians of norms and deviations whose squares overflow or vanish.
#[test]
fn norms_and_deviations_survive_huge_and_tiny_entries() {
    fn check<T: Element>(scale: f64, tolerance: f64) {
        let x = Tensor::from_vec([3], [3.0, 0.0, -4.0].map(|x| T::from_f64(x * scale)).to_vec());
        let near = |what: &str, found: &Tensor<T>, expected: &[f64]| {
            for (found, expected) in found.iter().map(Number::to_f64).zip(expected) {
                let error = (found - expected).abs();
                assert!(
                    error <= tolerance * expected.abs().max(0.1),
                    "{what} at {scale:e}: {found:e}, not {expected:e}"
                );
            }
        };
        let per = 1.0 / scale;
        near("norm", &x.norm().scale(per), &[5.0]);
        near("norm along an axis", &x.norm_axis(0).scale(per), &[5.0]);
        near("slope", &grad(&x, |x| x.norm()), &[0.6, 0.0, -0.8]);
        let curvature = [0.128, 0.0, 0.096, 0.0, 0.2, 0.0, 0.096, 0.0, 0.072];
        near("curvature", &hessian(&x, |x| x.norm()).scale(scale), &curvature);
        let rows = Tensor::stack(0, &[&x, &Tensor::ones([3])]);
        near("slope of rows", &grad(&rows, |x| x.norm_axis(1).sum()), &[0.6, 0.0, -0.8, 3f64.powf(-0.5)]);
        near("rows in a batch", &vmap(&rows, |x| x.norm()).scale(per), &[5.0]);
        // The deviations are 10/3, 1/3 and −11/3.
        let std = (222.0f64 / 9.0 / 2.0).sqrt();
        near("deviation", &x.std(1).scale(per), &[std]);
        let slopes = [10.0, 1.0, -11.0].map(|d| d / 3.0 / 2.0 / std);
        near("slope of the deviation", &grad(&x, |x| x.std(1)), &slopes);
        near("deviation along an axis", &rows.std_axis(1, 1).scale(per), &[std, 0.0]);
    }
    for scale in [1e-200, 1e-170, 1.0, 1e170, 1e300] {
        check::<f64>(scale, 4e-15);
    }
    for scale in [1e-35, 1e-20, 1.0, 1e20, 1e35] {
        check::<f32>(scale, 4e-6);
    }
    assert_eq!(Tensor::from([5e-324, 0.0]).norm().item(), 5e-324);
    assert_eq!(Tensor::from([f64::MAX, 0.0]).norm().item(), f64::MAX);
    assert_eq!(Tensor::from([f64::INFINITY, 1.0]).norm().item(), f64::INFINITY);
    assert!(Tensor::from([f64::NAN, 1e300]).norm().item().is_nan());
    assert_eq!(hessian(&Tensor::from([2.0, 2.0]), |x| x.std(0)), Tensor::zeros([2, 2]));
}

/// An intermediate result must neither overflow nor underflow if the derivative itself does not.
#[test]
fn derivatives_of_huge_and_tiny_arguments_are_accurate() {
    macro_rules! slopes {
        ($($y:ident: $($at:expr => $slope:expr),+;)*) => {$($({
            let slope: f64 = grad(&$at, |x| x.$y());
            let near = (slope - $slope).abs() <= 1e-12 * f64::abs($slope);
            assert!(near, "the derivative of {} at {} is {slope}", stringify!($y), $at);
        })+)*};
    }
    slopes! {
        sigmoid: 800.0 => 0.0, -800.0 => 0.0;
        softplus: 800.0 => 1.0, -800.0 => 0.0, 1e300 => 1.0;
        tanh: 400.0 => 0.0, -1e300 => 0.0;
        erf: 30.0 => 0.0, 1e200 => 0.0;
        atan: 1e200 => 0.0, -1e200 => 0.0, 1e8 => 1e-16;
        asinh: 1e100 => 1e-100, -1e100 => 1e-100, 1e200 => 1e-200, -1e300 => 1e-300;
        acosh: 1e100 => 1e-100, 1e200 => 1e-200;
        expm1: -800.0 => 0.0, -40.0 => (-40.0f64).exp();
        ln1p: 1e300 => 1e-300;
        recip: 1e100 => -1e-200, 1e-100 => -1e200;
        sqrt: 1e300 => 5e-151, 1e-300 => 5e149;
        cbrt: 1e300 => 1e-200 / 3.0, 1e-300 => 1e200 / 3.0;
        silu: 800.0 => 1.0, -800.0 => 0.0;
        gelu: 40.0 => 1.0, -40.0 => 0.0;
        softsign: 1e200 => 0.0;
        selu: 800.0 => 1.050_700_987_355_480_5, -800.0 => 0.0;
    }
}

#[test]
fn softmax_and_logsumexp_survive_large_arguments() {
    let x = Tensor::from([1000.0, 1000.0 + 2f64.ln()]);
    let third = 1.0 / 3.0;
    autodiff::assert_close(&x.softmax(0), &Tensor::from([third, 2.0 * third]), 1e-12);
    autodiff::assert_close(&x.logsumexp(0), &Tensor::scalar(1000.0 + 3f64.ln()), 1e-15);
    autodiff::assert_close(&x.log_softmax(0), &Tensor::from([third.ln(), (2.0 * third).ln()]), 1e-12);
    autodiff::assert_close(&grad(&x, |x| x.logsumexp(0)), &Tensor::from([third, 2.0 * third]), 1e-12);
}

/// The derivative of x/c must divide by c, because a product with 1/c rounds twice. For c = 0 and c = ∞ a cotangent
/// of 0 stays 0.
#[test]
fn derivative_of_division_by_a_constant_is_a_division() {
    let (zero, infinity) = (0.0, f64::INFINITY);
    let cases = [
        (3.0, 5.0, 5.0 / 3.0),
        (zero, 1.0, infinity),
        (infinity, 1.0, 0.0),
        (zero, 0.0, 0.0),
        (infinity, infinity, 0.0),
    ];
    for (c, g, expected) in cases {
        assert_eq!(grad(&2.0, |x| x / c * g), expected, "{g}·x/{c}");
        assert_eq!(grad(&Tensor::from([2.0, 2.0]), |x| (x / c * g).sum()).to_vec(), [expected; 2], "{g}·x/{c}");
    }
}

/// 10³⁹ is infinite in `f32` and 10⁻⁴⁶ is 0, so a cotangent of 0 must stay 0.
#[test]
fn constant_beyond_the_range_of_the_element_type_keeps_a_zero_cotangent() {
    let x = Tensor::<f32>::from([1.0, 2.0]);
    let selected = |f: for<'t> fn(&Var<'t, Tensor<f32>>) -> Var<'t, Tensor<f32>>| {
        grad(&x, |x| x.greater(0.0).select(&x, &f(&x)).sum()).to_vec()
    };
    assert_eq!(selected(|x| x.scale(1e39)), [1.0, 1.0]);
    assert_eq!(selected(|x| x.div_by(1e-46)), [1.0, 1.0]);
    assert_eq!(selected(|x| x.div_by(1e39)), [1.0, 1.0]);
    assert_eq!(grad(&2f32, |x| x.greater(0.0).select(&x, &x.scale(1e39))), 1.0);
    assert_eq!(grad(&2f32, |x| x.div_by(1e39)), 0.0);
}

/// A draw in `f64` just below 1 is rounded to 1 in `f32`.
#[test]
fn uniform_draws_of_single_precision_stay_below_the_end() {
    let draws = Tensor::<f32>::uniform([1000], 0.9999999, 1.0, &mut StdRng::seed_from_u64(0));
    assert!(draws.iter().all(|x| x < 1.0));
}
