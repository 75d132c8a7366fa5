//! Indeterminate forms 0·∞ in derivatives: the report names each of them, and no guarded branch.

use autodiff::check::Finding;
use autodiff::prelude::*;

const INF: f64 = f64::INFINITY;

/// The operations in whose derivative 0 meets an infinite slope, at orders 1 to 3.
macro_rules! forms {
    ($at:expr, |$x:ident| $y:expr) => {{
        let tape = Tape::traced();
        let $x = tape.variable($at);
        let orders = (0..3).scan($y.sum(), |y, _| {
            *y = y.grad([$x])[0].sum();
            let name = |site: autodiff::Site| site.derivative_of.unwrap().split(' ').nth(2).unwrap().to_owned();
            let mut names: Vec<_> = y.indeterminate_forms().into_iter().map(name).collect();
            names.dedup();
            Some(names)
        });
        orders.collect::<Vec<_>>()
    }};
}

#[test]
fn report_names_each_operation_whose_infinite_slope_meets_a_slope_that_vanishes() {
    macro_rules! first_order {
        ($at:expr, |$x:ident| $y:expr, $names:expr) => {
            assert_eq!(forms!($at, |$x| $y)[0], $names, "{} at {}", stringify!($y), $at);
        };
    }
    first_order!(0.0, |x| x.sqrt().square(), ["sqrt"]);
    first_order!(0.0, |x| x.sqrt() * x.sqrt(), ["sqrt"]);
    first_order!(0.0, |x| x.ln().exp(), ["ln"]);
    first_order!(0.0, |x| x.cbrt().powi(3), ["cbrt"]);
    first_order!(0.0, |x| x.powf(0.5).square(), ["powf(0.5)"]);
    first_order!(0.0, |x| x.recip().recip(), ["recip"]);
    first_order!(1.0, |x| x.atanh().tanh(), ["atanh"]);
    first_order!(1.0, |x| x.acos().square(), ["acos"]);
    first_order!(0.0, |x| x.square().sqrt(), ["square"]);
    first_order!(Tensor::from([0.0, 1.0]), |x| x.sqrt().square(), ["sqrt"]);
    // The kink of `relu` is a zero that the input can change.
    first_order!(0.0, |x| x.relu().sqrt(), ["relu"]);
}

#[test]
fn report_finds_forms_that_arise_at_higher_orders_only() {
    // x^1.5 has the slope 1.5·√x, which vanishes at 0. The chain meets its infinite second derivative.
    assert_eq!(forms!(0.0, |x| x.powf(1.5).square()), [vec![], vec!["powf(1.5)"], vec!["powf(1.5)"]]);
}

#[test]
fn zero_without_influence_is_no_indeterminate_form() {
    macro_rules! none {
        ($at:expr, |$x:ident| $y:expr) => {
            assert_eq!(forms!($at, |$x| $y), [const { Vec::<String>::new() }; 3], "{} at {}", stringify!($y), $at);
        };
    }
    none!(0.0, |x| x.greater(x.full_like(0.0)).select(&(x.ln() * x.sqrt().recip()), &x.exp()));
    none!(0.0, |x| x.greater(x.full_like(0.0)).select(&x.sqrt().recip(), &x.square().neg()).neg().exp());
    none!(-1.0, |x| x.relu().sqrt());
    none!(-1.0, |x| x.clamp_min(0.0).ln().clamp_min(-5.0));
    none!(-1.0, |x| x.maximum(x.full_like(0.0)).sqrt());
    none!(0.0, |x| x.sqrt() * 0.0);
    none!(0.0, |x| x.sqrt() * x.full_like(0.0));
    none!(0.0, |x| x.sqrt().detach() * x);
    none!(Tensor::from([0.0, 4.0]), |x| x.sqrt().slice(0, 1, 2).square());
    none!(Tensor::from([0.0, 4.0]), |x| x.sqrt().take(0, &[1, 1]).square());
    none!(Tensor::from([4.0, 0.0]), |x| x.sqrt().max());
    // A matrix product whose whole row of cotangents has no influence.
    let w = Tensor::from([[1.0, 2.0], [3.0, -1.0]]);
    let mask = Tensor::from([[0.0, 0.0], [1.0, 1.0]]);
    none!(Tensor::from([[0.0, 0.0], [2.0, 1.0]]), |x| x.sqrt().matmul(x.constant(w.clone())).square() * &mask);
    none!(Tensor::from([[0.0, 0.0], [2.0, 1.0]]), |x| {
        let y = x.sqrt().matmul(x.constant(w.clone()));
        x.constant(mask.clone()).select(&y, &y.full_like(0.0)).square()
    });
}

#[test]
fn checker_says_that_a_derivative_is_indeterminate_and_names_the_operation() {
    let at_order = |x: f64, order, f: &dyn for<'t> Fn(Var<'t, f64>) -> Var<'t, f64>| {
        let failure = check_grads(&x, &Options::order(order), f).unwrap_err();
        let Finding::Indeterminate(site) = &failure.finding else { panic!("{failure}") };
        (failure.order, site.derivative_of.clone().unwrap())
    };
    // Each function is finite on both sides of the point, so that finite differences see no infinity.
    assert_eq!(at_order(0.0, 1, &|x| x.cbrt().powi(3)), (1, "%1 = cbrt %0 : []".into()));
    assert_eq!(at_order(0.0, 1, &|x| x.square().sqrt()), (1, "%1 = square %0 : []".into()));
    assert_eq!(at_order(0.0, 2, &|x| x.cbrt().powi(6)).0, 1);
    let failure = check_grads(&0.0, &Options::order(1), |x| x.cbrt().powi(3)).unwrap_err();
    assert!(failure.to_string().contains("indeterminate here: 0 meets an infinite slope"), "{failure}");
}

#[test]
fn squared_norm_has_the_right_derivatives_at_zero() {
    let zero = Tensor::<f64>::zeros([2]);
    assert_eq!(hessian(&zero, |x| x.norm_squared()), Tensor::from([[2.0, 0.0], [0.0, 2.0]]));
    assert_eq!(hessian(&zero, |x| x.norm_squared_axis(0)), Tensor::from([[2.0, 0.0], [0.0, 2.0]]));
    assert_eq!(forms!(zero.clone(), |x| x.norm_squared()), [const { Vec::<String>::new() }; 3]);
    assert!(Tensor::from([1e200, 0.0]).norm_squared().item() == INF);
}
