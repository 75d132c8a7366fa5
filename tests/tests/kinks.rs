//! The conventions in the table of `autodiff::kinks`, row by row: first and second derivatives, by five methods.

use autodiff::prelude::*;

const INF: f64 = f64::INFINITY;

/// The first and second derivatives of a function of one number, by five methods.
macro_rules! derivatives {
    ($at:expr, |$x:ident| $y:expr) => {{
        let at: f64 = $at;
        let recorded = {
            let tape = Tape::new();
            let $x = tape.variable(at);
            let [first] = $y.grad([$x]);
            [first.value(), first.grad([$x])[0].value()]
        };
        let forward = {
            let tape = Tape::new();
            let $x = tape.variable(at);
            let first = $y.jvp([$x], [tape.constant(1.0)]);
            [first.value(), first.jvp([$x], [tape.constant(1.0)]).value()]
        };
        let duals = {
            let $x = Dual::new(Dual::new(at, 1.0), Dual::constant(1.0));
            let first = $y.tangent();
            [first.x, first.tangent()]
        };
        let forward_over_reverse = {
            let tape = Tape::new();
            let $x = tape.variable(Dual::new(at, 1.0));
            let first = $y.backward().of(&$x);
            [first.x, first.tangent()]
        };
        let tensors = {
            let tape = Tape::new();
            let $x = tape.variable(Tensor::from([at, at]));
            let [first] = $y.sum().grad([$x]);
            [first.value()[[1]], first.sum().grad([$x])[0].value()[[1]]]
        };
        [recorded, forward, duals, forward_over_reverse, tensors]
    }};
}

/// Asserts the first and second derivatives by all methods.
macro_rules! kink {
    ($expected:expr, $at:expr, |$x:ident| $y:expr) => {
        let expected: [f64; 2] = $expected;
        let found = derivatives!($at, |$x| $y);
        assert_eq!(found, [expected; 5], "{} at {}", stringify!($y), $at);
    };
}

/// The rows of the table that the tests below cover, by their first two columns.
const COVERED: &[&str] = &[
    "`relu` | 0",
    "`leaky_relu`, `elu` | 0",
    "`abs` | 0",
    "`maximum`, `minimum` | a tie",
    "`clamp_min`, `clamp_max`, `clamp` | the bound",
    "`max`, `min` along an axis | a tie",
    "`cummax`, `max_pool1d`, `max_pool2d` | a tie",
    "`sign`, `step`, `floor`, `greater`, `equal` | everywhere",
    "`rem` | a whole quotient",
    "`sqrt`, `cbrt`, `powf(c)` with c < 1 | 0",
    "`ln`, `log2`, `log10` | 0 and −0",
    "`recip`, x₀/x₁ | x₁ = 0",
    "`asin`, `atanh` | ±1",
    "`acos` | ±1",
    "`acosh` | 1",
    "`logit` | 0 and 1",
    "`lgamma`, `digamma`, `polygamma` | 0, −1, −2, …",
    "`sinc` | ±∞",
    "`xlogy` | x₀ = 0, x₁ = 0",
    "`xlogy` | x₀ = ±∞, or x₁ < 0",
    "`logaddexp` | equal infinities",
    "`powi(0)`, `powf(0.0)` | everywhere",
    "`pow` | x₀ = 0, by x₁ > 0",
    "`pow` | x₀ < 0 or −0, by x₁",
    "`pow` | a power or its product with ln x₀ that overflows",
    "`hypot`, `atan2` | the origin",
    "`hypot` | an operand of NaN",
    "`norm` | 0",
    "`std`, `std_axis` | equal elements",
    "`logsumexp` | all −∞",
    "`logsumexp` | an element of ∞",
    "`eigh` | equal eigenvalues",
    "`svd`, `singular_values` | equal singular values",
    "`svd`, `singular_values` | 0 up to rounding",
    "`qr` | dependent columns",
    "`select` | –",
    "any | 0·∞ in the chain rule",
    "`matmul` | 0·∞ among its products",
];

#[test]
fn every_row_of_the_table_is_covered() {
    let source = include_str!("../../autodiff/src/algebra/function/kinks.rs");
    let lines = source.lines().filter_map(|line| line.strip_prefix("//! | ")).skip(1);
    let keys: Vec<String> = lines.map(|line| line.splitn(3, " | ").take(2).collect::<Vec<_>>().join(" | ")).collect();
    assert_eq!(keys, COVERED);
}

#[test]
fn derivatives_of_relu_and_abs_at_zero_are_zero() {
    kink!([0.0, 0.0], 0.0, |x| x.relu());
    kink!([0.0, 0.0], -0.0, |x| x.relu());
    kink!([0.0, 0.0], 0.0, |x| x.abs());
    kink!([0.0, 0.0], -0.0, |x| x.abs());
    kink!([0.0, 0.0], 0.0, |x| x.relu() * x.exp());
}

#[test]
fn activations_at_negative_infinity_have_their_limits() {
    let x = f64::NEG_INFINITY;
    assert_eq!((x.leaky_relu(0.0), x.leaky_relu(0.1), x.gelu(), x.silu()), (0.0, x, 0.0, 0.0));
    assert_eq!([x.abs().leaky_relu(0.0), x.abs().gelu(), x.abs().silu()], [f64::INFINITY; 3]);
}

#[test]
fn derivatives_of_leaky_relu_and_elu_at_zero_are_alpha() {
    kink!([0.25, 0.0], 0.0, |x| x.leaky_relu(0.25));
    kink!([0.0, 0.0], 0.0, |x| x.leaky_relu(0.0));
    kink!([1.5, 1.5], 0.0, |x| x.elu(1.5));
    kink!([1.5, 1.5], -0.0, |x| x.elu(1.5));
}

#[test]
fn maximum_and_minimum_share_the_derivative_at_a_tie() {
    kink!([0.5, 0.0], 3.0, |x| x.maximum(x.full_like(3.0)));
    kink!([0.5, 0.0], 3.0, |x| x.full_like(3.0).maximum(x));
    kink!([0.5, 0.0], 3.0, |x| x.minimum(x.full_like(3.0)));
    kink!([1.0, 0.0], 3.0, |x| x.maximum(x));
    kink!([1.0, 0.0], 3.0, |x| x.minimum(x));
    // At the tie both slopes, 2x and 4, are 4. The second derivative is half that of x².
    kink!([4.0, 1.0], 2.0, |x| x.square().maximum(x.scale(4.0).shift(-4.0)));
}

#[test]
fn derivative_of_the_remainder_by_its_divisor_is_whole() {
    assert_eq!(grad(&0.4699, |b| b.constant(3174.7041).rem(b)), -6756.0);
    for i in 1..2000 {
        let (a, b) = (f64::from(i) * 1.61803 - 1500.0, 0.37 + f64::from(i % 83) * 0.1357);
        assert_eq!(grad(&b, |b| b.constant(a).rem(b)), -(a / b).trunc(), "{a} % {b}");
    }
}

#[test]
fn derivative_of_the_remainder_at_a_whole_quotient_is_that_of_its_branch() {
    kink!([1.0, 0.0], 6.0, |x| x.rem(x.full_like(3.0)));
    kink!([-2.0, 0.0], 3.0, |x| x.full_like(6.0).rem(x));
}

#[test]
fn clamp_has_derivative_one_at_infinite_bounds() {
    let infinity = f64::INFINITY;
    assert_eq!(grad(&infinity, |x| x.clamp_max(infinity)), 1.0);
    assert_eq!(grad(&-infinity, |x| x.clamp_min(-infinity)), 1.0);
    assert_eq!(grad(&f32::INFINITY, |x| x.clamp_max(1e300)), 1.0); // a bound that is infinite in `f32`
    assert!(grad(&f64::NAN, |x| x.clamp_max(infinity)) == 0.0);
}

#[test]
fn clamp_has_derivative_one_at_its_bounds() {
    kink!([1.0, 0.0], 3.0, |x| x.clamp_min(3.0));
    kink!([1.0, 0.0], 3.0, |x| x.clamp_max(3.0));
    kink!([1.0, 0.0], 3.0, |x| x.clamp(3.0, 5.0));
    kink!([1.0, 0.0], 5.0, |x| x.clamp(3.0, 5.0));
    kink!([0.0, 0.0], 6.0, |x| x.clamp(3.0, 5.0));
}

#[test]
fn first_of_equal_extremes_receives_the_whole_derivative() {
    let x = Tensor::from([1.0, 5.0, 5.0, 1.0]);
    for mode in [Mode::Forward, Mode::Reverse] {
        assert_eq!(jacobian_by(mode, &x, |x| x.max()).to_vec(), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(jacobian_by(mode, &x, |x| x.min_axis(0)).to_vec(), [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(jacobian_by(mode, &x, |x| x.max().square().grad([x])[0])[[1, 1]], 2.0);
    }
    assert_eq!(hessian(&x, |x| x.max()), Tensor::zeros([4, 4]));
}

#[test]
fn first_of_equal_elements_of_a_window_receives_the_whole_derivative() {
    let x = Tensor::from([1.0, 5.0, 5.0, 1.0]);
    let image = x.reshape([2, 2]);
    for mode in [Mode::Forward, Mode::Reverse] {
        let running = jacobian_by(mode, &x, |x| x.cummax(0));
        assert_eq!(running.sum_axis(0).to_vec(), [1.0, 3.0, 0.0, 0.0]);
        let windows = jacobian_by(mode, &x, |x| x.max_pool1d(3, Window::default()));
        assert_eq!(windows.sum_axis(0).to_vec(), [0.0, 2.0, 0.0, 0.0]);
        let of_image = jacobian_by(mode, &image, |x| x.max_pool2d([2, 2], Window::default()));
        assert_eq!(of_image.to_vec(), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(jacobian_by(mode, &x, |x| x.cummax(0).square().sum().grad([x])[0])[[1, 1]], 6.0);
    }
    assert_eq!(hessian(&x, |x| x.cummax(0).sum()), Tensor::zeros([4, 4]));
}

#[test]
fn derivatives_of_logit_at_the_ends_of_its_domain_are_the_limits_from_inside() {
    for zero in [0.0, -0.0] {
        kink!([INF, -INF], zero, |x| x.logit());
    }
    kink!([INF, INF], 1.0, |x| x.logit());
}

#[test]
fn derivatives_of_the_gamma_function_at_poles_are_the_limits_from_the_right() {
    for pole in [0.0, -1.0, -2.0] {
        kink!([-INF, INF], pole, |x| x.lgamma());
        kink!([INF, -INF], pole, |x| x.digamma());
        kink!([-INF, INF], pole, |x| x.polygamma(1) + x * 0.0);
    }
    kink!([INF, INF], -0.0, |x| x.lgamma());
}

#[test]
fn derivatives_of_sinc_at_infinity_are_zero() {
    kink!([0.0, 0.0], INF, |x| x.sinc());
    kink!([0.0, 0.0], -INF, |x| x.sinc());
}

#[test]
fn derivatives_of_xlogy_at_zero_are_the_limits() {
    for zero in [0.0, -0.0] {
        assert_eq!(Math::xlogy(&zero, zero), 0.0);
        kink!([-INF, 0.0], zero, |x| x.xlogy(x.full_like(0.0)));
        kink!([0.0, 0.0], zero, |x| x.full_like(0.0).xlogy(x));
        kink!([INF, -INF], zero, |x| x.full_like(2.0).xlogy(x));
        kink!([INF, 0.0], zero, |x| x.xlogy(x.full_like(INF)));
        let mixed = hessian(&Tensor::from([zero, 0.0]), |x| x.index_axis(0, 0).xlogy(x.index_axis(0, 1)));
        assert_eq!(mixed.to_vec(), [0.0, INF, INF, 0.0]);
    }
}

#[test]
fn xlogy_of_a_negative_number_is_nan() {
    for x in [0f64, 2.0] {
        assert!(x.xlogy(-1.0).is_nan());
        assert!(derivatives!(x, |x| x.xlogy(x.full_like(-1.0))).iter().all(|[first, _]| first.is_nan()));
    }
    assert!(0f64.xlogy(f64::NAN).is_nan() && f64::NAN.xlogy(1.0).is_nan());
    kink!([INF, 0.0], 2.0, |x| x.xlogy(x.full_like(INF)));
}

#[test]
fn equal_infinities_share_the_derivative_of_logaddexp() {
    for infinity in [INF, -INF] {
        assert_eq!(Math::logaddexp(&infinity, infinity), infinity);
        kink!([0.5, 0.0], infinity, |x| x.logaddexp(x.full_like(infinity)));
        kink!([0.5, 0.0], infinity, |x| x.full_like(infinity).logaddexp(x));
        kink!([1.0, 0.0], infinity, |x| x.logaddexp(x));
    }
    kink!([1.0, 0.0], INF, |x| x.logaddexp(x.full_like(2.0)));
    kink!([0.0, 0.0], -INF, |x| x.logaddexp(x.full_like(2.0)));
    kink!([1.0, 0.0], 2.0, |x| x.logaddexp(x.full_like(-INF)));
    kink!([0.5, 0.25], 2.0, |x| x.logaddexp(x.full_like(2.0)));
}

#[test]
fn piecewise_constant_functions_are_unconnected_with_their_input() {
    for at in [0.0, -0.0, 0.5, 2.0] {
        kink!([0.0, 0.0], at, |x| x.sign());
        kink!([0.0, 0.0], at, |x| x.step());
        kink!([0.0, 0.0], at, |x| x.floor());
        kink!([0.0, 0.0], at, |x| x.greater(x.full_like(0.5)));
        kink!([0.0, 0.0], at, |x| x.equal(x));
    }
    let tape = Tape::new();
    let x = tape.variable(2.0);
    for y in [x.sign(), x.step(), x.floor(), x.greater(x), x.equal(x)] {
        assert!(y.grad([x])[0].is_unconnected());
    }
}

#[test]
fn derivatives_of_roots_at_zero_are_infinite() {
    kink!([INF, -INF], 0.0, |x| x.sqrt());
    kink!([INF, -INF], 0.0, |x| x.powf(0.5));
    kink!([INF, -INF], -0.0, |x| x.sqrt());
    kink!([INF, -INF], 0.0, |x| x.powf(0.25));
    // The second derivative is −∞ on the right and ∞ on the left.
    kink!([INF, -INF], 0.0, |x| x.cbrt());
    kink!([INF, INF], -0.0, |x| x.cbrt());
}

#[test]
fn derivatives_at_the_edge_of_a_domain_are_the_limits_from_inside() {
    for zero in [0.0, -0.0] {
        kink!([INF, -INF], zero, |x| x.ln());
        kink!([INF, -INF], zero, |x| x.log2());
        kink!([INF, -INF], zero, |x| x.log10());
    }
    kink!([-INF, INF], 0.0, |x| x.recip());
    kink!([-INF, -INF], -0.0, |x| x.recip());
    kink!([-INF, INF], 0.0, |x| x.full_like(2.0) / x);
    for (at, second) in [(1.0, INF), (-1.0, -INF)] {
        kink!([INF, second], at, |x| x.asin());
        kink!([INF, second], at, |x| x.atanh());
        kink!([-INF, -second], at, |x| x.acos());
    }
    kink!([INF, -INF], 1.0, |x| x.acosh());
}

/// The third derivatives of functions with an infinite slope: a rule that is right at two orders may fail at the next.
#[test]
fn third_derivatives_at_infinite_slopes_have_the_signs_of_the_limits() {
    macro_rules! third {
        ($at:expr, |$x:ident| $y:expr) => {{
            let $x = Dual::new($at, 1.0);
            let $x = Dual::new($x, Dual::constant(1.0));
            let $x = Dual::new($x, Dual::constant(Dual::constant(1.0)));
            $y.tangent().tangent().tangent()
        }};
    }
    assert_eq!(third!(0.0, |x| x.sqrt()), INF);
    assert_eq!(third!(0.0, |x| x.ln()), INF);
    assert_eq!(third!(0.0, |x| x.recip()), -INF);
    assert_eq!([third!(0.0, |x| x.cbrt()), third!(-0.0, |x| x.cbrt())], [INF, INF]);
    assert_eq!(third!(1.0, |x| x.acosh()), INF);
    assert_eq!([third!(1.0, |x| x.asin()), third!(-1.0, |x| x.asin())], [INF, INF]);
    assert_eq!([third!(1.0, |x| x.acos()), third!(-1.0, |x| x.acos())], [-INF, -INF]);
    assert_eq!([third!(1.0, |x| x.atanh()), third!(-1.0, |x| x.atanh())], [INF, INF]);
}

#[test]
fn power_with_exponent_zero_is_constant() {
    for at in [0.0, 2.0, -1.0] {
        kink!([0.0, 0.0], at, |x| x.powi(0));
        kink!([0.0, 0.0], at, |x| x.powf(0.0));
        kink!([0.0, 0.0], at, |x| x.pow(x.full_like(0.0)));
    }
    kink!([1.0, 0.0], 0.0, |x| x.powi(1));
    kink!([1.0, 0.0], 0.0, |x| x.powf(1.0));
    kink!([0.0, 2.0], 0.0, |x| x.powi(2));
    kink!([0.0, 2.0], 0.0, |x| x.powf(2.0));
    kink!([0.0, 2.0], 0.0, |x| x.pow(x.full_like(2.0)));
}

#[test]
fn derivative_of_a_power_of_zero_by_its_exponent_is_zero() {
    kink!([0.0, 0.0], 2.0, |x| x.full_like(0.0).pow(x));
    kink!([0.0, 0.0], 0.5, |x| x.full_like(0.0).pow(x));
}

fn power(x: Var<'_, Tensor<f64>>) -> Var<'_, Tensor<f64>> {
    x.index_axis(0, 0).pow(x.index_axis(0, 1))
}

/// ∂ᵃ∂ᵇ x₀^x₁ at (0, ½): x₀^−½·(1 + ½·ln x₀) goes to −∞ in either order.
#[test]
fn hessian_of_a_power_of_zero_is_symmetric() {
    let at = |exponent: f64| hessian(&Tensor::from([0.0, exponent]), power).to_vec();
    assert_eq!(at(0.5), [-INF, -INF, -INF, 0.0]);
    assert_eq!(at(1.0), [0.0, -INF, -INF, 0.0]);
    assert_eq!(at(2.0), [2.0, 0.0, 0.0, 0.0]);
    kink!([0.0, 0.0], 0.5, |x| x.full_like(0.0).pow(x));
}

#[test]
fn derivative_of_a_power_of_a_negative_number_by_its_exponent_is_nan() {
    assert!(derivatives!(2.0, |x| x.full_like(-3.0).pow(x)).iter().flatten().all(|y| y.is_nan()));
}

/// The law of symmetry needs a finite power: x₀^x₁·ln x₀ holds an infinite one as a factor.
#[test]
fn mixed_derivatives_of_an_overflowing_power_are_not_finite() {
    assert!(hessian(&Tensor::from([1e154, 3.0]), power).to_vec()[3].is_infinite());
}

#[test]
fn derivatives_of_hypot_and_atan2_at_the_origin_are_zero() {
    kink!([0.0, 0.0], 0.0, |x| x.atan2(x.full_like(0.0)));
    kink!([0.0, 0.0], 0.0, |x| x.full_like(0.0).atan2(x));
    kink!([0.0, 0.0], 0.0, |x| x.hypot(x.full_like(0.0)));
    kink!([0.0, 0.0], 0.0, |x| x.hypot(x));
}

#[test]
fn derivatives_of_hypot_beside_nan_are_nan() {
    for other in [0.0, 1.0, INF] {
        let x = Tensor::from([other, f64::NAN]);
        for mode in [Mode::Forward, Mode::Reverse] {
            let slopes = jacobian_by(mode, &x, |x| x.index_axis(0, 0).hypot(x.index_axis(0, 1)));
            assert!(slopes.iter().all(|slope| slope.is_nan()), "{other}");
        }
    }
}

#[test]
fn derivatives_of_a_norm_at_zero_are_zero() {
    kink!([0.0, 0.0], 0.0, |x| x.norm());
    kink!([0.0, 0.0], 0.0, |x| x.norm() * x.exp());
    // PyTorch's functorch issue 1097: the Hessian of a norm at 0 was NaN.
    let zero = Tensor::<f64>::zeros([2, 3]);
    assert_eq!(hessian(&zero, |x| x.norm()), Tensor::zeros([2, 3, 2, 3]));
    assert_eq!(hessian(&zero, |x| x.norm_axis(1).sum()), Tensor::zeros([2, 3, 2, 3]));
    let mixed = Tensor::from([[0.0, 0.0], [3.0, 4.0]]);
    let slopes = grad(&mixed, |x| x.norm_axis(1).sum());
    autodiff::assert_close(&slopes, &Tensor::from([[0.0, 0.0], [0.6, 0.8]]), 1e-15);
}

#[test]
fn standard_deviation_of_equal_elements_and_its_derivatives_are_zero() {
    // The sum of ten times 0.1 is rounded, and so is the mean.
    for (x, n) in [(2.0, 3), (0.1, 10), (-1e300, 7), (1e-310, 10)] {
        let equal = Tensor::full([n], x);
        assert_eq!(equal.std(0).item(), 0.0);
        assert_eq!(grad(&equal, |x| x.std(0)), Tensor::zeros([n]));
        assert_eq!(hessian(&equal, |x| x.std(0)), Tensor::zeros([n, n]));
        assert_eq!(hessian(&equal, |x| x.std_axis(0, 1)), Tensor::zeros([n, n]));
        assert_eq!(jvp(&equal, &Tensor::ones([n]), |x| x.std(0)).1.item(), 0.0);
    }
    // Beside a row with deviations, and with a single deviation of one unit in the last place.
    let rows =
        Tensor::from([[0.1; 10], std::array::from_fn(|i| 0.1 + f64::from(u8::from(i == 3)) * f64::EPSILON / 16.0)]);
    let std = rows.std_axis(1, 0).to_vec();
    assert_eq!(std[0], 0.0);
    let ulp = rows.at([1, 3]).item() - 0.1;
    assert!(ulp > 0.0 && (std[1] / (ulp * 0.3) - 1.0).abs() < 1e-12, "{} {ulp}", std[1]);
}

#[test]
fn infinite_element_is_the_whole_logsumexp() {
    for mode in [Mode::Forward, Mode::Reverse] {
        let slopes = |x: [f64; 3]| jacobian_by(mode, &Tensor::from(x), |x| x.logsumexp(0)).to_vec();
        assert_eq!(slopes([0.0, INF, 1.0]), [0.0, 1.0, 0.0]);
        assert_eq!(slopes([INF, INF, 1.0]), [1.0, 0.0, 0.0]);
        assert!(slopes([f64::NAN, INF, 1.0]).iter().any(|x| x.is_nan()));
    }
    let rows = Tensor::from([[INF, 0.0], [1.0, 1.0]]);
    assert_eq!(rows.logsumexp(1).to_vec(), [INF, 1.0 + 2f64.ln()]);
    assert_eq!(grad(&rows, |x| x.logsumexp(1).sum()).to_vec(), [1.0, 0.0, 0.5, 0.5]);
}

/// A value of NaN must not hide behind a derivative of 0.
#[test]
fn derivatives_of_a_softmax_without_a_finite_peak_are_nan() {
    for x in [[-INF, -INF], [INF, 0.0], [INF, INF]].map(Tensor::from) {
        assert!(x.softmax(0).iter().all(|x| x.is_nan()), "{x:?}");
        for mode in [Mode::Forward, Mode::Reverse] {
            assert!(jacobian_by(mode, &x, |x| x.softmax(0)).sum_axis(1).iter().all(|x| x.is_nan()), "{x:?}");
        }
    }
}

#[test]
fn logsumexp_of_negative_infinities_has_derivative_zero() {
    let empty_sum = Tensor::from([-INF, -INF]);
    assert_eq!(empty_sum.logsumexp(0).item(), -INF);
    for mode in [Mode::Forward, Mode::Reverse] {
        assert_eq!(jacobian_by(mode, &empty_sum, |x| x.logsumexp(0)).to_vec(), [0.0, 0.0]);
    }
    let masked = Tensor::from([0.0, -INF, 0.0]);
    for mode in [Mode::Forward, Mode::Reverse] {
        assert_eq!(jacobian_by(mode, &masked, |x| x.logsumexp(0)).to_vec(), [0.5, 0.0, 0.5]);
        assert!(jacobian_by(mode, &masked, |x| x.softmax(0)).iter().all(f64::is_finite));
    }
    assert!(hessian(&masked, |x| x.logsumexp(0)).iter().all(f64::is_finite));
}

/// JAX issue 347: a `where` around a singular branch gave NaN.
#[test]
fn branch_not_selected_has_no_influence() {
    let zero = 0.0;
    kink!([0.0, 0.0], zero, |x| x.greater(x.full_like(0.0)).select(&x.sqrt(), &x.full_like(0.0)));
    kink!([2.0, 0.0], zero, |x| x.equal(x.full_like(0.0)).select(&x.scale(2.0), &x.recip()));
    kink!([0.0, 2.0], zero, |x| x.equal(x.full_like(0.0)).select(&x.square(), &(x.sin() / x)));
    kink!([1.0, 0.0], -1.0, |x| x.greater(x.full_like(0.0)).select(&x.ln(), &x));
    kink!([1.0, 1.0], 0.0, |x| x.greater(x.full_like(0.5)).select(&(x.ln() * x.sqrt().recip()), &x.exp()));
}

#[test]
fn zero_times_infinity_in_the_chain_rule_is_zero() {
    kink!([0.0, 0.0], 0.0, |x| x.sqrt() * 0.0);
    kink!([0.0, 0.0], 0.0, |x| x.sqrt().detach() * x.full_like(1.0));
    kink!([0.0, 0.0], 0.0, |x| x.sqrt().relu());
    kink!([0.0, 0.0], 0.0, |x| x.ln().sigmoid() * 0.0);
}

/// A matrix product adds plain products, so 0·∞ is NaN inside it. Singular operands must be masked before the product,
/// as in the second half of this test.
#[test]
fn matrix_product_of_zero_and_infinity_is_nan() {
    let (x, w) = (Tensor::from([[0.0, 1.0]]), Tensor::from([[0.5], [2.0]]));
    let around = grad(&w, |w: Var<'_, Tensor<f64>>| {
        let y = w.constant(x.ln()).matmul(w);
        y.greater(y.full_like(-INF)).select(&y, &y.full_like(0.0)).sum()
    });
    assert!(around[[0, 0]].is_nan());
    for mode in [Mode::Forward, Mode::Reverse] {
        let inside = jacobian_by(mode, &x, |x| {
            let positive = x.greater(x.full_like(0.0));
            positive.select(&x.ln(), &x.full_like(0.0)).matmul(x.constant(w.clone()))
        });
        assert_eq!(inside.to_vec(), [0.0, 2.0]);
    }
}
