//! The comparisons: each derivative by all methods, and with finite differences, order by order.

use super::Cause;
use super::case::{Case, Direction};
use super::differences::difference;
use super::failure::{Failure, Finding, Report};
use super::methods::{self, Method};
use crate::algebra::Reading;
use crate::tape::{Tape, Var};

/// Compares the derivatives of each order. Returns the first failure, without a cause.
pub(super) fn compare_all<V: Reading>(case: &Case<'_, V>) -> Result<Report, Box<Failure>> {
    let mut report = Report::default();
    for order in 1..=case.options.order {
        // At first order each input also moves alone, so that a small input is not lost among large ones. At higher
        // orders that would cost too much.
        let alone = (0..case.x.len()).filter(|_| order == 1 && case.x.len() > 1).map(Some);
        let together = std::iter::repeat_n(None, case.options.directions);
        for (n, input) in alone.chain(together).enumerate() {
            let stream = (order as u64) << 16 | n as u64;
            let found = compare(case, order, input, stream, &mut report);
            found.map_err(|finding| failure(order, input.map(|i| case.paths[i].clone()), finding))?;
        }
    }
    Ok(report)
}

pub(super) fn failure(order: usize, input: Option<String>, finding: Finding) -> Box<Failure> {
    Box::new(Failure { order, input, finding, cause: Cause::Unknown })
}

/// Compares one derivative along random directions.
fn compare<V: Reading>(
    case: &Case<'_, V>,
    order: usize,
    input: Option<usize>,
    stream: u64,
    report: &mut Report,
) -> Result<(), Finding> {
    let rng = &mut case.rng(stream);
    let v: Vec<Direction<V>> = (0..order).map(|_| restrict(input, case.random_direction(rng))).collect();
    let tape = Tape::traced();
    let run = case.run(&tape, case.x);
    let y = run.weighted_sum(&mut case.weights_rng(stream));
    check_finite("the value", y)?;
    let methods = methods::all(&run, y, &v, case.options.modes);
    let derivative = run.nested_derivative(y, &v, &vec![case.options.modes[0]; order]);
    if let Some(method) = methods.iter().find(|method| !method.derivative.value.is_finite()) {
        check_finite("the derivative", derivative)?;
        return Err(Finding::NotFinite { what: format!("the derivative by {}", method.name), site: None });
    }
    if let Some(site) = derivative.indeterminate_forms().into_iter().next() {
        return Err(Finding::Indeterminate(Box::new(site)));
    }
    methods_agree(case, order, &methods, report)?;
    agrees_with_difference(case, &methods[0], &v, stream, report)
}

/// The direction in which only the given input moves; if none is given, the direction itself.
fn restrict<V: Reading>(input: Option<usize>, v: Direction<V>) -> Direction<V> {
    let stays = |i| input.is_some_and(|input| input != i);
    v.into_iter().enumerate().map(|(i, v)| if stays(i) { v.full_like(0.0) } else { v }).collect()
}

fn check_finite<V: Reading>(what: &str, x: Var<'_, V>) -> Result<(), Finding> {
    match x.first_not_finite() {
        Some(site) => Err(Finding::NotFinite { what: what.into(), site: Some(Box::new(site)) }),
        None => Ok(()),
    }
}

fn methods_agree<V: Reading>(
    case: &Case<'_, V>,
    order: usize,
    methods: &[Method],
    report: &mut Report,
) -> Result<(), Finding> {
    let scale = methods.iter().map(|method| method.derivative.scale).fold(1.0, f64::max);
    let allowed = case.options.agreement::<V::Elem>(order) * scale;
    for method in &methods[1..] {
        let numbers = [methods[0].derivative.value, method.derivative.value];
        let apart = (numbers[0] - numbers[1]).abs();
        if apart > allowed {
            return Err(Finding::Methods { names: [methods[0].name.clone(), method.name.clone()], numbers, allowed });
        }
        report.comparisons += 1;
        report.methods = report.methods.max(apart / allowed);
    }
    Ok(())
}

fn agrees_with_difference<V: Reading>(
    case: &Case<'_, V>,
    method: &Method,
    v: &[Direction<V>],
    stream: u64,
    report: &mut Report,
) -> Result<(), Finding> {
    let difference = difference(case, v, stream);
    let (derivative, difference, error) = (method.derivative.value, difference.value, difference.error);
    if !difference.is_finite() {
        return Err(Finding::NotFinite { what: "the function one difference step away".into(), site: None });
    }
    let allowed = case.options.tolerance::<V::Elem>() * derivative.abs().max(difference.abs()) + error;
    let apart = (derivative - difference).abs();
    if apart > allowed {
        return Err(Finding::Difference { derivative, difference, allowed });
    }
    report.comparisons += 1;
    report.differences = report.differences.max(apart / allowed);
    Ok(())
}
