//! The accuracy that `autodiff::accuracy` states for each pointwise function: values, first and second derivatives, in
//! `f64` and `f32`, for numbers and for tensors, by several methods, against golden values from mpmath (`golden.py`).

use autodiff::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A line of the golden values: a point, and there the value and the first three derivatives.
struct Golden {
    name: &'static str,
    /// The variable that is differentiated, and for a function of two the other one.
    x: f64,
    other: f64,
    orders: [f64; 4],
}

fn golden() -> Vec<Golden> {
    let line = |line: &'static str| {
        let (name, numbers) = line.split_once(' ').expect("a line has numbers");
        let numbers: Vec<f64> = numbers.split(' ').map(|x| x.parse().expect("a number")).collect();
        let (point, orders) = numbers.split_at(numbers.len() - 4);
        let (x, other) = if name.ends_with(".y") { (point[1], point[0]) } else { (point[0], point[point.len() - 1]) };
        Golden { name, x, other, orders: orders.try_into().expect("four orders") }
    };
    include_str!("golden.txt").lines().map(line).collect()
}

/// The function of a line, of its variable and the other one.
fn call<V: Value>(name: &str, x: &V, other: &V) -> V {
    match name {
        "div_into" => x.div_into(1.5),
        "recip" => x.recip(),
        "square" => x.square(),
        "sqrt" => x.sqrt(),
        "cbrt" => x.cbrt(),
        "powi" => x.powi(3),
        "powi_negative" => x.powi(-2),
        "powf" => x.powf(0.75),
        "exp" => x.exp(),
        "expm1" => x.expm1(),
        "exp2" => x.exp2(),
        "ln" => x.ln(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "ln1p" => x.ln1p(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "sech_squared" => x.sech_squared(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "sigmoid" => x.sigmoid(),
        "softplus" => x.softplus(),
        "erf" => x.erf(),
        "erfc" => x.erfc(),
        "lgamma" => x.lgamma(),
        "digamma" => x.digamma(),
        "polygamma" => x.polygamma(2),
        "sinc" => x.sinc(),
        "logit" => x.logit(),
        "softsign" => x.softsign(),
        "gelu" => x.gelu(),
        "silu" => x.silu(),
        "div.x" => x.clone() / other,
        "div.y" => other.clone() / x,
        "pow.x" => x.pow(other),
        "pow.y" => other.pow(x),
        "atan2.x" => x.atan2(other),
        "atan2.y" => other.atan2(x),
        "hypot.x" => x.hypot(other),
        "hypot.y" => other.hypot(x),
        "logaddexp.x" => x.logaddexp(other),
        "logaddexp.y" => other.logaddexp(x),
        "xlogy.x" => x.xlogy(other),
        "xlogy.y" => other.xlogy(x),
        _ => panic!("{name} has golden values but no function"),
    }
}

/// The value and two derivatives at one point, by each method.
fn computed<T: Element>(line: &Golden) -> Vec<(&'static str, [T; 3])> {
    let [x, other] = [line.x, line.other].map(T::from_f64);
    let numbers = {
        let tape = Tape::new();
        let v = tape.variable(x);
        let y = call(line.name, &v, &tape.constant(other));
        let [first] = y.grad([v]);
        [y.value(), first.value(), first.grad([v])[0].value()]
    };
    let tensors = {
        let tape = Tape::new();
        let v = tape.variable(Tensor::from(vec![x; 9]));
        let y = call(line.name, &v, &tape.constant(Tensor::from(vec![other; 9])));
        let [first] = y.sum().grad([v]);
        let [second] = first.sum().grad([v]);
        [y.value(), first.value(), second.value()].map(|y| y[[8]])
    };
    let forward = {
        let at = Dual::new(Dual::new(x, T::from_f64(1.0)), Dual::constant(T::from_f64(1.0)));
        let y = call(line.name, &at, &Dual::constant(Dual::constant(other)));
        [y.x.x, y.tangent().x, y.tangent().tangent()]
    };
    let forward_over_reverse = {
        let (x, other) = (Tensor::from(vec![x; 9]), Tensor::from(vec![other; 9]));
        let value = call(line.name, &x, &other);
        let first = grad(&x, |x| call(line.name, &x, &x.lift(&other)).sum());
        let second = hvp(&x, &Tensor::ones([9]), |x| call(line.name, &x, &x.lift(&other)).sum());
        [value, first, second].map(|y| y[[8]])
    };
    vec![
        ("numbers", numbers),
        ("tensors", tensors),
        ("dual numbers", forward),
        ("forward over reverse", forward_over_reverse),
    ]
}

/// The page that states the bounds, and its table: function → units at orders 0, 1 and 2.
const PAGE: &str = include_str!("../../../autodiff/src/algebra/function/accuracy.rs");

fn bounds() -> BTreeMap<&'static str, [f64; 3]> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let parse = |row: &'static str| {
        let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
        let [names, units @ ..] = &cells[..] else { panic!("a row has cells: {row}") };
        let units = std::array::from_fn(|order| units[order].parse().expect("a number of units"));
        names.split(", ").map(move |name| (name.trim_matches('`'), units)).collect::<Vec<_>>()
    };
    rows.flat_map(parse).collect()
}

/// The functions whose value, too, has the change by a rounding of x in its unit.
const CONDITIONED: [&str; 4] = ["gelu", "lgamma", "digamma", "polygamma"];

/// The points at which a result of `T` is further from the exact one than the table allows.
fn broken<T: Element>(epsilon: f64, smallest: f64, largest: f64) -> Vec<String> {
    let (bounds, mut broken) = (bounds(), Vec::new());
    for line in golden() {
        let name = line.name.split('.').next().expect("a name").trim_end_matches("_negative");
        let bounds = bounds.get(name).unwrap_or_else(|| panic!("{name} has no row in the table of accuracies"));
        for (method, found) in computed::<T>(&line) {
            for (order, found) in found.into_iter().enumerate().filter(|(order, _)| line.orders[*order].abs() < largest)
            {
                let (found, expected) = (found.to_f64(), line.orders[order]);
                let moved = if order > 0 || CONDITIONED.contains(&name) {
                    (line.x * line.orders[order + 1]).abs()
                } else {
                    0.0
                };
                let allowed = bounds[order] * epsilon * (expected.abs() + moved) + smallest;
                // `<`, because an infinite tolerance must not allow an infinite error.
                let near = (found - expected).abs() < allowed;
                if !near {
                    let units = (found - expected).abs() / (epsilon * (expected.abs() + moved));
                    let at = format!("{} at {:e} and {:e}, order {order}, by {method}", line.name, line.x, line.other);
                    broken.push(format!("{at}: {found:e}, not {expected:e}: {units:.1} units"));
                }
            }
        }
    }
    broken
}

#[test]
fn functions_and_two_derivatives_keep_the_stated_accuracy_in_double_precision() {
    let broken = broken::<f64>(f64::EPSILON, f64::MIN_POSITIVE, f64::MAX);
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn functions_and_two_derivatives_keep_the_stated_accuracy_in_single_precision() {
    let broken = broken::<f32>(f32::EPSILON.into(), f32::MIN_POSITIVE.into(), f32::MAX.into());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Every row of the table has golden values, and the page names every method of `Math`.
#[test]
fn every_pointwise_function_has_a_stated_accuracy() {
    let golden: BTreeSet<&str> = golden().iter().map(|line| line.name.split('.').next().expect("a name")).collect();
    let without: Vec<_> = bounds().into_keys().filter(|name| !golden.contains(name)).collect();
    assert!(without.is_empty(), "without golden values: {without:?}");
    let math = include_str!("../../../autodiff/src/algebra/function/math.rs");
    let body = math.split_once("pub trait Math").expect("the trait").1;
    let lines = body.lines().map(str::trim_start);
    let name = |line: &'static str| match (line.strip_prefix("fn "), line.split_once(" => ")) {
        (Some(line), _) => line.split('(').next(),
        (None, Some((name, _))) if !line.starts_with("//") => name.split('(').next(),
        _ => None,
    };
    let methods: BTreeSet<&str> = lines.filter_map(name).filter(|name| !name.starts_with("try_")).collect();
    assert!(methods.len() > 50, "only {} methods found: the search in the source is broken", methods.len());
    let missing: Vec<_> = methods.iter().filter(|name| !PAGE.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "without a stated accuracy: {missing:?}");
}
