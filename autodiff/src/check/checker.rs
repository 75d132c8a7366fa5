//! The check as a whole: is the function deterministic, do its derivatives agree, and if not, why?

use super::case::Case;
use super::compare::{compare_all, failure};
use super::explain;
use super::failure::{Failure, Finding, Report};
use crate::algebra::Reading;
use crate::array::Number;
use crate::tape::Tape;

/// Checks a function. A failure states its cause.
#[track_caller]
pub(super) fn check<V: Reading>(case: &Case<'_, V>) -> Result<Report, Box<Failure>> {
    assert!(!case.x.is_empty(), "check_grads: the function has no inputs");
    assert!(case.options.order > 0, "check_grads: the order must be at least 1");
    assert!(case.options.directions > 0, "check_grads: at least one direction is needed");
    assert!(!case.options.modes.is_empty(), "check_grads: at least one mode is needed");
    is_deterministic(case)?;
    compare_all(case).map_err(|mut failure| {
        failure.cause = explain::cause(case, &failure);
        failure
    })
}

#[track_caller]
fn is_deterministic<V: Reading>(case: &Case<'_, V>) -> Result<(), Box<Failure>> {
    let [a, b] = [value(case), value(case)];
    match a.to_bits() == b.to_bits() {
        true => Ok(()),
        false => Err(failure(0, None, Finding::NotAFunction([a, b]))),
    }
}

/// The value of the function, reduced to a number.
#[track_caller]
fn value<V: Reading>(case: &Case<'_, V>) -> f64 {
    let tape = Tape::new();
    let run = case.run(&tape, case.x);
    run.weighted_sum(&mut case.weights_rng(0)).item().to_f64()
}
